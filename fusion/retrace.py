"""A record followed from its first measurement to its last, for what was never followed while it was heard."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from fusion.locate.evidence import Evidence
from fusion.locate.power import propagation
from fusion.place import EVERY_NS, few_corners, with_motion
from fusion.track.follow import Following, cloud_fix, followed
from fusion.values import Emitter, Rules

SECOND_NS = 10**9
LEAST_NS = 60 * SECOND_NS  # shorter, nothing can be seen to move
AGAIN_NS = 60 * SECOND_NS  # what moves is seen to move more than once: one jump was a mistake put right
MEMORY_NS = 600 * SECOND_NS  # how far back anything that judges motion looks
MOST_STEPS, MOST_TRACK = 720, 200
NOTHING: dict[str, object] = {"moving": None, "moved_utc_ns": None, "cloud": None, "track": ()}


class _Timed(Protocol):
    @property
    def time_utc_ns(self) -> int: ...


Row = TypeVar("Row", bound=_Timed)


@dataclass(frozen=True, slots=True)
class _InOrder:
    """All that was measured, oldest first."""

    evidence: Evidence

    @classmethod
    def of(cls, emitter: Emitter) -> "_InOrder":
        e = Evidence.of(emitter)
        return cls(Evidence(_ordered(e.sightings), _ordered(e.differences), _ordered(e.bearings)))

    @property
    def times_ns(self) -> list[int]:
        e = self.evidence
        return sorted(each.time_utc_ns for rows in (e.sightings, e.differences, e.bearings) for each in rows)

    def steps_ns(self) -> Iterator[int]:
        """Ends of the spans in which something was measured."""
        times = self.times_ns
        every_ns = max(EVERY_NS, (times[-1] - times[0]) // MOST_STEPS)
        for number in sorted({-(-(t - times[0]) // every_ns) for t in times}):
            yield times[0] + number * every_ns

    def until(self, emitter: Emitter, now_ns: int) -> Emitter:
        """What had been measured by then, as far back as it counts."""
        e = self.evidence
        return msgspec.structs.replace(
            emitter,
            sightings=_between(e.sightings, now_ns),
            differences=_between(e.differences, now_ns),
            bearings=_between(e.bearings, now_ns),
            last_seen_utc_ns=now_ns,
        )


def _ordered(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda each: each.time_utc_ns))


def _between(rows: Sequence[Row], now_ns: int) -> tuple[Row, ...]:
    first, last = (bisect_right(rows, t, key=lambda each: each.time_utc_ns) for t in (now_ns - MEMORY_NS, now_ns))
    return tuple(rows[first:last])


def retraced(emitter: Emitter, rules: Rules) -> Emitter:
    """With its track and its last fix where it was seen to move; the same where it was not.

    `emitter.fix` is that of all its measurements together, as if it stood.
    """
    record = _InOrder.of(emitter)
    times = record.times_ns
    if emitter.fix is None or times[-1] - times[0] < LEAST_NS:
        return emitter
    told_by = Following(propagation(emitter.service, emitter.freq_hz), rules.area, roads=rules.roads)
    now, clouded, seen = msgspec.structs.replace(emitter, **NOTHING), dict[int, Emitter](), set[int]()
    for now_ns in record.steps_ns():
        now = with_motion(followed(record.until(now, now_ns), told_by, now_ns=now_ns), now_ns)
        if now.cloud is not None:
            clouded.setdefault(now.cloud.time_utc_ns, now)
        seen |= {now.moved_utc_ns} if now.moved_utc_ns is not None else set()
    moved = bool(seen) and max(seen) - min(seen) >= AGAIN_NS
    return _with_track(emitter, now, list(clouded.values())) if moved and clouded else emitter


def _with_track(whole: Emitter, last: Emitter, clouded: list[Emitter]) -> Emitter:
    """What it came to, with all that was measured. Drawn is only what is kept: a region costs more than a step."""
    step = -(-len(clouded) // MOST_TRACK)
    track = [fix for each in clouded[::-step][::-1] if (fix := cloud_fix(each)) is not None]
    return msgspec.structs.replace(
        whole,
        moving=last.moving,
        displacement_m=last.displacement_m,
        displacement_sigma_m=last.displacement_sigma_m,
        moved_utc_ns=last.moved_utc_ns,
        cloud=last.cloud,
        fix=track[-1],
        track=tuple(few_corners(fix) for fix in track[:-1]),
    )
