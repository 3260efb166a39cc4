"""Moments that several sensors are to hear at once, as the server set them."""

import time
from collections.abc import Callable, Iterator

from dsp.errors import SignalError
from dsp.iq import IqBlock
from hardware.radio import Window
from sensor.phases import HeardBy, phases_at
from wire.messages import Task
from wire.phase_snippet import PhaseSnippet

BEFORE_S, AFTER_S = 0.3, 0.5  # tuning takes its time, and clocks differ
MOST_SECONDS = 3.0
NEXT_LOOK_S = 3.0  # a moment nearer than this is waited for: another look would miss it
LATE_S = 1.0  # a look begun so late may still hear a part of it
GIVEN_UP_S = 30.0
MOST = 20


class Appointments:
    """Remembers those that are not over. `sleep` : how to wait, e.g. the `wait` of an event that a signal sets."""

    def __init__(
        self, *, utc_ns: Callable[[], int] = time.time_ns, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._utc_ns, self._sleep = utc_ns, sleep
        self._tasks: list[Task] = []

    def note(self, task: Task) -> None:
        self._tasks.append(task)

    def forget(self, task: Task) -> None:
        self._tasks = [each for each in self._tasks if each.id != task.id]

    def due(self) -> Task | None:
        """One whose moment has come; returns shortly before it. None when there is time for another look."""
        for task in self._tasks:
            wait_s = (_at_ns(task) - self._utc_ns()) * 1e-9 - BEFORE_S
            if -LATE_S < wait_s <= NEXT_LOOK_S:
                self._sleep(max(0.0, wait_s))
                return task
        return None

    def kept(self, block: IqBlock, heard_by: HeardBy) -> Iterator[tuple[Task, PhaseSnippet | str]]:
        """Those that end with this look, each once, with what it gives; or the name of what went wrong."""
        now_ns = max(self._utc_ns(), block.time_utc_ns or 0)
        for task in list(self._tasks):
            kept = _kept(task, block, heard_by)
            late = (now_ns - _at_ns(task)) * 1e-9 > GIVEN_UP_S or len(self._tasks) > MOST
            if kept is None and late:
                kept = "too_late"
            if kept is not None:
                self._tasks.remove(task)
                yield task, kept


def appointed_window(task: Task) -> Window:
    return Window(task.centre_hz, task.rate_hz, min(task.seconds, MOST_SECONDS) + BEFORE_S + AFTER_S)


def _at_ns(task: Task) -> int:
    return task.at_utc_ns or 0


def _kept(task: Task, block: IqBlock, heard_by: HeardBy) -> PhaseSnippet | str | None:
    seconds = min(task.seconds, MOST_SECONDS)
    try:
        return phases_at(block, task.stations_hz, at_utc_ns=_at_ns(task), seconds=seconds, heard_by=heard_by)
    except SignalError as error:
        return type(error).__name__
