"""A regulator's table of FM licences becomes the list that sensors and servers read, with an account of every row."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import msgspec
import tomli_w

from dsp.signatures.licences import FmLicence, Licences
from shell.lines import decoded, encoding_of, opened
from shell.settings import read_settings
from wavewarden.licence_presets import FCC_LEAST_FIELDS, FIELDS, columns_by_name, fcc_columns
from wavewarden.licence_rows import Area, Circle, Meaning, licence_of
from wavewarden.sheet_rows import is_workbook, sheet_rows
from wavewarden.table_file import Account, ColumnsNotUnderstood, RowRefused, column_at, rows_of

EVERY = 2_000  # rows between two words of progress
TITLE_ROWS = 10  # above the names of columns there may be a title
Rows = Iterator[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked for; None: find out."""

    columns: Mapping[str, str] | None = None  # field → name of the column, or "#3"
    preset: str | None = None
    sheet: str | None = None
    separator: str | None = None
    encoding: str | None = None
    area: Area | None = None
    near: Circle | None = None
    utc_offset_h: float | None = None


@dataclass
class FmAccount(Account):
    """units : how many frequencies were taken for MHz, kHz and Hz."""

    units: Counter[str] = field(default_factory=Counter)


def import_licences(
    source: Path, out: Path, wanted: Wanted, *, progress: Callable[[float], None] = lambda share: None
) -> FmAccount:
    """Write `out`, whole or not at all; cells and aeronautical frequencies that it lists already stay.

    Raises SettingsError for a table that cannot be read or understood, or an `out` that is another's file.
    """
    kept = read_settings(out, Licences) if out.exists() else Licences()
    account = FmAccount()
    taken = tuple(_taken(source, wanted, account, progress))
    if taken:
        write_licences(out, msgspec.structs.replace(kept, fm=taken), source)
    return account


def write_licences(out: Path, licences: Licences, source: Path) -> None:
    """Whole or not at all."""
    tree = {"fm": [_table(each) for each in licences.fm]}
    if licences.cells:
        tree["cells"] = [_table(each) for each in licences.cells]
    if licences.aviation:
        tree["aviation"] = [{**_table(each), "kind": each.kind.value} for each in licences.aviation]
    part = out.with_name(out.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(f"# licences from {_one_line(source.name)}\n".encode())
            tomli_w.dump(tree, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _table(value: msgspec.Struct) -> dict[str, object]:
    """What is known of it."""
    known = {name: each for name, each in msgspec.structs.asdict(value).items() if each not in (None, ())}
    return {name: list(each) if isinstance(each, tuple) else each for name, each in known.items()}


def _one_line(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)


def _taken(source: Path, wanted: Wanted, account: FmAccount, progress: Callable[[float], None]) -> Iterator[FmLicence]:
    """Every row that is a licence and none before it."""
    seen: set[tuple[object, ...]] = set()
    with _rows(source, wanted) as (rows, share):
        meaning, first = _begin(rows, wanted, source)
        for line, row in chain(first, rows):
            account.rows += 1
            if account.rows % EVERY == 0:
                progress(share())
            try:
                read = licence_of(row, meaning)
                _refuse_double(read.licence, seen)
            except RowRefused as refusal:
                account.refuse(refusal.reason, line)
                continue
            account.taken += 1
            account.units[read.unit] += 1
            for doubt in dict.fromkeys(read.doubts):
                account.doubt(doubt, line)
            yield read.licence
    progress(1.0)


def _refuse_double(licence: FmLicence, seen: set[tuple[object, ...]]) -> None:
    what = (licence.freq_hz, licence.name, licence.pi, licence.lat_deg, licence.lon_deg)
    key = (*what, licence.hours, licence.valid_from, licence.valid_until, licence.standby)
    if key in seen:
        raise RowRefused("double")
    seen.add(key)


@contextmanager
def _rows(source: Path, wanted: Wanted) -> Iterator[tuple[Rows, Callable[[], float]]]:
    """The rows, and how much of the file they have used."""
    if is_workbook(source):
        yield sheet_rows(source, wanted.sheet), lambda: 0.5
        return
    if wanted.sheet is not None:
        raise ColumnsNotUnderstood(file=str(source), why="it is no XLSX workbook, so it has no sheets")
    size = max(source.stat().st_size if source.exists() else 1, 1)
    with opened(source) as (content, raw):
        separator = wanted.separator or ("|" if wanted.preset == "fcc" else None)
        yield rows_of(decoded(content, wanted.encoding or encoding_of(source)), separator), lambda: raw.tell() / size


def _begin(rows: Rows, wanted: Wanted, source: Path) -> tuple[Meaning, list[tuple[int, list[str]]]]:
    """What the columns mean, and the rows read to find out that are licences. Raises ColumnsNotUnderstood."""
    begun = [each for _, each in zip(range(TITLE_ROWS), rows, strict=False)]
    if not begun:
        raise ColumnsNotUnderstood(file=str(source), why="there is nothing in it")
    if wanted.preset == "fcc":
        columns, data, fcc = *_fcc(begun, source), True
    elif wanted.columns is not None:
        columns, data, fcc = *_mapped(wanted.columns, begun, source), False
    else:
        columns, data, fcc = *_named(begun, source), False
    unit = "kw" if wanted.preset == "fmlist" else None
    meaning = Meaning(
        columns, fcc=fcc, area=wanted.area, near=wanted.near, utc_offset_h=wanted.utc_offset_h, power_unit=unit
    )
    return meaning, data


def _fcc(begun: list[tuple[int, list[str]]], source: Path) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    widest = max((row for _, row in begun), key=len)
    if len(widest) < FCC_LEAST_FIELDS:
        raise ColumnsNotUnderstood(file=str(source), why="no line has the fields of the FCC's list (its list=4 output)")
    return fcc_columns(widest), begun


def _named(begun: list[tuple[int, list[str]]], source: Path) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    for at, (_, row) in enumerate(begun):
        columns = columns_by_name(row)
        if "freq" in columns and columns.keys() & {"name", "site"}:
            return columns, begun[at + 1 :]
    named = ", ".join(begun[0][1])[:200]
    raise ColumnsNotUnderstood(file=str(source), why=f"no frequency and name among {named!r}: say with --map")


def _mapped(
    wanted: Mapping[str, str], begun: list[tuple[int, list[str]]], source: Path
) -> tuple[dict[str, int], list[tuple[int, list[str]]]]:
    """What is not mapped is not read."""
    if "freq" not in wanted or not wanted.keys() & {"name", "site"}:
        why = f"freq, and name or site, must be mapped; fields are {', '.join(FIELDS)}"
        raise ColumnsNotUnderstood(file=str(source), why=why)
    numbered = all(column.startswith("#") for column in wanted.values())
    asked = {column.strip().lower() for column in wanted.values()}
    best = max(range(len(begun)), key=lambda at: len(asked & {name.strip().lower() for name in begun[at][1]}))
    names = [name.strip().lower() for name in begun[best][1]]
    columns = {field: column_at(column, names, file=str(source)) for field, column in wanted.items()}
    return columns, begun if numbered else begun[best + 1 :]
