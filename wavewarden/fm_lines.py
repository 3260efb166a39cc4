"""A station as one line of JSON: everything measured, the verdict, the findings with their words."""

import json
from typing import Any

import msgspec

from dsp.signatures.finding import Finding
from shell import words
from wavewarden.fm_ledger import Entry, findings_of
from wavewarden.fm_place import Place, kilometres
from wavewarden.language import language
from wavewarden.printable import printable


def json_line(source: dict[str, str], entry: Entry, at: Place | None) -> str:
    """Field names and units: docs/fm.md, and dsp.fm.values.FmStation."""
    return printable(json.dumps(source | as_tree(entry, at), ensure_ascii=False))


def as_tree(entry: Entry, at: Place | None) -> dict[str, Any]:
    """What JSON can say, and in that order."""
    station: dict[str, Any] = msgspec.to_builtins(entry.station)
    return station | {
        "verdict": entry.verdict.value,
        "licence": _licence(entry, at),
        "looks": entry.looks,
        "looks_covered": entry.covered,
        "on_air_share": round(entry.on_air_share, 4),
        "on_air_hours": _hours(entry),
        "level_least_dbfs": entry.level_dbfs[0],
        "level_most_dbfs": entry.level_dbfs[1],
        "first_utc_ns": entry.first_utc_ns,
        "last_utc_ns": entry.last_utc_ns,
        "findings": [_finding(finding, times) for finding, times in findings_of(entry)],
    }


def _licence(entry: Entry, at: Place | None) -> dict[str, Any] | None:
    licence = entry.licence
    if licence is None:
        return None
    away_km = kilometres(licence, at)
    said = {"name": licence.name, "freq_hz": licence.freq_hz, "pi": licence.pi}
    return said | {"distance_km": None if away_km is None else round(away_km, 2)}


def _hours(entry: Entry) -> dict[str, list[int]] | None:
    """Slots of five minutes by hour of the week, Monday 00 UTC first; null: the looks have no date."""
    if entry.week is None or entry.first_utc_ns is None:
        return None
    return {"heard": list(entry.week.heard), "covered": list(entry.week.covered)}


def _finding(finding: Finding, times: int) -> dict[str, Any]:
    """`looks`: in how many it came."""
    said = {part: words.finding(finding.name, part, finding.evidence, language()) for part in ("what", "innocent")}
    told: dict[str, Any] = msgspec.to_builtins(finding)
    return told | {"about": None, "looks": times} | said
