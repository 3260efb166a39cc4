"""`wavewarden licences expect`: a table, or JSON lines, of what should be heard at a place."""

import datetime
import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from dsp.signatures.expected import FARTHEST_M, LEAST_DBM, Expectation, Expected, Here, expected_stations
from dsp.signatures.licences import Licences
from shell import words
from shell.settings import SettingsError, read_settings
from shell.words import clean
from wavewarden.fm_place import NoPlace, Place, place
from wavewarden.language import language, text
from wavewarden.refusals import told
from wavewarden.tables import UNKNOWN, plain

COLUMNS = ("table.mhz", "table.station", "table.km", "table.bearing", "dBµV/m", "dBm", "table.sigma", "table.chance")


class NoStations(SettingsError):
    def __init__(self, *, file: str) -> None:
        super().__init__(words.say("error.NoStations", "en", file=file))
        self.file = file


def expect(
    licences: Annotated[Path, typer.Argument(help=text("cli.licences.list"))],
    at: Annotated[str, typer.Option("--at", metavar="LAT,LON", help=text("cli.licences.at"))],
    height: Annotated[float, typer.Option("--height", min=1, max=1000, help=text("cli.licences.height"))] = 10.0,
    terrain: Annotated[float, typer.Option("--terrain", min=0, max=1000, help=text("cli.licences.terrain"))] = 90.0,
    gain: Annotated[float, typer.Option("--gain", min=-60, max=30, help=text("cli.licences.gain"))] = 0.0,
    least: Annotated[float, typer.Option("--least", min=-140, max=0, help=text("cli.licences.least"))] = LEAST_DBM,
    when: Annotated[str | None, typer.Option("--time", help=text("cli.licences.time"))] = None,
    everything: Annotated[bool, typer.Option("--all", help=text("cli.licences.all"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=text("cli.licences.json"))] = False,
) -> None:
    where = _place(at)
    here = Here(
        lat_deg=where.lat_deg,
        lon_deg=where.lon_deg,
        height_m=height,
        gain_dbi=gain,
        terrain_m=terrain,
        least_dbm=least,
    )
    now_ns = _moment_ns(when)
    with told(language()):
        known = read_settings(licences, Licences).fm
        if not known:
            raise NoStations(file=str(licences))
        found = expected_stations(known, here, now_ns=now_ns)
    shown = [each for each in found.stations if everything or each.heard != "no"]
    if as_json:
        for each in shown:
            typer.echo(msgspec.json.encode(_flat(each)).decode())
        return
    _show(shown, found, here)


def _show(shown: list[Expected], found: Expectation, here: Here) -> None:
    console = Console()
    table = plain("expect.title", [*COLUMNS, "table.heard"], language())
    for each in shown:
        table.add_row(*(Text(cell) for cell in _row(each)))
    console.print(table)
    console.print(Text(_summary(found)))
    values = {"terrain": f"{here.terrain_m:g}", "height": f"{here.height_m:g}", "least": f"{here.least_dbm:g}"}
    console.print(Text(text("expect.model", **values)))


def _row(each: Expected) -> list[str]:
    heard = text(f"expect.heard.{each.heard}")
    return [
        f"{each.licence.freq_hz / 1e6:.3f}".rstrip("0"),
        clean(each.licence.name),
        UNKNOWN if each.distance_m is None else f"{each.distance_m / 1e3:.1f}",
        UNKNOWN if each.bearing_deg is None else f"{each.bearing_deg:.0f}°",
        _tenth(each.field_dbuv_m),
        _tenth(each.level_dbm),
        _tenth(each.sigma_db),
        UNKNOWN if each.chance is None else f"{100.0 * each.chance:.0f} %",
        heard if each.heard != "covered" else f"{heard}: {clean(each.covered_by or '')}",
    ]


def _summary(found: Expectation) -> str:
    kinds = [each.heard for each in found.stations]
    return text(
        "expect.summary",
        heard=kinds.count("yes"),
        maybe=kinds.count("maybe"),
        covered=kinds.count("covered"),
        no=kinds.count("no"),
        unknown=kinds.count("unknown"),
        lapsed=found.lapsed,
        standby=found.standby,
        far=found.far,
        reach=f"{FARTHEST_M / 1e3:g}",
    )


def _flat(each: Expected) -> dict[str, object]:
    """The licence's frequency, name and PI beside what is expected of it."""
    values = {name: value for name, value in msgspec.structs.asdict(each).items() if name != "licence"}
    own = {"freq_hz": each.licence.freq_hz, "name": each.licence.name, "pi": each.licence.pi}
    return {**own, **values, "heard": each.heard}


def _tenth(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.1f}"


def _place(given: str) -> Place:
    try:
        return place(given)
    except NoPlace:
        raise typer.BadParameter("LAT,LON", param_hint="--at") from None


def _moment_ns(given: str | None) -> int:
    """A time without its zone is UTC."""
    if given is None:
        return time.time_ns()
    try:
        moment = datetime.datetime.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("2026-11-21T22:00Z", param_hint="--time") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return int(moment.timestamp()) * 10**9
