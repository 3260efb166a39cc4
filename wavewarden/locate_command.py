"""`wavewarden locate FILE`: reports as JSON lines in, emitters as GeoJSON out."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from shell.exits import Exit
from shell.settings import SettingsError, read_settings
from wavewarden.language import language, text
from wavewarden.refusals import told

if TYPE_CHECKING:
    from fusion.values import FiledReport, Rules

File = Annotated[Path, typer.Argument(metavar="FILE", help=text("cli.locate.file"))]
Sensors = Annotated[Path | None, typer.Option("--sensors", metavar="FILE", help=text("cli.locate.sensors"))]
LicenceFile = Annotated[Path | None, typer.Option("--licences", metavar="FILE", help=text("cli.licences"))]
Area = Annotated[str | None, typer.Option("--area", metavar="S,W,N,E", help=text("cli.locate.area"))]


class Surveyed(msgspec.Struct, frozen=True, kw_only=True):
    lat_deg: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    lon_deg: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    sigma_m: Annotated[float, msgspec.Meta(gt=0)] = 5.0
    height_m: float | None = None


class SensorPlaces(msgspec.Struct, frozen=True, kw_only=True):
    """Where sensors stand that do not say it themselves: [sensors.NAME]."""

    sensors: dict[str, Surveyed] = {}


class BadArea(SettingsError):
    def __init__(self, *, value: str) -> None:
        super().__init__(f"--area {value}: write south,west,north,east in degrees, such as 30.1,114.0,30.9,114.8")
        self.value = value


def locate(file: File, sensors: Sensors = None, licences: LicenceFile = None, area: Area = None) -> None:
    with told(language()):
        found = _run(file, sensors, licences, area)
    typer.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
    raise typer.Exit(int(Exit.DONE if found["features"] else Exit.NOTHING_HEARD))


def _run(file: Path, sensors: Path | None, licences: Path | None, area: str | None) -> dict[str, Any]:
    from dsp.signatures.licences import Licences
    from dsp.signatures.weights import Weights
    from fusion.locating import locate_all, world_of
    from fusion.values import Rules
    from shell.data import read_data
    from wavewarden.locate_features import features_of

    rules = Rules(
        licences=read_settings(licences, Licences) if licences else Licences(),
        area=None if area is None else _area(area),
        weights=read_data("weights.toml", Weights),
    )
    places = read_settings(sensors, SensorPlaces) if sensors else SensorPlaces()
    refused: list[str] = []
    reports = sorted(_reports(file, places, refused), key=lambda filed: (filed.received_utc_ns, filed.row))
    features = _features(reports, rules, features_of, locate_all, world_of)
    for sentence in refused[:10]:
        typer.echo(sentence, err=True)
    if len(refused) > 10:
        typer.echo(text("locate.more_refused", n=len(refused) - 10), err=True)
    if not features:
        typer.echo(text("locate.nothing", n=len(reports)), err=True)
    summary = {"reports": len(reports), "refused": len(refused)}
    return {"type": "FeatureCollection", "features": features, "wavewarden": summary}


def _features(
    reports: list["FiledReport"], rules: "Rules", features_of: Any, locate_all: Any, world_of: Any
) -> list[dict[str, Any]]:
    located = locate_all(world_of(reports, rules), rules)
    return [feature for each in located for feature in features_of(each)]


def _reports(file: Path, places: SensorPlaces, refused: list[str]) -> Iterator["FiledReport"]:
    """Every line that is a report; the others are told and counted, and cost nothing else."""
    from fusion.values import FiledReport
    from shell import words
    from wire.errors import WireError
    from wire.report_json import decode_line

    with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                said = decode_line(line)
            except WireError as error:
                why = words.explain(error, language())
                refused.append(text("locate.refused", file=file.name, line=number, why=why))
                continue
            report = _placed(said.report, places.sensors.get(said.sensor))
            received = said.received_utc_ns if said.received_utc_ns is not None else report.created_utc_ns
            yield FiledReport(row=number, sensor=said.sensor, received_utc_ns=received, report=report)


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


def _area(value: str) -> tuple[float, float, float, float]:
    try:
        south, west, north, east = (float(part) for part in value.split(","))
    except ValueError:
        raise BadArea(value=value) from None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        raise BadArea(value=value)
    return south, west, north, east


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.locate"))(locate)
