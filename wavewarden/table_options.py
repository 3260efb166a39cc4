"""What the commands that import tables ask for alike, and how they tell what became of the rows."""

import codecs
from collections.abc import Sequence

import typer

from shell import words
from wavewarden.table_file import Account


def columns_of(mapped: Sequence[str], fields: Sequence[str]) -> dict[str, str] | None:
    """COLUMN=FIELD, as often as there are columns to name; None: no word of it."""
    columns: dict[str, str] = {}
    for each in mapped:
        column, equals, field = each.rpartition("=")
        if not equals or field not in fields:
            raise typer.BadParameter(f"{each!r}: COLUMN=FIELD, {' | '.join(fields)}", param_hint="--map")
        columns[field] = column
    return columns or None


def separator_of(given: str | None) -> str | None:
    if given is None:
        return None
    separator = {"tab": "\t", "\\t": "\t"}.get(given, given)
    if len(separator) != 1:
        raise typer.BadParameter(", | ; | tab", param_hint="--separator")
    return separator


def encoding_named(given: str | None) -> str | None:
    try:
        if given is not None:
            codecs.lookup(given)
    except LookupError:
        raise typer.BadParameter("utf-8 | gb18030", param_hint="--encoding") from None
    return given


def told_account(account: Account, table: str, out: str, seconds: float, language: str) -> list[str]:
    """How many were taken and where they are, then each reason with its number and first lines.

    table : the first part of its catalogue keys
    """
    key = f"{table}.done" if account.taken else f"{table}.none"
    said = [words.say(key, language, rows=account.rows, taken=account.taken, out=out, seconds=f"{seconds:.1f}")]
    said += _told(account.refused, account.lines, f"{table}.refused", language)
    return said + _told(account.doubted, account.doubted_lines, f"{table}.doubted", language)


def _told(counts: dict[str, int], first: dict[str, list[int]], key: str, language: str) -> list[str]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        words.say(
            key,
            language,
            count=count,
            why=words.say(f"{key}.{reason}", language),
            lines=", ".join(str(line) for line in first[reason]),
        )
        for reason, count in ordered
    ]
