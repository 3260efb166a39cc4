"""A block or a synchronisation burst as a line: JSON for programs, columns for people.

No octet of a paging or assignment is in either: the decoder keeps none.
"""

import json
from typing import Any

from rich.cells import set_cell_size

from dsp.gsm.look import Block
from wavewarden.gsm_events import Event

UNKNOWN = "–"
COLUMNS = ("s", "MHz", "ARFCN", "BSIC", "FN", "TN", "gsm.column.channel", "gsm.column.kind", "gsm.column.octets")
WIDTHS = (9, 9, 5, 4, 7, 2, 4, 10)  # but the last
NUMBERS = 6  # columns that stand to the right


def json_line(file: str, event: Event) -> str:
    return json.dumps({"file": file, **_fields(event)}, ensure_ascii=False)


def _fields(event: Event) -> dict[str, Any]:
    """Field names and units: docs/gsm.md."""
    of, what = event.of, event.what
    is_block = isinstance(what, Block)
    fields = {
        "type": "block" if is_block else "sch",
        "time_s": round(event.time_s, 6),
        "time_utc_ns": event.time_utc_ns,
        "sample": round(event.sample, 2),
        "carrier_hz": round(of.freq_hz, 1),
        "measured_hz": round(of.measured_hz, 1),
        "arfcn": of.arfcn,
        "bsic": of.bsic,
        "frame_number": what.frame_number,
        "timeslot": what.timeslot if isinstance(what, Block) else 0,
        "channel": what.channel.name if isinstance(what, Block) else "SCH",
    }
    return fields | _contents(what) if isinstance(what, Block) else fields


def _contents(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind,
        "hex": None if block.octets is None else block.octets.hex(),
        "sha256_4": block.digest4,
        "quality": round(block.quality, 2),
        "repeats": block.repeats,
    }


def head(titles: list[str]) -> str:
    return _row(titles)


def plain_line(event: Event, *, columns: int) -> str:
    """No wider than the terminal; what does not fit of the octets is left out, and said to be."""
    of, what = event.of, event.what
    block = what if isinstance(what, Block) else None
    line = _row(
        [
            f"{event.time_s:.4f}",
            f"{of.freq_hz / 1e6:.4f}",
            UNKNOWN if of.arfcn is None else str(of.arfcn),
            str(of.bsic),
            str(what.frame_number),
            str(block.timeslot if block else 0),
            block.channel.name if block else "SCH",
            block.kind if block else "",
            _shown(block) if block else "",
        ]
    ).rstrip()
    return line if len(line) <= columns else line[: columns - 1] + "…"


def _shown(block: Block) -> str:
    """Of what is about subscribers, the digest."""
    return f"({block.digest4})" if block.octets is None else block.octets.hex()


def _row(values: list[str]) -> str:
    cells = [value.rjust(width) for value, width in zip(values[:NUMBERS], WIDTHS, strict=False)]
    texts = zip(values[NUMBERS:], WIDTHS[NUMBERS:], strict=False)
    return " ".join([*cells, *(set_cell_size(value, width) for value, width in texts), *values[len(WIDTHS) :]])
