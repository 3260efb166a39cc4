"""When to look for an emitter, and with which sightings."""

import msgspec

from fusion.locate.fix import power_fix
from fusion.values import Emitter, Rules

EVERY_NS = 5 * 10**9  # of the world's time
STATIC_WINDOW_NS = 1800 * 10**9


def located(emitter: Emitter, rules: Rules, *, now_ns: int, wanted: bool) -> Emitter:
    """The emitter with a fresh fix, where one is wanted and due."""
    if not wanted or (emitter.fix is not None and now_ns - emitter.fix.time_utc_ns < EVERY_NS):
        return emitter
    newest = max((s.time_utc_ns for s in emitter.sightings), default=0)
    window = [s for s in emitter.sightings if newest - s.time_utc_ns <= STATIC_WINDOW_NS]
    fix = power_fix(window, service=emitter.service, freq_hz=emitter.freq_hz, area=rules.area, time_utc_ns=now_ns)
    return emitter if fix is None else msgspec.structs.replace(emitter, fix=fix)
