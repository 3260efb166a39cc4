"""`wavewarden aviation import`: the aeronautical frequencies in use nearby, for the list of licences."""

import time
from pathlib import Path
from typing import Annotated

import typer

from shell.exits import Exit
from wavewarden.aviation_import import import_aviation
from wavewarden.language import language, text
from wavewarden.refusals import told
from wavewarden.table_options import told_account

app = typer.Typer(help=text("cli.aviation"), no_args_is_help=True)


@app.callback()
def _aviation() -> None:
    """One command, still named."""


@app.command("import", help=text("cli.aviation.import"))
def import_(
    file: Annotated[Path, typer.Argument(help=text("cli.aviation.file"))],
    out: Annotated[Path, typer.Option("--out", help=text("cli.aviation.out"))] = Path("licences.toml"),
) -> None:
    began = time.monotonic()
    with told(language()):
        account = import_aviation(file, out)
    for line in told_account(account, "aviation", str(out), time.monotonic() - began, language()):
        typer.echo(line)
    if not account.taken:
        raise typer.Exit(int(Exit.BAD_INPUT))


def add_to(parent: typer.Typer) -> None:
    parent.add_typer(app, name="aviation")
