"""`wavewarden make-recording`: a scenario becomes IQ."""

import os
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from wavewarden.language import language, text
from wavewarden.progress import progress
from wavewarden.refusals import told


def included() -> str:
    """Names of the scenarios that come with the program, read without loading what makes them."""
    files = resources.files("recordings").joinpath("scenarios").iterdir()
    return ", ".join(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def make_recording(
    scenario: Annotated[str, typer.Argument(help=text("cli.make.scenario", names=included()))],
    out: Annotated[Path, typer.Option("--out", help=text("cli.make.out"))] = Path("made"),
    workers: Annotated[int, typer.Option(min=1, help=text("cli.make.workers"))] = min(2, os.cpu_count() or 1),
) -> None:
    from recordings.make import make
    from recordings.scenario_read import open_scenario

    with told(language()):
        plan = open_scenario(scenario)
        with progress(text("make.progress")) as advance:
            made = make(plan, out, progress=advance, workers=workers)
    typer.echo(text("make.done", count=len(made), folder=out))


def add_to(app: typer.Typer) -> None:
    app.command("make-recording", help=text("cli.make"))(make_recording)
