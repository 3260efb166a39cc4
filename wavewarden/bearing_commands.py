"""`wavewarden bearing`: a person's compass bearing, and the record of a KrakenSDR, as reports."""

import hashlib
import re
import secrets
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
import typer

from shell import words
from shell.exits import Exit
from shell.settings import SettingsError
from wavewarden.language import language, text
from wavewarden.refusals import settings_of, told

if TYPE_CHECKING:
    from hardware.krakensdr import Doa, Mounting
    from wire.report import Report

app = typer.Typer(help=text("cli.bearing"), no_args_is_help=True)
Mhz = Annotated[float, typer.Argument(min=0.5, max=6000.0, help=text("cli.bearing.mhz"))]
Azimuth = Annotated[float, typer.Argument(min=0.0, max=360.0, help=text("cli.bearing.azimuth"))]
At = Annotated[str, typer.Option("--at", metavar="LAT,LON", help=text("cli.bearing.at"))]
Declination = Annotated[
    float | None, typer.Option("--declination", min=-90.0, max=90.0, help=text("cli.bearing.declination"))
]
Sigma = Annotated[float | None, typer.Option("--sigma", min=0.1, max=90.0, help=text("cli.bearing.sigma"))]
Within = Annotated[float, typer.Option("--within", min=1.0, max=5000.0, help=text("cli.bearing.within"))]
By = Annotated[str, typer.Option("--by", help=text("cli.bearing.by"))]
Config = Annotated[Path | None, typer.Option("--config", "-c", help=text("cli.bearing.config"))]
Name = Annotated[str, typer.Argument(metavar="BOOT/SEQ", help=text("cli.bearing.name"))]
File = Annotated[Path, typer.Argument(metavar="FILE", help=text("cli.bearing.file"))]
Sensor = Annotated[str | None, typer.Option("--sensor", help=text("cli.bearing.sensor"))]
Heading = Annotated[float | None, typer.Option("--heading", help=text("cli.bearing.heading"))]
Turned = Annotated[float, typer.Option("--turned", help=text("cli.bearing.turned"))]
Counts = Annotated[
    Literal["auto", "clockwise", "counter_clockwise"], typer.Option("--counts", help=text("cli.bearing.counts"))
]
Linear = Annotated[bool, typer.Option("--linear", help=text("cli.bearing.linear"))]
CompassDeclination = Annotated[
    float,
    typer.Option("--compass-declination", min=-90.0, max=90.0, help=text("cli.bearing.compass_declination")),
]
ASKED_SIGMA_NS = 30 * 10**9  # from looking at the compass to having typed it in
SHOWN_REFUSALS = 10


class BadPlace(SettingsError):
    def __init__(self, *, value: str) -> None:
        super().__init__(words.say("error.BadPlace", "en", value=value))
        self.value = value


class BadBearingName(SettingsError):
    def __init__(self, *, value: str) -> None:
        super().__init__(words.say("error.BadBearingName", "en", value=value))
        self.value = value


@app.command(help=text("cli.bearing.add"))
def add(
    mhz: Mhz,
    azimuth: Azimuth,
    at: At,
    declination: Declination = None,
    sigma: Sigma = None,
    within: Within = 30.0,
    by: By = "person",
    config: Config = None,
) -> None:
    from sensor.reporting import software
    from wire.person import bearing_report

    with told(language()):
        lat_deg, lon_deg = _place(at)
        now_ns = time.time_ns()
        report = bearing_report(
            freq_hz=mhz * 1e6,
            azimuth_deg=azimuth + (declination or 0.0),
            sigma_deg=sigma,
            lat_deg=lat_deg,
            lon_deg=lon_deg,
            position_sigma_m=within,
            time_utc_ns=now_ns,
            time_sigma_ns=ASKED_SIGMA_NS,
            created_utc_ns=now_ns,
            created_monotonic_ns=time.monotonic_ns(),
            software=software(),
        )
        if config is None:
            boot = secrets.token_hex(16)
            typer.echo(_line(by, report, boot, 1))
            typer.echo(text("bearing.name", boot=boot, seq=1), err=True)
            return
        code, promised = _send(report, config)
        if code == Exit.DONE:
            azimuth_deg = report.bearings[0].azimuth_deg
            typer.echo(text("bearing.sent", mhz=f"{mhz:g}", azimuth=f"{azimuth_deg:.1f}"))
        typer.echo(text("bearing.name", boot=promised.boot, seq=promised.seq))
        raise typer.Exit(int(code))


