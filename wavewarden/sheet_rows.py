"""Rows of an XLSX workbook as text, one sheet, one row at a time."""

import datetime
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shell.settings import UnreadableSettings
from wavewarden.table_file import ColumnsNotUnderstood

ZIP = b"PK\x03\x04"
MOST_BYTES = 1 << 29  # unpacked: what is larger was packed to do harm


def is_workbook(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4) == ZIP
    except OSError:
        return False  # who reads it next says why


def sheet_rows(path: Path, sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row that is not empty; without a name, of the first sheet.

    Raises UnreadableSettings, ColumnsNotUnderstood.
    """
    book = _opened(path)
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise ColumnsNotUnderstood(file=str(path), why=f"there is no sheet {sheet!r}: {', '.join(book.sheetnames)}")
        for number, row in enumerate(_cells(book[sheet or book.sheetnames[0]], path), 1):
            cells = [_text(value) for value in row]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def _cells(sheet: Any, path: Path) -> Iterator[tuple[object, ...]]:
    """What is damaged is only found where it is read."""
    rows = sheet.iter_rows(values_only=True)
    while True:
        try:
            row = next(rows, None)
        except Exception as error:
            raise UnreadableSettings(file=str(path), reason=f"is damaged: {error}") from None
        if row is None:
            return
        yield row


def _opened(path: Path) -> Any:
    import openpyxl  # takes a while, and most tables are text

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                raise UnreadableSettings(file=str(path), reason="is far too large when unpacked")
        return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except UnreadableSettings:
        raise
    except OSError as error:
        raise UnreadableSettings(file=str(path), reason=f"cannot be read: {error.strerror or error}") from None
    except Exception as error:  # a damaged workbook fails in as many ways as it has parts
        raise UnreadableSettings(file=str(path), reason=f"is damaged: {error}") from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
