"""What the sensor heard before, kept over restarts: a baseline of weeks is worth more than one of minutes."""

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from dsp.signatures.history import SiteHistory

log = logging.getLogger(__name__)
EVERY_S = 300.0
HISTORY_FILE = "history.msgpack"
_decoder = msgspec.msgpack.Decoder(SiteHistory)


def load(path: Path) -> SiteHistory:
    """What was kept. Nothing, or something another version wrote, is an empty history."""
    try:
        return _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return SiteHistory()
    except (OSError, msgspec.MsgspecError) as error:
        log.warning("%s cannot be read (%s): the sensor begins without a history", path, error)
        return SiteHistory()


def save(path: Path, history: SiteHistory) -> None:
    """Whole or not at all. A disk that cannot be written costs the history, not the survey."""
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(msgspec.msgpack.encode(history))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        log.warning("%s cannot be written: %s", path, error)
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def latest_ns(history: SiteHistory) -> int:
    """The newest time in it; 0 when it is empty."""
    cells = [record.last_ns for record in history.cells.values()]
    stations = [record.last_ns for record in history.stations.values()]
    return max([*cells, *stations], default=0)


class Keeper:
    """Writes what it is given, but not oftener than every `every_s`; the last is written by `write`."""

    def __init__(self, path: Path, monotonic_ns: Callable[[], int], *, every_s: float = EVERY_S) -> None:
        self._path, self._monotonic_ns, self._every_ns = path, monotonic_ns, round(every_s * 1e9)
        self._written_ns = monotonic_ns()
        self._last: SiteHistory | None = None

    def keep(self, history: SiteHistory) -> None:
        self._last = history
        if self._monotonic_ns() - self._written_ns >= self._every_ns:
            self.write()

    def write(self) -> None:
        if self._last is not None:
            self._written_ns = self._monotonic_ns()
            save(self._path, self._last)
            self._last = None
