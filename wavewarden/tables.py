"""What was heard and found, as tables for people. Text from the air is shown as text: no markup, no control codes."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dsp.fm.bare_carrier import without_programme
from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from shell import words
from shell.words import clean
from wavewarden.heard_multiplex import FmMultiplex

UNKNOWN = "–"
FOLDED = ("table.source", "table.text", "table.finding", "table.about")


def show_cells(console: Console, cells: Sequence[GsmCell], language: str) -> None:
    columns = ["ARFCN", "table.mhz", "PLMN", "LAC", "CI", "BSIC", "table.level", "table.cnr", "table.offset"]
    table = _table("replay.heard_gsm", [*columns, "table.neighbours", "table.blocks"], language)
    for cell in cells:
        table.add_row(*(Text(text) for text in _cell_row(cell)))
    console.print(table)


def _cell_row(cell: GsmCell) -> list[str]:
    plmn = f"{cell.mcc}-{cell.mnc}" if cell.mcc is not None else UNKNOWN
    neighbours = cell.neighbour_arfcns
    return [
        _whole(cell.arfcn),
        f"{cell.freq_hz / 1e6:.4f}",
        plmn,
        _whole(cell.lac),
        _whole(cell.ci),
        str(cell.bsic),
        f"{cell.level_dbfs:.1f}",
        f"{cell.cnr_db:.1f}",
        f"{cell.carrier_offset_hz:+.0f}±{cell.carrier_offset_sigma_hz:.0f}",
        UNKNOWN if neighbours is None else str(len(neighbours)),
        f"{cell.blocks_read}/{cell.blocks_read + cell.blocks_failed}",
    ]


def show_stations(console: Console, stations: Sequence[FmStation], language: str) -> None:
    """Stations, and apart from them carriers with nothing on them, which are not called so."""
    bare = [station for station in stations if without_programme(station)]
    with_programme = [station for station in stations if not without_programme(station)]
    if with_programme:
        _show_programmes(console, with_programme, language)
    if bare:
        _show_bare(console, bare, language)


def _show_bare(console: Console, carriers: Sequence[FmStation], language: str) -> None:
    table = _table("replay.heard_bare", ["table.mhz", "table.level", "table.cnr"], language)
    for carrier in carriers:
        table.add_row(f"{carrier.freq_hz / 1e6:.4f}", f"{carrier.level_dbfs:.1f}", f"{carrier.cnr_db:.1f}")
    console.print(table)


def _show_programmes(console: Console, stations: Sequence[FmStation], language: str) -> None:
    columns = ["table.mhz", "PI", "table.name", "table.level", "table.cnr", "table.pilot", "table.deviation", "RDS"]
    table = _table("replay.heard_fm", [*columns, "table.text"], language)
    for station in stations:
        table.add_row(*(Text(text) for text in _station_row(station)))
    console.print(table)


def _station_row(station: FmStation) -> list[str]:
    deviation = station.deviation_hz
    return [
        f"{station.freq_hz / 1e6:.4f}",
        UNKNOWN if station.pi is None else f"{station.pi:04X}",
        UNKNOWN if station.ps is None else clean(station.ps),
        f"{station.level_dbfs:.1f}",
        f"{station.cnr_db:.1f}",
        UNKNOWN if station.pilot_deviation_hz is None else f"{station.pilot_deviation_hz / 1e3:.1f} kHz",
        f"{deviation / 1e3:.0f}" if deviation is not None else (station.deviation_reason or UNKNOWN),
        str(station.rds_groups),
        UNKNOWN if station.rt is None else clean(station.rt),
    ]


def show_multiplex(console: Console, heard: FmMultiplex, language: str) -> None:
    table = _table("replay.heard_multiplex", ["PI", "table.name", "table.pilot", "RDS", "table.text"], language)
    row = [
        UNKNOWN if heard.pi is None else f"{heard.pi:04X}",
        UNKNOWN if heard.ps is None else clean(heard.ps),
        UNKNOWN if heard.pilot_hz is None else f"{heard.pilot_hz:.1f} Hz",
        str(heard.rds_groups),
        UNKNOWN if heard.rt is None else clean(heard.rt),
    ]
    table.add_row(*(Text(text) for text in row))
    console.print(table)


def show_findings(console: Console, findings: Sequence[tuple[str, Finding]], language: str) -> None:
    """Each finding with the name of what it is about."""
    if not findings:
        console.print(words.say("replay.no_findings", language))
        return
    table = _table("replay.findings", ["table.about", "table.finding", "table.weight"], language)
    for about, finding in findings:
        table.add_row(
            Text(about),
            Text(words.finding(finding.name, "what", finding.evidence, language)),
            f"{finding.weight_db:+.0f}",
        )
    console.print(table)


def name_of(heard: GsmCell | FmStation | FmMultiplex) -> str:
    """How a person would call it."""
    if isinstance(heard, GsmCell):
        channel = f"ARFCN {heard.arfcn}" if heard.arfcn is not None else f"{heard.freq_hz / 1e6:.3f} MHz"
        return f"{channel} {heard.mcc}-{heard.mnc}/{heard.lac}/{heard.ci}" if heard.mcc else channel
    if isinstance(heard, FmMultiplex):
        return ""
    return f"{heard.freq_hz / 1e6:.2f} MHz" + (f" {heard.pi:04X}" if heard.pi is not None else "")


def _table(title: str, columns: Sequence[str], language: str) -> Table:
    """Numbers stay whole on a narrow terminal; only text may be folded."""
    table = Table(
        title=words.say(title, language),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for column in columns:
        name = words.say(column, language) if column.startswith("table.") else column
        table.add_column(name, no_wrap=column not in FOLDED, overflow="fold")
    return table


def plain(title: str, columns: Sequence[str], language: str) -> Table:
    """An empty table in this house's style."""
    return _table(title, columns, language)


def _whole(number: int | None) -> str:
    return UNKNOWN if number is None else str(number)
