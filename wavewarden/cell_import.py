"""A table of cells, as an operator or OpenCellID gives it, becomes a cell list: row by row, with an account of all."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from dsp.signatures.cell_list import HEADER, KnownCell, line_of, name_of_cell
from shell.lines import decoded, encoding_of, opened
from wavewarden.cell_rows import FIELDS, OPENCELLID, OPENCELLID_MEANING, Meaning, known_cell
from wavewarden.table_file import Account, ColumnsNotUnderstood, RowRefused, column_at, rows_of

RADIOS = ("GSM", "UMTS", "LTE", "CDMA", "NR", "NBIOT", "TDSCDMA")
EVERY = 20_000  # rows between two words of progress


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
        rows = rows_of(decoded(content, wanted.encoding or encoding_of(source)), wanted.separator)
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
    columns = {meant: column_at(column, names, file=str(source)) for meant, column in wanted.items()}
    cells = {"ci", "ci_hex", "cgi"} & columns.keys()
    areas = {"lac", "lac_hex", "cgi"} & columns.keys()
    if not cells or not areas:
        raise ColumnsNotUnderstood(file=str(source), why=f"lac and ci (or cgi) must be mapped; fields are {_FIELDS}")
    return columns


_FIELDS = ", ".join(FIELDS)
