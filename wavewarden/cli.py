"""The command line: what can be asked, in the language of the terminal. The work is in the commands' own files."""

import shell.one_thread  # noqa: F401, I001  # before anything that loads NumPy

import sys
from importlib import metadata
from typing import Annotated

import typer

from shell import words
from wavewarden import (
    aviation_command,
    bearing_commands,
    cells_command,
    coverage_command,
    demo_command,
    fm_commands,
    gsm_commands,
    licences_command,
    locate_command,
    make_command,
    rejudge_command,
    replay_command,
    sensor_commands,
    server_commands,
    weights_command,
)
from wavewarden.language import language

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=f"{words.say('cli.about', language())}\n\n{words.say('cli.exits', language())}",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(metadata.version("wavewarden"))
        raise typer.Exit


@app.callback()
def options(
    lang: Annotated[str, typer.Option("--lang", help=words.say("cli.lang", language()))] = language(),
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help=words.say("cli.version", language())),
    ] = False,
) -> None:
    """Read before the commands; `--lang` was already taken by wavewarden.language, so that help speaks it too."""
    if lang not in words.LANGUAGES:
        raise typer.BadParameter("zh | en", param_hint="--lang")


demo_command.add_to(app)
replay_command.add_to(app)
rejudge_command.add_to(app)
locate_command.add_to(app)
coverage_command.add_to(app)
gsm_commands.add_to(app)
fm_commands.add_to(app)
make_command.add_to(app)
sensor_commands.add_to(app)
bearing_commands.add_to(app)
server_commands.add_to(app)
cells_command.add_to(app)
aviation_command.add_to(app)
licences_command.add_to(app)
weights_command.add_to(app)


def main() -> None:
    for stream in (sys.stdout, sys.stderr):  # Chinese text must not depend on the terminal's locale
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()