@app.command(help=text("cli.bearing.withdraw"))
def withdraw(name: Name, by: By = "person", config: Config = None) -> None:
    from sensor.reporting import software
    from wire.person import withdrawal_report

    with told(language()):
        boot, seq = _named(name)
        report = withdrawal_report(
            sensor="",
            boot=boot,
            seq=seq,
            created_utc_ns=time.time_ns(),
            created_monotonic_ns=time.monotonic_ns(),
            software=software(),
        )
        if config is None:
            typer.echo(_line(by, report, secrets.token_hex(16), 1))
            return
        code, _ = _send(report, config)
        if code == Exit.DONE:
            typer.echo(text("bearing.withdrawn", boot=boot, seq=seq))
        raise typer.Exit(int(code))


@app.command(help=text("cli.bearing.read"))
def read(
    file: File,
    sensor: Sensor = None,
    heading: Heading = None,
    turned: Turned = 0.0,
    counts: Counts = "auto",
    linear: Linear = False,
    declination: CompassDeclination = 0.0,
) -> None:
    from hardware.krakensdr import Mounting

    mounting = Mounting(
        heading_deg=heading, turned_deg=turned, declination_deg=declination, counts=counts, linear=linear
    )
    with told(language()):
        reports, refused = _read(file, sensor, mounting)
    typer.echo(text("bearing.read", reports=reports, refused=refused), err=True)
    raise typer.Exit(int(Exit.DONE if reports else Exit.NOTHING_HEARD))


def _read(file: Path, sensor: str | None, mounting: "Mounting") -> tuple[int, int]:
    """Lines printed, lines left out."""
    from hardware.krakensdr import DoaRefused, read_line

    record = file.read_bytes()
    boot = hashlib.sha256(record).hexdigest()[:32]  # the same record is the same reports
    made = refused = 0
    for number, line in enumerate(record.decode("utf-8", "replace").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            doa = read_line(line, mounting)
        except DoaRefused as error:
            refused += 1
            if refused <= SHOWN_REFUSALS:
                why = words.explain(error, language())
                typer.echo(text("bearing.refused", file=file.name, line=number, why=why), err=True)
            continue
        made += 1
        typer.echo(_line(sensor or words.clean(doa.station) or "krakensdr", _recorded(doa), boot, made))
    return made, refused


def _recorded(doa: "Doa") -> "Report":
    from sensor.direction_finder import STAMP_SIGMA_NS, report_of
    from sensor.whereabouts import position_at
    from wire.report import PositionSource, TimeSource

    return report_of(
        [doa],
        time_utc_ns=doa.time_utc_ns,
        time_sigma_ns=STAMP_SIGMA_NS,
        time_source=TimeSource.RECORDING,
        created_utc_ns=doa.time_utc_ns,
        created_monotonic_ns=0,
        position=position_at(doa.place, PositionSource.GNSS),
        sigma_deg=None,
    )


def _line(sensor: str, report: "Report", boot: str, seq: int) -> str:
    from wire.report_json import ReportLine, encode_line

    return encode_line(ReportLine(sensor=sensor, report=msgspec.structs.replace(report, boot=boot, seq=seq))).decode()


def _place(value: str) -> tuple[float, float]:
    try:
        lat_deg, lon_deg = (float(part) for part in value.split(","))
    except ValueError:
        raise BadPlace(value=value) from None
    if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180) or (lat_deg, lon_deg) == (0.0, 0.0):
        raise BadPlace(value=value)
    return lat_deg, lon_deg


def _named(value: str) -> tuple[str, int]:
    """Raises BadBearingName."""
    found = re.fullmatch(r"([0-9a-f]{32})/([1-9][0-9]{0,17})", value.strip())
    if found is None:
        raise BadBearingName(value=value)
    return found[1], int(found[2])


def _send(report: "Report", config: Path) -> tuple[Exit, "Report"]:
    """Promised first, so that it is not lost when no server answers. Raises OutboxInUse while the sensor runs."""
    from contextlib import closing

    from sensor.drain import drain
    from sensor.outbox import Outbox
    from sensor.parts import outbox_path
    from sensor.settings import SensorSettings
    from wavewarden.sensor_commands import link_of

    plan = settings_of(config, SensorSettings, program="sensor")
    link, path = link_of(plan, config), outbox_path(plan)
    with closing(Outbox.open(path)) as outbox:
        promised = outbox.promise(report)
    code = drain(link, outbox_path=path, timeout_s=20.0)
    if code != Exit.DONE:
        typer.echo(text("bearing.waiting", outbox=path))
    return code, promised


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="bearing")
