"""What one sensor's last minutes say of the way the waves go: do strangers come in on free channels, and do they fade?

Ducting and sporadic E bring several far stations within the hour; a sensor that moves, or whose gain is turned, hears
its whole town fade.
"""

import statistics
from dataclasses import dataclass

from dsp.signatures.history import SiteHistory
from dsp.signatures.level_trace import course
from dsp.signatures.licences import Licences
from dsp.signatures.onset import Onset
from dsp.signatures.station_face import known
from dsp.signatures.station_record import StationRecord

RECENT_NS = 600 * 10**9
FRESH_NS = 7200 * 10**9
REACH_HZ = 50e3
APART_HZ, FRESH_APART_HZ = 100e3, 150e3  # nearer, it may be the same emission
CLEAR_CNR_DB = 20.0
STEADY_DB, LEAST_STEADY = 1.5, 3  # wobble of the licensed stations of a sensor that stands still


@dataclass(frozen=True, slots=True)
class Opening:
    """Carriers on free channels that were heard of late, Hz.

    fading : those whose level swells and fades
    fresh  : those that came within the last two hours, and not as what is switched on comes: at once, clear and steady
    still  : most licensed stations that are known here are steady: this sensor does not move, nor its gain
    """

    fading_hz: tuple[float, ...]
    fresh_hz: tuple[float, ...]
    still: bool

    def others_fading(self, freq_hz: float) -> int:
        return sum(abs(each - freq_hz) >= APART_HZ for each in self.fading_hz)

    def others_fresh(self, freq_hz: float) -> int:
        return sum(abs(each - freq_hz) >= FRESH_APART_HZ for each in self.fresh_hz)


def opening(after: SiteHistory, licences: Licences, now_ns: int) -> Opening:
    """Strangers do not count for `still`: in a great opening there are more of them than of the town's own."""
    recent = [r for r in after.stations.values() if 0 <= now_ns - r.last_ns <= RECENT_NS]
    free = [r for r in recent if not licences.near(r.freq_hz, REACH_HZ)]
    return Opening(
        fading_hz=tuple(r.freq_hz for r in free if (own := course(r.trace)) is not None and own.fades),
        fresh_hz=tuple(r.freq_hz for r in free if r.onset is not None and _fresh(r, r.onset, now_ns)),
        still=_still([r for r in recent if not licences.fm or licences.near(r.freq_hz, REACH_HZ)]),
    )


def _fresh(record: StationRecord, onset: Onset, now_ns: int) -> bool:
    """It was not there before: what a sensor that never listened hears first may have been there for years."""
    if onset.vain_ns is None or now_ns - onset.since_ns > FRESH_NS:
        return False
    own = course(record.trace)
    return not (onset.cnr_db >= CLEAR_CNR_DB and onset.at_once(record.cnr_db)) or (own is not None and own.fades)


def _still(town: list[StationRecord]) -> bool:
    courses = [course(r.trace) for r in town if known(r.faces)]
    wobbles = [own.wobble_db for own in courses if own is not None and own.samples > 1]
    return len(wobbles) >= LEAST_STEADY and statistics.median(wobbles) < STEADY_DB
