"""Why a region is where it is, and where to drive next: computed once a fix, whoever looks."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from fusion.locating import Located, advice, explained
from fusion.planner import Advice, Seeker
from fusion.values import Emitter, Rules

MOST_PLANS = 8  # kept of one fix
PLAN_GRID_DEG = 5e-4  # a vehicle that moved less asks the same


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """Of one fix. `plans` remembers what was advised from where."""

    key: tuple[int, ...]
    located: Located
    plans: dict[tuple[str, int, int], Advice | None] = field(default_factory=dict)


def explain(kept: dict[str, Explained], emitter: Emitter, among: Iterable[Emitter], rules: Rules) -> Explained:
    """What is kept of this fix, or made now."""
    at_ns = emitter.fix.time_utc_ns if emitter.fix is not None else emitter.last_seen_utc_ns
    known = hash(tuple(sorted((*rules.surveyed.items(), *rules.left_out.items()))))
    key = (at_ns, len(emitter.bearings), len(emitter.withdrawn), len(emitter.differences), known)
    found = kept.get(emitter.id)
    if found is None or found.key != key:
        found = kept[emitter.id] = Explained(key, explained(emitter, among, rules))
    return found


def plan(found: Explained, seeker: Seeker, rules: Rules) -> Advice | None:
    """None where nothing says where the emitter is."""
    asked = (seeker.sensor, round(seeker.lat_deg / PLAN_GRID_DEG), round(seeker.lon_deg / PLAN_GRID_DEG))
    if asked not in found.plans:
        if len(found.plans) >= MOST_PLANS:
            found.plans.clear()
        roads = rules.roads
        streets = None if roads is None else roads.near(seeker.lat_deg, seeker.lon_deg, seeker.reach_m)
        found.plans[asked] = advice(found.located, rules, seeker, streets)
    return found.plans[asked]
