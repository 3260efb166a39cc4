"""Progress of long work on stderr: a bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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


def _lines(title: str) -> Callable[[float], None]:
    said, began = 0.0, time.monotonic()

    def advance(share: float) -> None:
        nonlocal said
        if share >= said + STEP and time.monotonic() - began > LONG_S:
            said = share - share % STEP
            print(f"{title}: {share:.0%}", file=sys.stderr, flush=True)  # noqa: T201

    return advance
