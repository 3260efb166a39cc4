"""`wavewarden make-recording`: a scenario becomes IQ."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from recordings.scenario_read import open_scenario, scenario_names
from wavewarden.language import language, text
from wavewarden.progress import progress
from wavewarden.refusals import told


def make_recording(
    scenario: Annotated[str, typer.Argument(help=text("cli.make.scenario", names=", ".join(scenario_names())))],
    out: Annotated[Path, typer.Option("--out", help=text("cli.make.out"))] = Path("made"),
    workers: Annotated[int, typer.Option(min=1, help=text("cli.make.workers"))] = min(2, os.cpu_count() or 1),
) -> None:
    from recordings.make import make

    with told(language()):
        plan = open_scenario(scenario)
        with progress(text("make.progress")) as advance:
            made = make(plan, out, progress=advance, workers=workers)
    Console().print(text("make.done", count=len(made), folder=out), soft_wrap=True)


def add_to(app: typer.Typer) -> None:
    app.command("make-recording", help=text("cli.make"))(make_recording)
