"""Tables as people have them: text with one of four separators, and an account of what became of each row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from shell.settings import SettingsError

SEPARATORS = (",", ";", "\t", "|")
MOST_LINES_NAMED = 5


class ColumnsNotUnderstood(SettingsError):
    """The table does not have the columns that are asked for."""

    def __init__(self, *, file: str, why: str) -> None:
        super().__init__(f"{file}: {why}")
        self.file, self.why = file, why


class RowRefused(Exception):
    """`reason` is the last part of a catalogue key, <table>.refused.<reason>."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Account:
    """What became of every row: how many by reason, and the first lines of each."""

    rows: int = 0
    taken: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    doubted: dict[str, int] = field(default_factory=dict)  # taken all the same
    doubted_lines: dict[str, list[int]] = field(default_factory=dict)

    def refuse(self, reason: str, line: int) -> None:
        _count(self.refused, self.lines, reason, line)

    def doubt(self, reason: str, line: int) -> None:
        _count(self.doubted, self.doubted_lines, reason, line)


def _count(counts: dict[str, int], lines: dict[str, list[int]], reason: str, line: int) -> None:
    counts[reason] = counts.get(reason, 0) + 1
    named = lines.setdefault(reason, [])
    if len(named) < MOST_LINES_NAMED:
        named.append(line)


def rows_of(lines: Iterator[str], separator: str | None) -> Iterator[tuple[int, list[str]]]:
    """(line, fields) of every line that is not empty. A line stands for itself: a quote without end spoils one row."""
    first = next(lines, "")
    found = separator or max(SEPARATORS, key=first.count)
    for number, line in enumerate(chain((first,), lines), 1):
        if line.strip():
            yield number, line.split(found) if '"' not in line else _quoted(line, found)


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader((line,), delimiter=separator))
    except csv.Error:
        return [""]  # a field beyond all bounds


def column_at(column: str, names: list[str], *, file: str) -> int:
    """The index of a column that is named, or numbered as "#3". Raises ColumnsNotUnderstood."""
    if column.startswith("#") and column[1:].isdecimal() and int(column[1:]) > 0:
        return int(column[1:]) - 1
    if column.strip().lower() in names:
        return names.index(column.strip().lower())
    raise ColumnsNotUnderstood(file=file, why=f"there is no column {column!r}: {', '.join(names)[:200]}")
