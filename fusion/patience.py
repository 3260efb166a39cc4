"""How many alarm delays an FM emitter waits before it is more than a note: as long as it may come from far away.

Fading shows in minutes: by sporadic E within some, by ducting within half an hour. What the sensors that hear it
clearly say of how it came decides (`fm_may_be_afar`); one that is weak everywhere waits as well. A sign that no lawful
station of another region would give ends the wait.
"""

from fusion.values import Emitter

WEAK_CNR_DB, WEAK = 20.0, 5
MAY_BE_AFAR = "fm_may_be_afar"
WAITS = {"weak": 5, "unseen": 5, "swelled": 30, "opening": 30, "opening_loud": 5}
NOT_FROM_AFAR = frozenset({"fm_default_pi", "fm_loop"})
HARDLY_FROM_AFAR, HARDLY = "fm_contact_number", 5  # 13 of 214 lawful stations send one too
RECENT_NS = 600 * 10**9


def patience(emitter: Emitter) -> int:
    names = {s.finding.name for s in emitter.findings if s.finding.weight_db > 0}
    if names & NOT_FROM_AFAR:
        return 1
    waits = max(_weak(emitter), _as_it_came(emitter))
    return min(waits, HARDLY) if HARDLY_FROM_AFAR in names else waits


def _weak(emitter: Emitter) -> int:
    heard = [s.cnr_db for s in emitter.sightings if s.cnr_db is not None]
    return WEAK if heard and max(heard) < WEAK_CNR_DB else 1


def _as_it_came(emitter: Emitter) -> int:
    recent = [each for each in emitter.latest if emitter.last_seen_utc_ns - each.time_utc_ns <= RECENT_NS]
    best_db = max((each.heard.cnr_db for each in recent), default=0.0)
    clear = {each.sensor for each in recent if each.heard.cnr_db >= min(best_db, WEAK_CNR_DB)}
    said = (s for s in emitter.findings if s.finding.name == MAY_BE_AFAR and s.missed == 0 and s.sensor in clear)
    return max((WAITS.get(standing.finding.variant or "", 1) for standing in said), default=1)
