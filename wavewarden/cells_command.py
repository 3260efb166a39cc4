"""`wavewarden cells import`: an operator's table of cells becomes the list that sensors and servers read."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shell.exits import Exit
from wavewarden.cell_import import Wanted, import_cells
from wavewarden.cell_rows import FIELDS, network_of
from wavewarden.language import language, text
from wavewarden.progress import progress
from wavewarden.refusals import told
from wavewarden.table_file import RowRefused
from wavewarden.table_options import columns_of, encoding_named, separator_of, told_account

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
        columns=columns_of(mapped or [], FIELDS),
        opencellid=form == "opencellid",
        networks=tuple(_network(each, mnc_digits) for each in plmn or []),
        separator=separator_of(separator),
        encoding=encoding_named(encoding),
        mnc_digits=mnc_digits,
    )
    began = time.monotonic()
    with told(language()), progress(text("cells.progress")) as advance:
        account = import_cells(file, out, wanted, progress=advance)
    for line in told_account(account, "cells", str(out), time.monotonic() - began, language()):
        typer.echo(line)
    if not account.taken:
        raise typer.Exit(int(Exit.BAD_INPUT))


def _network(plmn: str, mnc_digits: int) -> tuple[str, str]:
    try:
        return network_of(plmn, mnc_digits)
    except RowRefused:
        raise typer.BadParameter("460-00", param_hint="--plmn") from None


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="cells")
