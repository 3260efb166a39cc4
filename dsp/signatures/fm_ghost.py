"""A carrier that strong stations can make inside the receiver: this speaks for it.

Two strong carriers f1 and f2 leave false ones at 2·f1−f2 in an overloaded receiver. Where both lie in the window any
weaker carrier there is doubted; where one was heard in another window of the last minutes, only one that looks like a
product: without pilot and RDS, and as wide as three programmes together.
Guilty all the same: a pirate who by chance sits there. Another sensor, with other strong stations, decides.
"""

from collections.abc import Iterable

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_ghost", 2
STRONGER_DB, NEAR_HZ = 25.0, 15e3
FAR_NEAR_HZ, STRONG_CNR_DB, WIDE_HZ = 30e3, 45.0, 170e3
RECENT_NS = 600 * 10**9


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    if scene.licensed(station):
        return None
    strong = [s.freq_hz for s in scene.stations if s.cnr_db >= station.cnr_db + STRONGER_DB]
    pair = _pair(station.freq_hz, strong, NEAR_HZ)
    if pair is None and _looks_like_a_product(station):
        strong = [*strong, *_strong_of_late(station, scene)]
        pair = _pair(station.freq_hz, strong, FAR_NEAR_HZ)
    if pair is None:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.LICENCE,
        weight_db=-15.0,
        evidence={"first_mhz": round(pair[0] / 1e6, 2), "second_mhz": round(pair[1] / 1e6, 2)},
        baseline_n=len(strong),
    )


def _pair(freq_hz: float, strong: Iterable[float], near_hz: float) -> tuple[float, float] | None:
    found = tuple(strong)
    pairs = ((a, b) for a in found for b in found if a != b and abs(2 * a - b - freq_hz) <= near_hz)
    return next(pairs, None)


def _looks_like_a_product(station: FmStation) -> bool:
    wide = station.occupied_hz is not None and station.occupied_hz >= WIDE_HZ
    return wide and station.pilot_hz is None and station.rds_groups == 0


def _strong_of_late(station: FmStation, scene: FmScene) -> list[float]:
    recent = (r for r in scene.after.stations.values() if 0 <= scene.now_ns - r.last_ns <= RECENT_NS)
    least_db = max(STRONG_CNR_DB, station.cnr_db + STRONGER_DB)
    return [r.freq_hz for r in recent if r.cnr_db >= least_db]
