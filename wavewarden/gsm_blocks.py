"""Every block and every synchronisation burst of recordings, one a line, as they are read."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Unpack

from rich.console import Console

from recordings.read import Recording
from shell.exits import Exit
from wavewarden.given import Given
from wavewarden.gsm_events import Event, listen_through
from wavewarden.gsm_lines import COLUMNS, head, json_line, plain_line
from wavewarden.gsm_silence import GsmSilence
from wavewarden.gsm_tap import Tap, send_event, taps
from wavewarden.language import text
from wavewarden.progress import progress_beside_lines
from wavewarden.work_through import note, work_through

ENDLESS = 1_000_000  # columns, where there is no terminal


def print_blocks(
    files: Sequence[Path], *, as_json: bool, pcap: Path | None, gsmtap: str | None, **given: Unpack[Given]
) -> Exit:
    """Raises OSError and NotReachable of the taps; what is wrong with a file is told."""
    with taps(pcap, gsmtap) as opened:
        try:
            return work_through(files, partial(_print_one, as_json=as_json, opened=opened), GsmSilence, **given)
        except KeyboardInterrupt:
            note(text("scan.interrupted"))
            return Exit.DONE


def _print_one(file: Path, recording: Recording, silence: GsmSilence, *, as_json: bool, opened: list[Tap]) -> bool:
    count = 0
    with progress_beside_lines(text("replay.progress", file=file.name)) as (advance, say):
        line_of = partial(json_line, str(file)) if as_json else _plain(file)
        for step in listen_through(recording):
            silence.measure(step.stretch.block)
            for event in step.events:
                send_event(opened, event)
                say(line_of(event))
            count += len(step.events)
            advance(step.stretch.share)
    return count > 0


def _plain(file: Path) -> Callable[[Event], str]:
    """The first line has the file and the titles above it."""
    columns = Console().width if sys.stdout.isatty() else ENDLESS
    titles = [text(title) if title.startswith("gsm.") else title for title in COLUMNS]
    above = [f"{file}\n{head(titles)}\n"]

    def line_of(event: Event) -> str:
        return (above.pop() if above else "") + plain_line(event, columns=columns)

    return line_of
