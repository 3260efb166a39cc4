"""What the server asks a sensor to do between two looks."""

import queue
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dsp.channelise import channelise
from dsp.iq import IqBlock
from hardware.radio import Window
from sensor.appointments import Appointments
from sensor.phases import HeardBy
from wire.messages import Task, appointed
from wire.phase_snippet import FORMAT as PHASES
from wire.phase_snippet import encode_phases

MOST_SAMPLES = 12_000_000  # of one task, 5 s of 2.4 MS/s: what a small computer can hold in memory
LONGEST_S = 20.0  # of a narrow window
LONGEST_RECORDED_S = 5.0  # a recording is as wide as it is, whatever was asked
FILL = 0.5
PASS, STOP = 0.45, 0.55  # of the rate: where a window is cut out of a wider one
DONE = "done"


class Errands(Protocol):
    def next(self) -> Task | None:
        """The task that waits longest; None when none does."""
        ...

    def done(self, task: Task, block: IqBlock) -> None: ...

    def failed(self, task: Task, outcome: str) -> None: ...

    @property
    def appointments(self) -> Appointments:
        """Tasks for a moment that several sensors are to hear."""
        ...

    def overheard(self, block: IqBlock, heard_by: HeardBy) -> None: ...


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

    def __init__(self, link: TaskLink, *, appointments: Appointments | None = None) -> None:
        self._link = link
        self.appointments = appointments or Appointments()

    def next(self) -> Task | None:
        while True:
            try:
                task = self._link.tasks.get_nowait()
            except queue.Empty:
                return None
            if not appointed(task):
                return task
            self.appointments.note(task)

    def overheard(self, block: IqBlock, heard_by: HeardBy) -> None:
        """Answer the appointments that this look serves, whatever it was made for."""
        for task, kept in self.appointments.kept(block, heard_by):
            if isinstance(kept, str):
                self.failed(task, kept)
                continue
            self._link.deliver_snippet(
                task,
                encode_phases(kept),
                sample_format=PHASES,
                centre_hz=block.centre_hz,
                rate_hz=kept.parts[0].rate_hz,
                time_utc_ns=kept.time_utc_ns,
            )

    def done(self, task: Task, block: IqBlock) -> None:
        if not task.snippet:
            self._link.finish_task(task, DONE)
            return
        block = as_asked(block, task)
        self._link.deliver_snippet(
            task,
            as_cu8(block),
            sample_format="cu8",
            centre_hz=block.centre_hz,
            rate_hz=block.rate_hz,
            time_utc_ns=block.time_utc_ns,
        )

    def failed(self, task: Task, outcome: str) -> None:
        self.appointments.forget(task)
        self._link.finish_task(task, outcome)


def window_of(task: Task) -> Window:
    longest_s = min(LONGEST_S, MOST_SAMPLES / task.rate_hz) if task.rate_hz > 0 else LONGEST_S
    return Window(task.centre_hz, task.rate_hz, min(task.seconds, longest_s))


def recorded_window_of(task: Task) -> Window:
    """The same of a recording."""
    return replace(window_of(task), seconds=min(task.seconds, LONGEST_RECORDED_S))


def as_asked(block: IqBlock, task: Task) -> IqBlock:
    """No longer than asked, and cut out of a wider window: a recording has the rate it has, a line is narrow."""
    block = replace(block, samples=block.samples[: max(1, round(task.seconds * block.rate_hz))])
    if block.rate_hz < 1.5 * task.rate_hz:
        return block
    cut = channelise(
        block.samples,
        block.rate_hz,
        offsets_hz=[task.centre_hz - block.centre_hz],
        out_rate_hz=task.rate_hz,
        pass_hz=PASS * task.rate_hz,
        stop_hz=STOP * task.rate_hz,
    )
    samples = _filled(cut.samples[0])
    return replace(block, samples=samples, rate_hz=cut.rate_hz, centre_hz=task.centre_hz)


def _filled(samples: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Turned up until its largest part fills half the scale: what is cut out of a crowd is faint, and has 8 bits."""
    parts = samples.view(np.float32)
    largest = float(np.abs(parts).max()) if len(parts) else 0.0
    return samples * np.float32(max(1.0, FILL / largest)) if largest > 0 else samples


def as_cu8(block: IqBlock) -> bytes:
    """I, Q, I, Q … as a dongle delivers them; what is beyond full scale is clipped."""
    components = np.ascontiguousarray(block.samples).view(np.float32)
    stored: bytes = np.clip(np.rint(components * 127.5 + 127.5), 0, 255).astype(np.uint8).tobytes()
    return stored
