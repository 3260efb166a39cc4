"""Stations as a table that grows: a line of 79 columns each, and under it what else is known and what was found."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from dsp.fm.bare_carrier import without_programme
from dsp.fm.deviation_spread import share_above
from dsp.fm.values import FmStation
from dsp.signatures.on_air_week import timetable
from recordings.sigmf_time import iso_utc
from shell import words
from shell.words import clean
from wavewarden.fm_ledger import Entry, findings_of
from wavewarden.fm_place import Place, kilometres
from wavewarden.language import language, text

UNKNOWN = "–"
WIDTH = 79
INDENT = "    "
LEFT = frozenset({"fm.column.name", "fm.column.verdict"})
COLUMNS = (  # title and width
    ("MHz", 8),
    ("±Hz", 4),
    ("dBFS", 5),
    ("C/N", 3),
    ("fm.column.width", 4),
    ("fm.column.pilot", 4),
    ("fm.column.deviation", 4),
    ("RDS", 4),
    ("PI", 4),
    ("fm.column.name", 9),
    ("PTY", 3),
    ("fm.column.verdict", 14),
)


def head() -> str:
    return _row([text(title) if title.startswith("fm.") else title for title, _ in COLUMNS])


def lines(entry: Entry, at: Place | None) -> Iterator[str]:
    """The station's row, then its details and findings, indented."""
    yield _row(_cells(entry))
    for line in (*_details(entry, at), *_findings(entry)):
        yield from _folded(line)


def _cells(entry: Entry) -> list[str]:
    station = entry.station
    return [
        f"{station.freq_hz / 1e6:.4f}",
        f"{max(station.freq_sigma_hz, 1):.0f}" if station.freq_sigma_hz < 9999 else UNKNOWN,
        f"{station.level_dbfs:.1f}",
        f"{station.cnr_db:.0f}",
        _khz(station.occupied_hz, "{:.0f}"),
        _khz(station.pilot_deviation_hz, "{:.1f}"),
        _khz(station.deviation_hz, "{:.1f}"),
        str(station.rds_groups),
        _shown(station.pi, "{:04X}"),
        _name(station),
        _shown(station.pty, "{}"),
        text(f"fm.verdict.{entry.verdict.value}"),
    ]


def _name(station: FmStation) -> str:
    if without_programme(station):
        return text("fm.bare_carrier")
    return UNKNOWN if station.ps is None else clean(station.ps)


def _details(entry: Entry, at: Place | None) -> Iterator[str]:
    if entry.licence is not None:
        away = kilometres(entry.licence, at)
        far = "" if away is None else text("fm.detail.away", km=f"{away:.1f}")
        yield text("fm.detail.licence", name=clean(entry.licence.name), mhz=f"{entry.licence.freq_hz / 1e6:g}") + far
    yield text("fm.and").join([*_parts(MEASURED, entry.station), _heard(entry)])
    table = None if entry.week is None or entry.first_utc_ns is None else timetable(entry.week)
    if table is not None:
        yield text("fm.detail.week", value=table.text)
    said = _parts(SAID, entry.station)
    if said:
        yield text("fm.and").join(said)
    if entry.station.rt:
        yield f"RT {clean(entry.station.rt)}"


def _heard(entry: Entry) -> str:
    seconds, share = f"{entry.station.seconds:.1f}", f"{entry.on_air_share:.0%}"
    return text("fm.detail.heard", seconds=seconds, looks=entry.looks, covered=entry.covered, share=share)


@dataclass(frozen=True, slots=True)
class _Part:
    """label: entry fm.detail.<label>, which takes `value`; None of it: left out"""

    label: str
    value: Callable[[FmStation], str | None]


def _of(name: str, form: str, scale: float = 1.0) -> Callable[[FmStation], str | None]:
    def value(station: FmStation) -> str | None:
        number = getattr(station, name)
        return None if number is None else form.format(number * scale if scale != 1.0 else number)

    return value


def _reason(station: FmStation) -> str | None:
    reason = station.deviation_reason
    key = f"fm.deviation.{reason}"
    return None if reason is None else text(key) if words.has(key) else reason


