"""`wavewarden cells import`: an operator's table of cells becomes the list that sensors and servers read."""

import codecs
import time
from pathlib import Path
from typing import Annotated

import typer

from shell import words
from shell.exits import Exit
from wavewarden.cell_import import Account, Wanted, import_cells
from wavewarden.cell_rows import FIELDS, RowRefused, network_of
from wavewarden.language import language, text
from wavewarden.progress import progress
from wavewarden.refusals import told

app = typer.Typer(help=text("cli.cells"), no_args_is_help=True)
FORMATS = ("auto", "opencellid")


@app.command("import", help=text("cli.cells.import"))
def import_(
    file: Annotated[Path, typer.Argument(help=text("cli.cells.file"))],
    out: Annotated[Path, typer.Option("--out", help=text("cli.cells.out"))] = Path("cells.csv"),
    form: Annotated[str, typer.Option("--format", help=text("cli.cells.format"))] = FORMATS[0],
    mapped: Annotated[list[str] | None, typer.Option("--map", help=text("cli.cells.map"))] = None,
    plmn: Annotated[list[str] | None, typer.Option("--plmn", help=text("cli.cells.plmn"))] = None,
    separator: Annotated[str | None, typer.Option("--separator", help=text("cli.cells.separator"))] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help=text("cli.cells.encoding"))] = None,
    mnc_digits: Annotated[int, typer.Option("--mnc-digits", min=2, max=3, help=text("cli.cells.mnc_digits"))] = 2,
) -> None:
    if form not in FORMATS:
        raise typer.BadParameter(" | ".join(FORMATS), param_hint="--format")
    wanted = Wanted(
        columns=_columns(mapped or []),
        opencellid=form == "opencellid",
        networks=tuple(_network(each, mnc_digits) for each in plmn or []),
        separator=_separator(separator),
        encoding=_encoding(encoding),
        mnc_digits=mnc_digits,
    )
    began = time.monotonic()
    with told(language()), progress(text("cells.progress")) as advance:
        account = import_cells(file, out, wanted, progress=advance)
    for line in told_account(account, out, time.monotonic() - began, language()):
        typer.echo(line)
    if not account.taken:
        raise typer.Exit(int(Exit.BAD_INPUT))


def told_account(account: Account, out: Path, seconds: float, language: str) -> list[str]:
    """How many were taken and where they are, then each reason with its number and first lines."""
    key = "cells.done" if account.taken else "cells.none"
    said = [words.say(key, language, rows=account.rows, taken=account.taken, out=str(out), seconds=f"{seconds:.1f}")]
    for reason, count in sorted(account.refused.items(), key=lambda item: (-item[1], item[0])):
        why = words.say(f"cells.refused.{reason}", language)
        lines = ", ".join(str(line) for line in account.lines[reason])
        said.append(words.say("cells.refused", language, count=count, why=why, lines=lines))
    return said


def _columns(mapped: list[str]) -> dict[str, str] | None:
    """COLUMN=FIELD, as often as there are columns to name."""
    columns: dict[str, str] = {}
    for each in mapped:
        column, equals, field = each.rpartition("=")
        if not equals or field not in FIELDS:
            raise typer.BadParameter(f"{each!r}: COLUMN=FIELD, {' | '.join(FIELDS)}", param_hint="--map")
        columns[field] = column
    return columns or None


def _network(plmn: str, mnc_digits: int) -> tuple[str, str]:
    try:
        return network_of(plmn, mnc_digits)
    except RowRefused:
        raise typer.BadParameter("460-00", param_hint="--plmn") from None


def _separator(given: str | None) -> str | None:
    if given is None:
        return None
    separator = {"tab": "\t", "\\t": "\t"}.get(given, given)
    if len(separator) != 1:
        raise typer.BadParameter(", | ; | tab", param_hint="--separator")
    return separator


def _encoding(given: str | None) -> str | None:
    try:
        if given is not None:
            codecs.lookup(given)
    except LookupError:
        raise typer.BadParameter("utf-8 | gb18030", param_hint="--encoding") from None
    return given


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="cells")
