"""Stations heard one after the other by one sample count: reference, target, reference, as the server asked.

A dongle's crystal samples on while its tuner is set to another frequency, so the count of samples says how much later
one part was than another. Samples lost on the way are not seen here when they are few: the server compares the
reference before and after, and refuses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dsp.errors import SignalError
from dsp.fm.phase_window import PASS_HZ, cut
from dsp.iq import IqBlock
from hardware.radio import Window
from wire.messages import Task

BESIDE_HZ = 0.3e6  # of the station from the receiver's own centre
MOST_PARTS = 5
MOST_SECONDS = 2.0  # of one part
LEAST_SECONDS = 0.3  # of a part that is worth sending
BEFORE_S, AFTER_S = 0.3, 0.1  # looked at more than is asked for: tuning takes its time
MOST_SPAN_S = 60.0


class BrokenCount(SignalError):
    """Parts that one sample count does not join."""

    def __init__(self, *, reason: str) -> None:
        super().__init__(f"the parts are not of one sample count: {reason}")
        self.reason = reason


@dataclass
class InTurn:
    """Remembers what of one task has been heard; only what was asked for of each look is kept."""

    task: Task
    parts: list[IqBlock] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return len(self.parts) >= len(stations(self.task))

    def offer(self, block: IqBlock) -> None:
        """Take the next part if this look has it; at most one a look. Raises BrokenCount."""
        number = len(self.parts)
        if self.whole or block.time_utc_ns is None or not _holds(block, stations(self.task)[number]):
            return
        begin_ns = due_ns(self.task, number)
        end_ns = block.time_utc_ns + round(block.seconds * 1e9)
        if end_ns < begin_ns + LEAST_SECONDS * 1e9:
            return
        part = cut(block, begin_utc_ns=begin_ns, seconds=seconds(self.task))
        if self.parts:
            refuse_broken(self.parts[0], block)
        self.parts.append(replace(part, samples=part.samples.copy()))


def stations(task: Task) -> Sequence[float]:
    return task.in_turn_hz[:MOST_PARTS]


def seconds(task: Task) -> float:
    return min(task.seconds, MOST_SECONDS)


def due_ns(task: Task, number: int) -> int:
    """When a part begins."""
    return (task.at_utc_ns or 0) + round(number * task.every_s * 1e9)


def window(task: Task, number: int) -> Window:
    """What to look at for a part."""
    return Window(stations(task)[number] - BESIDE_HZ, task.rate_hz, seconds(task) + BEFORE_S + AFTER_S)


def since_s(first: IqBlock, later: IqBlock) -> float:
    """By the receiver's own clock."""
    return (later.first_sample - first.first_sample) / first.rate_hz


def refuse_broken(first: IqBlock, later: IqBlock) -> None:
    """Raises BrokenCount."""
    if not (first.count_kept and later.count_kept):
        raise BrokenCount(reason="the recording does not say the receiver's count")
    if later.rate_hz != first.rate_hz:
        raise BrokenCount(reason="the rate changed")
    if later.lost_samples:
        raise BrokenCount(reason=f"about {later.lost_samples} samples were lost")
    if not 0 < since_s(first, later) < MOST_SPAN_S:
        raise BrokenCount(reason=f"{since_s(first, later):.1f} s between them")


def _holds(block: IqBlock, freq_hz: float) -> bool:
    return abs(freq_hz - block.centre_hz) + PASS_HZ <= block.rate_hz / 2
