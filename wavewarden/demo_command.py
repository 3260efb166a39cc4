"""`wavewarden demo`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from wavewarden.language import language, text
from wavewarden.refusals import told

DEFAULT_PORT = 8080


def cache_folder() -> Path:
    """Where made IQ is kept between runs, by the XDG rule."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wavewarden"


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help=text("cli.demo.port"))] = DEFAULT_PORT,
    browser: Annotated[bool, typer.Option(help=text("cli.demo.browser"))] = True,
    seconds: Annotated[float | None, typer.Option(min=1, help=text("cli.demo.seconds"))] = None,
    folder: Annotated[Path | None, typer.Option("--folder", help=text("cli.demo.folder"))] = None,
) -> None:
    from wavewarden.demo.run import Demo, Wishes

    with told(language()):
        kept = (folder or cache_folder()) / "demo_city"
        demo = Demo(Wishes(port=port, browser=browser, seconds=seconds, folder=kept, language=language()))
        raise typer.Exit(int(demo.run()))


def add_to(app: typer.Typer) -> None:
    app.command(help=text("cli.demo"))(demo)
