"""Moments that several sensors are to hear at once, as the server set them."""

import time
from collections.abc import Callable, Iterator

from dsp.errors import SignalError
from dsp.iq import IqBlock
from hardware.radio import Window
from sensor import in_turn
from sensor.in_turn import InTurn
from sensor.phases import HeardBy, phases_at, phases_in_turn
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
        self._in_turn: dict[str, InTurn] = {}

    def note(self, task: Task) -> None:
        self._tasks.append(task)
        if task.in_turn_hz:
            self._in_turn[task.id] = InTurn(task)

    def forget(self, task: Task) -> None:
        self._tasks = [each for each in self._tasks if each.id != task.id]
        self._in_turn.pop(task.id, None)

    def due(self) -> Task | None:
        """One whose moment has come; returns shortly before it. None when there is time for another look."""
        for task in self._tasks:
            wait_s = (_at_ns(task) - self._utc_ns()) * 1e-9 - BEFORE_S
            if -LATE_S < wait_s <= NEXT_LOOK_S:
                self._sleep(max(0.0, wait_s))
                return task
        return None

    def windows(self, task: Task) -> Iterator[Window]:
        """What to look at one after the other for a task that is due; waits before each."""
        if not task.in_turn_hz:
            yield appointed_window(task)
            return
        for number in range(len(in_turn.stations(task))):
            self._sleep(max(0.0, (in_turn.due_ns(task, number) - self._utc_ns()) * 1e-9 - in_turn.BEFORE_S))
            yield in_turn.window(task, number)

    def kept(self, block: IqBlock, heard_by: HeardBy) -> Iterator[tuple[Task, PhaseSnippet | str]]:
        """Those that end with this look, each once, with what it gives; or the name of what went wrong."""
        now_ns = max(self._utc_ns(), block.time_utc_ns or 0)
        for task in list(self._tasks):
            kept = self._kept(task, block, heard_by)
            late = (now_ns - _at_ns(task)) * 1e-9 > GIVEN_UP_S or len(self._tasks) > MOST
            if kept is None and late:
                kept = "too_late"
            if kept is not None:
                self.forget(task)
                yield task, kept

    def _kept(self, task: Task, block: IqBlock, heard_by: HeardBy) -> PhaseSnippet | str | None:
        held = self._in_turn.get(task.id)
        try:
            return _kept(task, block, heard_by) if held is None else _heard(held, block, heard_by)
        except SignalError as error:
            return type(error).__name__


def appointed_window(task: Task) -> Window:
    return Window(task.centre_hz, task.rate_hz, min(task.seconds, MOST_SECONDS) + BEFORE_S + AFTER_S)


def _at_ns(task: Task) -> int:
    return task.at_utc_ns or 0


def _kept(task: Task, block: IqBlock, heard_by: HeardBy) -> PhaseSnippet | str | None:
    longest_s = min(task.seconds, MOST_SECONDS)
    return phases_at(block, task.stations_hz, at_utc_ns=_at_ns(task), seconds=longest_s, heard_by=heard_by)


def _heard(held: InTurn, block: IqBlock, heard_by: HeardBy) -> PhaseSnippet | None:
    """None until every part was heard."""
    held.offer(block)
    if not held.whole:
        return None
    task = held.task
    return phases_in_turn(held.parts, in_turn.stations(task), seconds=in_turn.seconds(task), heard_by=heard_by)
