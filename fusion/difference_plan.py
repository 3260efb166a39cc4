"""Which station's time difference to measure next, and when."""

from collections.abc import Mapping

from fusion.difference_ways import Asked, asked_of
from fusion.values import Emitter, Rules, World

EVERY_NS = 60 * 10**9
SETTLED, SETTLED_EVERY_NS = 40, 600 * 10**9  # differences of one that stands still: more say little more


def next_difference(world: World, rules: Rules, *, now_ns: int, asked_ns: Mapping[str, int]) -> Asked | None:
    """For the suspect that waits longest. asked_ns : when each emitter was asked about last."""
    suspects = {case.emitter_id for case in world.cases.values() if case.closed_utc_ns is None}
    waiting = [
        emitter
        for key in suspects
        if (emitter := world.emitters.get(key)) is not None
        and emitter.service == "fm"
        and now_ns - asked_ns.get(key, 0) >= _every_ns(emitter)
    ]
    for emitter in sorted(waiting, key=lambda e: (asked_ns.get(e.id, 0), e.id)):
        asked = asked_of(emitter, world, rules, now_ns)
        if asked is not None:
            return asked
    return None


def _every_ns(emitter: Emitter) -> int:
    return SETTLED_EVERY_NS if not emitter.moving and len(emitter.differences) >= SETTLED else EVERY_NS
