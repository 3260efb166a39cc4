"""When a channel was on the air: 24 hours by 7 days, each with how often it was listened to and how often heard.

Hours are of UTC and days begin with Monday. Looks are counted in slots of five minutes, so that a sensor that stays and
one that sweeps count alike; a slot in which anybody heard it is one in which it was on the air. Where an hour has been
counted 255 times both counts are halved: years fit into 336 bytes, and what was long ago fades.
"""

from dataclasses import dataclass
from typing import Annotated

import msgspec

HOURS, DAYS = 24, 7
CELLS = HOURS * DAYS
SLOT_NS, HOUR_NS = 300 * 10**9, 3600 * 10**9
MOST = 255
MONDAY_H = 72  # 1970 began on a Thursday
ON_SHARE, OFF_SHARE = 0.6, 0.2
LEAST_DAYS, LEAST_ON_H, LEAST_OFF_H = 3, 2, 5
NOTHING = bytes(CELLS)
Counts = Annotated[bytes, msgspec.Meta(min_length=CELLS, max_length=CELLS)]


class OnAirWeek(msgspec.Struct, frozen=True, array_like=True):
    """slot : five minutes since 1970, the last one counted; slot_heard: it was heard in it"""

    slot: int = 0
    slot_heard: bool = False
    heard: Counts = NOTHING
    covered: Counts = NOTHING


@dataclass(frozen=True, slots=True)
class Timetable:
    """Comes on at the beginning of one hour of the day and goes off at that of another, UTC; on how many weekdays."""

    on_h: int
    off_h: int
    days: int

    @property
    def text(self) -> str:
        return f"{self.on_h:02d}:00–{self.off_h:02d}:00 UTC"


def with_slot(week: OnAirWeek | None, now_ns: int, *, heard: bool) -> OnAirWeek:
    """Listened to now. A slot counts once, and as heard if it was heard in any part of it."""
    old, slot, cell = week or OnAirWeek(), now_ns // SLOT_NS, cell_of(now_ns)
    if slot == old.slot:
        if old.slot_heard or not heard:
            return old
        return OnAirWeek(slot, True, _more(old.heard, cell), old.covered)
    if old.covered[cell] >= MOST:
        old = OnAirWeek(old.slot, old.slot_heard, _halved(old.heard, cell), _halved(old.covered, cell))
    return OnAirWeek(slot, heard, _more(old.heard, cell) if heard else old.heard, _more(old.covered, cell))


def cell_of(now_ns: int) -> int:
    """24 times the weekday and the hour."""
    return (now_ns // HOUR_NS + MONDAY_H) % CELLS


def shares(week: OnAirWeek) -> tuple[float | None, ...]:
    """Of each hour of the week, Monday first; None: never listened to."""
    pairs = zip(week.heard, week.covered, strict=True)
    return tuple(heard / covered if covered else None for heard, covered in pairs)


def timetable(week: OnAirWeek) -> Timetable | None:
    """One run of hours in which it is on nearly every day, and off in nearly all others; None: no such regularity.

    Needs three weekdays with both hours of on and of off, and nearly every hour of the day heard.
    """
    each = shares(week)
    by_hour = [[s for day in range(DAYS) if (s := each[HOURS * day + h]) is not None] for h in range(HOURS)]
    if sum(bool(known) for known in by_hour) < HOURS - 2:
        return None
    means = [sum(known) / len(known) if known else None for known in by_hour]
    on = [mean is not None and mean >= ON_SHARE for mean in means]
    starts = [h for h in range(HOURS) if on[h] and not on[h - 1]]
    off = sum(mean is not None and mean <= OFF_SHARE for mean in means)
    if len(starts) != 1 or sum(on) < LEAST_ON_H or off < LEAST_OFF_H:
        return None
    days = sum(_regular(each[HOURS * day : HOURS * (day + 1)], on) for day in range(DAYS))
    return Timetable(starts[0], (starts[0] + sum(on)) % HOURS, days) if days >= LEAST_DAYS else None


def outside(week: OnAirWeek, open_cells: tuple[bool, ...], *, least: int = 3) -> int:
    """Hours of the week in which it was on the air for the most part, by three slots or more, though not open then."""
    counts = zip(week.heard, week.covered, open_cells, strict=True)
    return sum(not is_open and covered >= least and 2 * heard >= covered for heard, covered, is_open in counts)


def _regular(day: tuple[float | None, ...], on: list[bool]) -> bool:
    known = [(share >= ON_SHARE, is_on) for share, is_on in zip(day, on, strict=True) if share is not None]
    both = any(is_on for _, is_on in known) and any(not is_on for _, is_on in known)
    return both and sum(heard == is_on for heard, is_on in known) >= 0.8 * len(known)


def _more(counts: bytes, cell: int) -> bytes:
    return counts[:cell] + bytes((min(counts[cell] + 1, MOST),)) + counts[cell + 1 :]


def _halved(counts: bytes, cell: int) -> bytes:
    return counts[:cell] + bytes((counts[cell] // 2,)) + counts[cell + 1 :]
