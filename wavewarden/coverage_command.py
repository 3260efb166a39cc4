"""`wavewarden coverage`: what sensors can hear and locate, as a picture or as GeoJSON, and where the next helps."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import typer

from shell.settings import SettingsError, read_settings
from wavewarden.language import language, text
from wavewarden.locate_command import area_of
from wavewarden.refusals import settings_of, told

if TYPE_CHECKING:
    from fusion.coverage import Coverage, Emission, Site

Positive = Annotated[float, msgspec.Meta(gt=0)]
EIRP_DBM = {"gsm": 40.0, "fm": 47.0}  # 10 W and 50 W
FREQ_MHZ = {"gsm": 945.0, "fm": 98.0}
HEIGHT_M = {"gsm": 3.0, "fm": 30.0}  # a car's roof, a house's roof
HOUSES_DB = {"gsm": 20.0, "fm": 10.0}
MOST_ADDED = 5


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """[sensors.NAME] of the file, or [kit]: what a further one would be."""

    lat_deg: Annotated[float, msgspec.Meta(ge=-90, le=90)] = 0.0
    lon_deg: Annotated[float, msgspec.Meta(ge=-180, le=180)] = 0.0
    sigma_m: Positive = 5.0
    height_m: Positive = 15.0  # of the antenna over ground
    floor_dbm: float = -103.0  # weakest carrier that it reports
    gain_sigma_db: Positive = 3.0
    timing_ns: Positive | None = 150.0  # one sigma of an arrival, echoes of a town included
    bearing_deg: Positive | None = None  # one sigma of a bearing


class Sensors(msgspec.Struct, frozen=True, kw_only=True):
    sensors: dict[str, Kit] = {}
    kit: Kit = Kit()


class NothingToCover(SettingsError):
    def __init__(self, *, file: str) -> None:
        super().__init__(f"{file} names no sensor with a place: write [sensors.NAME] with lat_deg and lon_deg")
        self.file = file


def coverage(
    area: Annotated[str, typer.Option("--area", metavar="S,W,N,E", help=text("cli.coverage.area"))],
    sensors: Annotated[
        Path | None, typer.Option("--sensors", metavar="FILE", help=text("cli.coverage.sensors"))
    ] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", help=text("cli.coverage.config"))] = None,
    service: Annotated[Literal["gsm", "fm"], typer.Option("--service", help=text("cli.coverage.service"))] = "gsm",
    mhz: Annotated[float | None, typer.Option("--mhz", min=20.0, max=6000.0, help=text("cli.coverage.mhz"))] = None,
    eirp: Annotated[float | None, typer.Option("--eirp", min=-20.0, max=90.0, help=text("cli.coverage.eirp"))] = None,
    houses: Annotated[
        float | None, typer.Option("--houses", min=0.0, max=60.0, help=text("cli.coverage.houses"))
    ] = None,
    add: Annotated[int, typer.Option("--add", min=0, max=MOST_ADDED, help=text("cli.coverage.add"))] = 0,
    out: Annotated[Path | None, typer.Option("--out", metavar="PNG|GEOJSON", help=text("cli.coverage.out"))] = None,
) -> None:
    from fusion.coverage import Emission
    from fusion.coverage import coverage as covered

    with told(language()):
        bounds = area_of(area)
        sites, kit = _sites(sensors, config)
        emission = Emission(
            service=service,
            freq_hz=(mhz or FREQ_MHZ[service]) * 1e6,
            eirp_dbm=EIRP_DBM[service] if eirp is None else eirp,
            height_m=HEIGHT_M[service],
            houses_db=HOUSES_DB[service] if houses is None else houses,
        )
        found = covered(sites, emission, bounds)
        _say(found, emission, len(sites))
        added: list[Site] = []
        for _ in range(add):
            found = _one_more([*sites, *added], added, emission, bounds, kit)
        if out is not None:
            _write(out, found, sites, added, emission)


def _one_more(
    sites: "Sequence[Site]", added: "list[Site]", emission: "Emission", bounds: Any, kit: "Site"
) -> "Coverage":
    """Puts the best further kit into `added`."""
    from dataclasses import replace

    from fusion.coverage import best_addition

    best, found = best_addition(sites, emission, bounds, kit=kit)
    added.append(replace(best, name=f"+{len(added) + 1}"))
    typer.echo(text("coverage.add", name=added[-1].name, lat=f"{best.lat_deg:.5f}", lon=f"{best.lon_deg:.5f}"))
    _say(found, emission, len(sites) + 1)
    return found


def _sites(sensors: Path | None, config: Path | None) -> "tuple[list[Site], Site]":
    """Those of the file, of the server, or both; and what a further one would be."""
    plan = read_settings(sensors, Sensors) if sensors else Sensors()
    places = {name: kit for name, kit in plan.sensors.items() if (kit.lat_deg, kit.lon_deg) != (0.0, 0.0)}
    if config is not None:
        places = {name: _at(plan.kit, *place) for name, place in _enrolled(config).items()} | places
    if not places:
        raise NothingToCover(file=str(sensors or config or "--sensors"))
    return [_site(name, kit) for name, kit in places.items()], _site("kit", plan.kit)


def _enrolled(config: Path) -> dict[str, tuple[float, float]]:
    """Where the server's sensors last said they are."""
    from server.settings import ServerSettings
    from server.store import open_store
    from server.web.read_sensors import list_sensors

    engine = open_store(settings_of(config, ServerSettings, program="server"))
    try:
        with engine.connect() as connection:
            seen = [s for s in list_sensors(connection) if s.revoked_utc_ns is None]
    finally:
        engine.dispose()
    return {s.name: (s.position.lat_deg, s.position.lon_deg) for s in seen if s.position is not None}


def _at(kit: Kit, lat_deg: float, lon_deg: float) -> Kit:
    return msgspec.structs.replace(kit, lat_deg=lat_deg, lon_deg=lon_deg)


def _site(name: str, kit: Kit) -> "Site":
    from fusion.coverage import Site

    values = {field: getattr(kit, field) for field in ("lat_deg", "lon_deg", "height_m", "floor_dbm", "gain_sigma_db")}
    return Site(name=name, timing_ns=kit.timing_ns, bearing_deg=kit.bearing_deg, **values)


def _say(found: "Coverage", emission: "Emission", count: int) -> None:
    from fusion.coverage import METHODS

    typer.echo(
        text(
            "coverage.heard",
            sensors=count,
            service=emission.service.upper(),
            mhz=f"{emission.freq_hz / 1e6:g}",
            eirp=f"{emission.eirp_dbm:g}",
            share=f"{found.heard_share:.0%}",
        )
    )
    for method in METHODS:
        usual = found.usual_m(method)
        said = text("coverage.nowhere") if usual == float("inf") else text("coverage.radius", metres=f"{usual:.0f}")
        typer.echo(f"  {text(f'coverage.method.{method}')}: {said}")


def _write(
    out: Path, found: "Coverage", sites: "Sequence[Site]", added: "Sequence[Site]", emission: "Emission"
) -> None:
    from wavewarden.coverage_picture import draw, features

    if out.suffix.lower() in (".geojson", ".json"):
        whole = {"type": "FeatureCollection", "features": features(found, [*sites, *added])}
        out.write_text(json.dumps(whole, ensure_ascii=False, allow_nan=False), encoding="utf-8")
    else:
        draw(out, found, sites, added, emission, language())
    typer.echo(text("coverage.written", file=out))


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.coverage"))(coverage)