def _over_75(station: FmStation) -> str | None:
    """Of the whole time in which the deviation could be stated."""
    share = None if station.deviation_spread is None else share_above(station.deviation_spread)
    return None if share is None else f"{share:.2%}"


def _minute(station: FmStation) -> str | None:
    most_dbr = None if station.modulation_minute is None else station.modulation_minute.most_dbr
    return None if most_dbr is None else f"{most_dbr:+.1f}"


def _flags(station: FmStation) -> str | None:
    flags = (("TP", station.tp), ("TA", station.ta))
    return " ".join(name for name, said in flags if said) or None


def _repeats(station: FmStation) -> str | None:
    return str(station.pi_repeats) if station.pi_groups == 0 and station.pi_repeats else None


MEASURED = (
    _Part("no_deviation", _reason),
    _Part("level_dbm", _of("level_dbm", "{:.1f}")),
    _Part("sinr", _of("sinr_db", "{:.0f}")),
    _Part("width_26", _of("occupied_26db_hz", "{:.0f}", 1e-3)),
    _Part("over_75", _over_75),
    _Part("power", _of("modulation_power_dbr", "{:+.1f}")),
    _Part("minute", _minute),
    _Part("pilot", _of("pilot_hz", "{:.1f}")),
    _Part("rds", _of("rds_deviation_hz", "{:.1f}", 1e-3)),
    _Part("errors", _of("rds_block_error_rate", "{:.1%}")),
    _Part("silence", _of("silence_share", "{:.0%}")),
    _Part("speech", _of("speech_share", "{:.0%}")),
    _Part("music", _of("music_share", "{:.0%}")),
)
SAID = (
    _Part("combined", _repeats),
    _Part("flags", _flags),
    _Part("af", lambda station: " ".join(f"{hz / 1e6:.1f}" for hz in station.af_hz) or None),
    _Part("country", _of("country", "{}")),
    _Part("long_name", _of("long_ps", "{}")),
    _Part("type_name", _of("pty_name", "{}")),
    _Part("names", lambda station: " | ".join(station.ps_all) if len(station.ps_all) > 1 else None),
    _Part("other_pis", lambda station: " ".join(f"{pi:04X}" for pi in station.pi_others) or None),
    _Part("open_data", lambda station: " ".join(f"{each.app:04X}" for each in station.open_data) or None),
    _Part("networks", lambda station: " ".join(f"{each.pi:04X}" for each in station.other_networks) or None),
    _Part("clock", lambda s: None if s.clock_time_utc_ns is None else iso_utc(s.clock_time_utc_ns)[:16] + "Z"),
)


def _parts(parts: Sequence[_Part], station: FmStation) -> list[str]:
    values = ((part.label, part.value(station)) for part in parts)
    return [text(f"fm.detail.{label}", value=value) for label, value in values if value is not None]


def _findings(entry: Entry) -> Iterator[str]:
    for finding, times in findings_of(entry):
        what = words.finding(finding.name, "what", finding.evidence, language())
        often = text("fm.times", times=times, looks=entry.looks) if entry.looks > 1 else ""
        yield f"{finding.weight_db:+.0f} dB  {what}{often}"


def _folded(line: str) -> list[str]:
    """No wider than the table; Chinese may be broken anywhere."""
    console = Console(width=WIDTH)
    return [INDENT + part.plain.rstrip() for part in Text(clean(line)).wrap(console, WIDTH - len(INDENT))]


def _row(values: Sequence[str]) -> str:
    cells = []
    for value, (title, width) in zip(values, COLUMNS, strict=True):
        pad = " " * (width - cell_len(value))
        cells.append(set_cell_size(value, width) if title in LEFT or not pad else pad + value)
    return " ".join(cells).rstrip()


def _khz(hz: float | None, form: str) -> str:
    return UNKNOWN if hz is None else form.format(hz / 1e3)


def _shown(value: float | int | None, form: str) -> str:
    return UNKNOWN if value is None else form.format(value)
