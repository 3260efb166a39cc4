"""The lines of a record: reports, and bare measurements. What is neither is told by its number; the rest goes on."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from shell import words
from wavewarden.language import language, text
from wire.errors import BadField, NotJson, WireError
from wire.report_json import ReportLine, decode_line

if TYPE_CHECKING:
    from fusion.measured import Measured
    from fusion.values import FiledReport

KINDS = ("level", "difference", "bearing")


@dataclass
class Record:
    reports: list["FiledReport"] = field(default_factory=list)
    measured: list["Measured"] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # sentences


def read_record(file: Path) -> Record:
    """Raises OSError."""
    from fusion.values import FiledReport

    record = Record()
    for number, line in _lines(file):
        try:
            said = _read(line)
        except WireError as error:
            why = words.explain(error, language())
            record.refused.append(text("locate.refused", file=file.name, line=number, why=why))
            continue
        if not isinstance(said, ReportLine):
            record.measured.append(said)
            continue
        received = said.received_utc_ns if said.received_utc_ns is not None else said.report.created_utc_ns
        record.reports.append(FiledReport(row=number, sensor=said.sensor, received_utc_ns=received, report=said.report))
    record.reports.sort(key=lambda filed: (filed.received_utc_ns, filed.row))
    return record


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, line


def _read(line: bytes) -> "ReportLine | Measured":
    """Raises NotJson, BadField."""
    from fusion.measured import Measured

    try:
        keys = msgspec.json.decode(line, type=dict[str, msgspec.Raw]).keys()
    except msgspec.ValidationError as error:
        raise BadField(why=str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotJson(why=str(error)) from error
    if not keys & set(KINDS):
        return decode_line(line)
    if len(keys & set(KINDS)) > 1:
        raise BadField(why="a line holds one of level, difference and bearing")
    try:
        return msgspec.json.decode(line, type=Measured)
    except msgspec.ValidationError as error:
        raise BadField(why=str(error)) from error
    except msgspec.DecodeError as error:
        raise NotJson(why=str(error)) from error
