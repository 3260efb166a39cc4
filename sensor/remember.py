"""What the sensor heard before, kept over restarts: a baseline of weeks is worth more than one of minutes.

Written seldom when it is large, so that a memory card lasts: a power cut then costs the last hour of a long memory.
"""

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from dsp.signatures.history import LEARNING_DAYS, SiteHistory

log = logging.getLogger(__name__)
EVERY_S = 300.0
BYTES_A_SECOND = 2000.0  # on the average, of a large history: 170 MB a day
AHEAD_NS = 86400 * 10**9
HISTORY_FILE = "history.msgpack"
_decoder = msgspec.msgpack.Decoder(SiteHistory)


def load(path: Path) -> SiteHistory:
    """What was kept. Nothing, or something another version wrote, is an empty history."""
    try:
        return _decoder.decode(path.read_bytes()).restarted()
    except FileNotFoundError:
        return SiteHistory()
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("%s cannot be read (%s): the sensor begins without a history", path, error)
        return SiteHistory()


def save(path: Path, history: SiteHistory) -> int:
    """Whole or not at all; the bytes written. A disk that cannot be written costs the history, not the survey."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            written = file.write(msgspec.msgpack.encode(history))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path, error)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        return 0
    return written


def say_of(path: Path, history: SiteHistory, *, utc_ns: int) -> None:
    """What is known at a start, and whether its times can be right."""
    cells = len(history.cells)
    if cells and not history.learnt:
        log.info("%s: %d cells, learnt on %d of %d days", path, cells, history.days, LEARNING_DAYS)
    elif cells:
        log.info("%s: %d cells, learnt on %d days", path, cells, history.days)
    ahead_ns = latest_ns(history) - utc_ns
    if ahead_ns > AHEAD_NS:
        log.warning(
            "%s was written %.1f days after what the clock says now: one of the two is wrong; time goes on from there",
            path,
            ahead_ns / 86400e9,
        )
    if history.leaps:
        log.warning("%s: time went back, or leapt by a month, %d times", path, history.leaps)


def latest_ns(history: SiteHistory) -> int:
    """The newest time in it; 0 when it is empty."""
    cells = [record.last_ns for known in (history.settled, history.fresh) for record in known.values()]
    stations = [record.last_ns for record in history.stations.values()]
    return max([*cells, *stations], default=0)


class Keeper:
    """Writes what it is given, but not oftener than every `every_s`; the last is written by `write`."""

    def __init__(self, path: Path, monotonic_ns: Callable[[], int], *, every_s: float = EVERY_S) -> None:
        self._path, self._monotonic_ns, self._every_ns = path, monotonic_ns, round(every_s * 1e9)
        self._due_ns = monotonic_ns() + self._every_ns
        self._last: SiteHistory | None = None

    def keep(self, history: SiteHistory) -> None:
        self._last = history
        if self._monotonic_ns() >= self._due_ns:
            self.write()

    def write(self) -> None:
        if self._last is not None:
            pause_ns = round(1e9 * save(self._path, self._last) / BYTES_A_SECOND)
            self._due_ns = self._monotonic_ns() + max(self._every_ns, pause_ns)
            self._last = None
