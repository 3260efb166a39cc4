"""What the server asks a sensor to do between two looks."""

import queue
from typing import Protocol

import numpy as np

from dsp.iq import IqBlock
from hardware.radio import Window
from wire.messages import Task

LONGEST_S = 5.0  # of one task: what a small computer can hold in memory
DONE = "done"


class Errands(Protocol):
    def next(self) -> Task | None:
        """The task that waits longest; None when none does."""
        ...

    def done(self, task: Task, block: IqBlock) -> None: ...

    def failed(self, task: Task, outcome: str) -> None: ...


class TaskLink(Protocol):
    """sensor.link.Link, as far as errands need it."""

    @property
    def tasks(self) -> "queue.Queue[Task]": ...

    def finish_task(self, task: Task, outcome: str) -> None: ...

    def deliver_snippet(
        self,
        task: Task,
        samples: bytes,
        *,
        sample_format: str,
        centre_hz: float,
        rate_hz: float,
        time_utc_ns: int | None,
    ) -> None: ...


class LinkErrands:
    """Tasks that come over the link, and go back there."""

    def __init__(self, link: TaskLink) -> None:
        self._link = link

    def next(self) -> Task | None:
        try:
            return self._link.tasks.get_nowait()
        except queue.Empty:
            return None

    def done(self, task: Task, block: IqBlock) -> None:
        if not task.snippet:
            self._link.finish_task(task, DONE)
            return
        self._link.deliver_snippet(
            task,
            as_cu8(block),
            sample_format="cu8",
            centre_hz=block.centre_hz,
            rate_hz=block.rate_hz,
            time_utc_ns=block.time_utc_ns,
        )

    def failed(self, task: Task, outcome: str) -> None:
        self._link.finish_task(task, outcome)


def window_of(task: Task) -> Window:
    return Window(task.centre_hz, task.rate_hz, min(task.seconds, LONGEST_S))


def as_cu8(block: IqBlock) -> bytes:
    """I, Q, I, Q … as a dongle delivers them; what is beyond full scale is clipped."""
    components = np.ascontiguousarray(block.samples).view(np.float32)
    stored: bytes = np.clip(np.rint(components * 127.5 + 127.5), 0, 255).astype(np.uint8).tobytes()
    return stored
