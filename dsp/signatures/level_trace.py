"""How a station's level went in the last looks: is it as steady as a transmitter nearby, or does it fade?

What comes over the horizon swells and fades by many decibels within minutes, by ducting slowly, by sporadic E fast. A
transmitter of the town is steady to a decibel or two at a sensor that stands still; when its power is changed, that is
one step.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

EVERY_NS = 20 * 10**9
GONE_NS = 900 * 10**9  # not heard for so long: what is heard next has nothing to do with it
MOST_SAMPLES = 32
SLOWER_FROM = 4  # samples: the longer it is heard the rarer they are taken, so that a full trace spans an hour and more
STEP_DB, LOWEST_DB = 0.5, -120.0
LEAST_SAMPLES = 3
LEAST_RANGE_DB, MOST_STEP_SHARE, LEAST_WOBBLE_DB = 5.0, 0.6, 2.5
MOST_OF_THE_WAY = 0.75
MANY_STEPS = 7
LEAST_STEP_DB = 6.0  # where there are two samples only; a third tells a change of power from fading


class Trace(msgspec.Struct, frozen=True, array_like=True):
    """marks: a byte a sample, half decibels above −120 dBFS, oldest first"""

    at_ns: int
    marks: bytes


@dataclass(frozen=True, slots=True)
class Course:
    """range_db : greatest less smallest; wobble_db : mean of the steps; step_db : the greatest of them
    left_db    : the range with the greatest step taken out, of many samples the two greatest: power turned up and down
    """

    samples: int
    range_db: float
    wobble_db: float
    step_db: float
    left_db: float = 0.0

    @property
    def fades(self) -> bool:
        if self.samples == 2:
            return self.step_db >= LEAST_STEP_DB
        of_one_step = self.step_db > MOST_STEP_SHARE * self.range_db and self.left_db < LEAST_RANGE_DB
        slow = self.range_db >= LEAST_RANGE_DB and not of_one_step
        way_db = self.wobble_db * (self.samples - 1)
        fast = self.wobble_db >= LEAST_WOBBLE_DB and self.step_db <= MOST_OF_THE_WAY * way_db
        return self.samples >= LEAST_SAMPLES and (slow or fast)


def with_level(old: Trace | None, level_dbfs: float, now_ns: int) -> Trace:
    mark = max(0, min(255, round((level_dbfs - LOWEST_DB) / STEP_DB)))
    if old is None or not 0 <= now_ns - old.at_ns <= GONE_NS:
        return Trace(now_ns, bytes((mark,)))
    if now_ns - old.at_ns < EVERY_NS * (1 + len(old.marks) // SLOWER_FROM):
        return old
    return Trace(now_ns, (old.marks + bytes((mark,)))[-MOST_SAMPLES:])


def course(trace: Trace | None) -> Course | None:
    return None if trace is None else course_of([LOWEST_DB + STEP_DB * mark for mark in trace.marks])


def course_of(levels_db: Sequence[float]) -> Course:
    """Of at least one level, oldest first."""
    steps = [b - a for a, b in itertools.pairwise(levels_db)] or [0.0]
    sizes = [abs(step) for step in steps]
    return Course(
        samples=len(levels_db),
        range_db=max(levels_db) - min(levels_db),
        wobble_db=sum(sizes) / len(sizes),
        step_db=max(sizes),
        left_db=_left_db(steps, sizes),
    )


def _left_db(steps: Sequence[float], sizes: Sequence[float]) -> float:
    """The range of the levels as if the greatest steps had not been."""
    out = sorted(range(len(steps)), key=lambda n: -sizes[n])[: 1 + (len(steps) >= MANY_STEPS)]
    rebuilt = list(itertools.accumulate(0.0 if n in out else step for n, step in enumerate(steps)))
    return max(0.0, *rebuilt) - min(0.0, *rebuilt)
