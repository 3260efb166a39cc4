"""`wavewarden locate FILE`: reports and measurements as JSON lines in, emitters as GeoJSON out."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from shell.exits import Exit
from shell.settings import SettingsError, read_settings
from wavewarden.language import language, text
from wavewarden.refusals import told

if TYPE_CHECKING:
    from fusion.planner import Seeker
    from fusion.values import FiledReport
    from wavewarden.locate_lines import Record

File = Annotated[Path, typer.Argument(metavar="FILE", help=text("cli.locate.file"))]
Sensors = Annotated[Path | None, typer.Option("--sensors", metavar="FILE", help=text("cli.locate.sensors"))]
LicenceFile = Annotated[Path | None, typer.Option("--licences", metavar="FILE", help=text("cli.licences"))]
Plan = Annotated[str | None, typer.Option("--plan", metavar="LAT,LON", help=text("cli.locate.plan"))]
PlanBearings = Annotated[
    float | None, typer.Option("--plan-bearings", min=0.5, max=60.0, help=text("cli.locate.plan_bearings"))
]
RoadFile = Annotated[Path | None, typer.Option("--roads", metavar="FILE", help=text("cli.locate.roads"))]
Area = Annotated[str | None, typer.Option("--area", metavar="S,W,N,E", help=text("cli.locate.area"))]


class Surveyed(msgspec.Struct, frozen=True, kw_only=True):
    lat_deg: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon_deg: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    sigma_m: Annotated[float, msgspec.Meta(gt=0)] = 5.0
    height_m: float | None = None


class SensorPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Where fixed sensors stand: [sensors.NAME]. One that says it is a kilometre or more elsewhere is set aside."""

    sensors: dict[str, Surveyed] = {}


class BadArea(SettingsError):
    def __init__(self, *, value: str) -> None:
        super().__init__(f"--area {value}: write south,west,north,east in degrees, such as 30.1,114.0,30.9,114.8")
        self.value = value


class BadSeeker(SettingsError):
    def __init__(self, *, value: str) -> None:
        super().__init__(f"--plan {value}: write latitude,longitude of the vehicle in degrees, such as 30.57,104.07")
        self.value = value


def locate(
    file: File,
    sensors: Sensors = None,
    licences: LicenceFile = None,
    area: Area = None,
    plan: Plan = None,
    plan_bearings: PlanBearings = None,
    roads: RoadFile = None,
) -> None:
    with told(language()):
        seeker = None if plan is None else _seeker(plan, plan_bearings)
        found = _run(file, sensors, licences, area, seeker=seeker, roads=roads)
    typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
    raise typer.Exit(int(Exit.DONE if found["features"] else Exit.NOTHING_HEARD))


def _run(
    file: Path,
    sensors: Path | None,
    licences: Path | None,
    area: str | None,
    *,
    seeker: "Seeker | None",
    roads: Path | None,
) -> dict[str, Any]:
    from dsp.signatures.licences import Licences
    from dsp.signatures.weights import Weights
    from fusion.locating import locate_record
    from fusion.values import Rules
    from shell.data import read_data
    from wavewarden.locate_features import features_of
    from wavewarden.locate_lines import read_record
    from wavewarden.locate_plan import planned

    places = read_settings(sensors, SensorPlaces) if sensors else SensorPlaces()
    rules = Rules(
        licences=read_settings(licences, Licences) if licences else Licences(),
        area=None if area is None else area_of(area),
        weights=read_data("weights.toml", Weights),
        surveyed={name: (place.lat_deg, place.lon_deg) for name, place in places.sensors.items()},
    )
    record = read_record(file)
    reports = [_at_its_place(filed, places) for filed in record.reports]
    located = locate_record(reports, record.measured, rules)
    features = [feature for each in located for feature in features_of(each)]
    if seeker is not None:
        features += planned(located, rules, seeker, roads)
    _tell(record, features)
    summary = {"reports": len(reports), "measured": len(record.measured), "refused": len(record.refused)}
    return {"type": "FeatureCollection", "features": features, "wavewarden": summary}


def _tell(record: "Record", features: list[dict[str, Any]]) -> None:
    for sentence in record.refused[:10]:
        typer.echo(sentence, err=True)
    if len(record.refused) > 10:
        typer.echo(text("locate.more_refused", n=len(record.refused) - 10), err=True)
    if not features:
        typer.echo(text("locate.nothing", n=len(record.reports) + len(record.measured)), err=True)


def _at_its_place(filed: "FiledReport", places: SensorPlaces) -> "FiledReport":
    report = _placed(filed.report, places.sensors.get(filed.sensor))
    return msgspec.structs.replace(filed, report=report)


def _placed(report: Any, surveyed: Surveyed | None) -> Any:
    """The sensor's place from the file where the report has none."""
    from wire.report import Position, PositionSource

    if surveyed is None or report.position is not None:
        return report
    position = Position(
        lat_deg=surveyed.lat_deg,
        lon_deg=surveyed.lon_deg,
        sigma_m=surveyed.sigma_m,
        source=PositionSource.SURVEYED,
        height_m=surveyed.height_m,
    )
    return msgspec.structs.replace(report, position=position)


def _seeker(value: str, bearing_sigma_deg: float | None) -> "Seeker":
    from fusion.planner import Seeker

    try:
        lat_deg, lon_deg = (float(part) for part in value.split(","))
    except ValueError:
        raise BadSeeker(value=value) from None
    if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180) or (lat_deg, lon_deg) == (0.0, 0.0):
        raise BadSeeker(value=value)
    return Seeker(lat_deg, lon_deg, bearing_sigma_deg=bearing_sigma_deg)


def area_of(value: str) -> tuple[float, float, float, float]:
    try:
        south, west, north, east = (float(part) for part in value.split(","))
    except ValueError:
        raise BadArea(value=value) from None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise BadArea(value=value)
    return south, west, north, east


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.locate"))(locate)
