"""Progress of long work: a bar on a terminal, on stderr a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

STEP = 0.25  # between two lines where there is no terminal
LONG_S = 2.0  # shorter work needs no word


@contextmanager
def progress(title: str) -> Iterator[Callable[[float], None]]:
    """Yields a function that takes the share done, 0 to 1."""
    if not sys.stderr.isatty():
        yield _lines(title)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(escape(title), total=1.0)
        yield lambda share: bar.update(task, completed=share)


@contextmanager
def progress_beside_lines(title: str) -> Iterator[tuple[Callable[[float], None], Callable[[str], None]]]:
    """For work that prints lines as it goes: what takes the share done, and what prints a line to stdout.

    A bar and lines on one terminal must not be written over each other; lines into a file must not end on the terminal.
    """
    if not sys.stderr.isatty():
        yield _lines(title), _print
        return
    on_one = sys.stdout.isatty()
    console = Console(file=sys.stdout if on_one else sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    remaining = TimeRemainingColumn()
    with Progress(*columns, remaining, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task(escape(title), total=1.0)
        above = partial(console.print, markup=False, highlight=False, soft_wrap=True)
        yield lambda share: bar.update(task, completed=share), above if on_one else _print


def _print(line: str) -> None:
    typer.echo(line)  # flushed line by line


def _lines(title: str) -> Callable[[float], None]:
    said, began = 0.0, time.monotonic()

    def advance(share: float) -> None:
        nonlocal said
        if share >= said + STEP and time.monotonic() - began > LONG_S:
            said = share - share % STEP
            print(f"{title}: {share:.0%}", file=sys.stderr, flush=True)  # noqa: T201

    return advance
