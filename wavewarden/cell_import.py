"""A table of cells, as an operator or OpenCellID gives it, becomes a cell list: row by row, with an account of all."""

import csv
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from dsp.signatures.cell_list import HEADER, KnownCell, line_of, name_of_cell
from shell.lines import decoded, encoding_of, opened
from shell.settings import SettingsError
from wavewarden.cell_rows import FIELDS, OPENCELLID, OPENCELLID_MEANING, Meaning, RowRefused, known_cell

RADIOS = ("GSM", "UMTS", "LTE", "CDMA", "NR", "NBIOT", "TDSCDMA")
SEPARATORS = (",", ";", "\t", "|")
MOST_LINES_NAMED = 5
EVERY = 20_000  # rows between two words of progress


class ColumnsNotUnderstood(SettingsError):
    """The table does not have the columns that are asked for."""

    def __init__(self, *, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")
        self.file, self.why = file, why


@dataclass
class Account:
    """What became of every row: how many by reason, and the first lines of each."""

    rows: int = 0
    taken: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, reason: str, line: int) -> None:
        self.refused[reason] = self.refused.get(reason, 0) + 1
        named = self.lines.setdefault(reason, [])
        if len(named) < MOST_LINES_NAMED:
            named.append(line)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked for; None: find out."""

    columns: Mapping[str, str] | None = None  # field → name of the column, or "#3"
    opencellid: bool = False  # the order is OpenCellID's, whatever the first line says
    networks: Sequence[tuple[str, str]] = ()
    separator: str | None = None
    encoding: str | None = None
    mnc_digits: int = 2


def import_cells(
    source: Path, out: Path, wanted: Wanted, *, progress: Callable[[float], None] = lambda share: None
) -> Account:
    """Write `out`, whole or not at all. Raises SettingsError for a table that cannot be read or understood.

    Memory grows by some 100 bytes a row taken, for telling doubles, and by nothing else.
    """
    account, part = Account(), out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(",".join(HEADER) + "\n")
            for cell in _taken(source, wanted, account, progress):
                file.write(line_of(cell) + "\n")
            file.flush()
            os.fsync(file.fileno())
        if account.taken:
            part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return account


def _taken(source: Path, wanted: Wanted, account: Account, progress: Callable[[float], None]) -> Iterator[KnownCell]:
    """Every row that is a cell, and is the first of its name and channel."""
    seen: set[int] = set()
    size = max(source.stat().st_size if source.exists() else 1, 1)
    with opened(source) as (content, raw):
        rows = _rows(decoded(content, wanted.encoding or encoding_of(source)), wanted)
        meaning, first = _begin(rows, wanted, source)
        for line, row in chain(first, rows):
            account.rows += 1
            if account.rows % EVERY == 0:
                progress(min(raw.tell() / size, 1.0))
            try:
                cell = known_cell(row, meaning)
                _refuse_double(cell, seen)
            except RowRefused as refusal:
                account.refuse(refusal.reason, line)
                continue
            account.taken += 1
            yield cell
    progress(1.0)


def _refuse_double(cell: KnownCell, seen: set[int]) -> None:
    name = name_of_cell(cell.mcc, cell.mnc, cell.lac, cell.ci)
    if name is None:
        raise RowRefused("network")
    channel = (1024 if cell.arfcn is None else cell.arfcn) * 128 + (64 if cell.bsic is None else cell.bsic)
    key = (name << 18) | channel
    if key in seen:
        raise RowRefused("double")
    seen.add(key)


def _rows(lines: Iterator[str], wanted: Wanted) -> Iterator[tuple[int, list[str]]]:
    """(line, fields) of every line that is not empty. A line stands for itself: a quote without end spoils one row."""
    first = next(lines, "")
    separator = wanted.separator or max(SEPARATORS, key=first.count)
    for number, line in enumerate(chain((first,), lines), 1):
        if line.strip():
            yield number, line.split(separator) if '"' not in line else _quoted(line, separator)


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader((line,), delimiter=separator))
    except csv.Error:
        return [""]  # a field beyond all bounds


def _begin(
    rows: Iterator[tuple[int, list[str]]], wanted: Wanted, source: Path
) -> tuple[Meaning, tuple[tuple[int, list[str]], ...]]:
    """What the columns mean, and the rows that were read to find out and are cells. Raises ColumnsNotUnderstood."""
    line, row = next(rows, (0, []))
    if not row:
        raise ColumnsNotUnderstood(file=str(source), why="there is nothing in it")
    names = [name.strip().lower() for name in row]
    opencellid = {OPENCELLID_MEANING[name]: at for at, name in enumerate(OPENCELLID) if name in OPENCELLID_MEANING}
    if wanted.columns is not None:
        numbered = all(column.startswith("#") for column in wanted.columns.values())
        columns, data = _mapped(wanted.columns, names, source), numbered
    elif names == [name.lower() for name in OPENCELLID]:
        columns, data = opencellid, False
    elif wanted.opencellid or (row[0].strip().upper() in RADIOS and len(row) == len(OPENCELLID)):
        columns, data = opencellid, True
    elif tuple(names) == HEADER:
        columns, data = {name: at for at, name in enumerate(HEADER)}, False
    else:
        raise ColumnsNotUnderstood(file=str(source), why=f"its columns are {', '.join(row)[:200]!r}: say with --map")
    return Meaning(columns, wanted.networks, wanted.mnc_digits), ((line, row),) if data else ()


def _mapped(wanted: Mapping[str, str], names: list[str], source: Path) -> dict[str, int]:
    """Field → index. Raises ColumnsNotUnderstood."""
    columns: dict[str, int] = {}
    for meant, column in wanted.items():
        if column.startswith("#") and column[1:].isdecimal() and int(column[1:]) > 0:
            columns[meant] = int(column[1:]) - 1
        elif column.strip().lower() in names:
            columns[meant] = names.index(column.strip().lower())
        else:
            raise ColumnsNotUnderstood(file=str(source), why=f"there is no column {column!r}: {', '.join(names)[:200]}")
    cells = {"ci", "ci_hex", "cgi"} & columns.keys()
    areas = {"lac", "lac_hex", "cgi"} & columns.keys()
    if not cells or not areas:
        raise ColumnsNotUnderstood(file=str(source), why=f"lac and ci (or cgi) must be mapped; fields are {_FIELDS}")
    return columns


_FIELDS = ", ".join(FIELDS)
