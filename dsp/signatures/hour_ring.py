"""A quantity in dB by hour of the day: the last few samples of each hour, from which median and spread are taken.

A sample is a byte of half decibels about `base_db`, so that a day costs 192 bytes a cell. Samples are counted, never
spans of time: a clock that leaps five years fills no hour.
"""

import statistics
from dataclasses import dataclass
from typing import Annotated

import msgspec

HOURS, DEPTH = 24, 8
EVERY_NS = 1200 * 10**9  # between two samples: eight of an hour are those of three days
HOUR_NS, DAY_NS = 3600 * 10**9, 86400 * 10**9
STEP_DB = 0.5
MIDDLE = 128  # the byte of `base_db`; 0 is "no sample"
LEAST_HERE = 8  # of this hour and its neighbours; with fewer, the whole day stands for them
MAD_TO_SIGMA = 1.4826
LEAST_SAMPLES, LEAST_HOURS, LEAST_DAYS, DAY_OF_SAMPLES = 20, 20, 4, 72
EMPTY = bytes(HOURS * DEPTH)


class HourRing(msgspec.Struct, frozen=True, array_like=True):
    """marks: (24·DEPTH,) bytes, an hour's oldest sample first; at_ns: when the last sample was taken."""

    base_db: float
    at_ns: int
    marks: Annotated[bytes, msgspec.Meta(min_length=HOURS * DEPTH, max_length=HOURS * DEPTH)] = EMPTY
    days: int = 1  # on which samples were taken


@dataclass(frozen=True, slots=True)
class Robust:
    middle_db: float
    sigma_db: float  # 1.4826 times the median distance from the middle
    least_db: float
    most_db: float
    n: int


def hour_of(time_ns: int) -> int:
    """Hour of the day, by whatever clock the time is of: only that it is the same each day matters."""
    return time_ns // HOUR_NS % HOURS


def due(ring: HourRing | None, time_ns: int) -> bool:
    """A time before the last sample is a clock set back: a new sample is due then too."""
    return ring is None or not 0 <= time_ns - ring.at_ns < EVERY_NS


def with_sample(ring: HourRing | None, value_db: float, time_ns: int) -> HourRing:
    if ring is None:
        ring = HourRing(base_db=value_db, at_ns=time_ns)
    mark = max(1, min(255, MIDDLE + round((value_db - ring.base_db) / STEP_DB)))
    first = hour_of(time_ns) * DEPTH
    hour = ring.marks[first + 1 : first + DEPTH] + bytes((mark,))
    marks = ring.marks[:first] + hour + ring.marks[first + DEPTH :]
    days = ring.days + (time_ns // DAY_NS > ring.at_ns // DAY_NS)
    return HourRing(base_db=ring.base_db, at_ns=time_ns, marks=marks, days=days)


def passed_over(ring: HourRing, time_ns: int) -> HourRing:
    """A sample was due and is not to be learnt."""
    return msgspec.structs.replace(ring, at_ns=time_ns)


def samples(ring: HourRing) -> int:
    return len(ring.marks) - ring.marks.count(0)


def hours(ring: HourRing) -> int:
    """Hours of the day of which there is a sample."""
    return sum(any(ring.marks[first : first + DEPTH]) for first in range(0, HOURS * DEPTH, DEPTH))


def covers_a_day(ring: HourRing | None) -> bool:
    """At least a day was heard: nearly every hour of it, as many samples as a day has, or some on several days."""
    if ring is None:
        return False
    n = samples(ring)
    return n >= DAY_OF_SAMPLES or (n >= LEAST_SAMPLES and (ring.days >= LEAST_DAYS or hours(ring) >= LEAST_HOURS))


def usual(ring: HourRing, time_ns: int) -> Robust | None:
    """What is usual at this hour of the day; None without any sample."""
    first = hour_of(time_ns) * DEPTH
    thrice = ring.marks[-DEPTH:] + ring.marks + ring.marks[:DEPTH]
    around = thrice[first : first + 3 * DEPTH].replace(b"\0", b"")
    marks = around if len(around) >= LEAST_HERE else ring.marks.replace(b"\0", b"")
    if not marks:
        return None
    middle = statistics.median(marks)
    spread = statistics.median([abs(mark - middle) for mark in marks])
    return Robust(
        middle_db=_db(ring, middle),
        sigma_db=MAD_TO_SIGMA * STEP_DB * spread,
        least_db=_db(ring, min(marks)),
        most_db=_db(ring, max(marks)),
        n=len(marks),
    )


def _db(ring: HourRing, mark: float) -> float:
    return ring.base_db + STEP_DB * (mark - MIDDLE)
