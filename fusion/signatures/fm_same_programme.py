"""One programme on several unlicensed transmitters.

Why: an operator of pirates runs many sets with one advert; how many decides the charge (3 serious, 10 especially so).
Innocent: unlisted sites of one lawful network, which carry its programme at the same moment; images of a strong station
inside one receiver (`fm_ghost`, and what only one sensor has). A set that retunes is counted once in "at once".
The weights are starting values: no counted body of cases stands behind them.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.programme_sets import ESPECIALLY_SERIOUS_SETS, SERIOUS_SETS, sets_of
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_same_programme", 1
WEIGHT_DB, SERIOUS_WEIGHT_DB = 6.0, 10.0


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or not emitter.programme_links:
        return None
    sets = sets_of(emitter, scene.emitters, now_ns=scene.now_ns)
    if sets is None or not sets.links:
        return None
    best = max(sets.links, key=lambda link: (link.simultaneous, link.overlap_s, link.other))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=SERIOUS_WEIGHT_DB if sets.at_once >= SERIOUS_SETS else WEIGHT_DB,
        variant="simultaneous" if best.simultaneous else "recording",
        evidence={
            "sets": len(sets.emitters),
            "at_once": sets.at_once,
            "serious": SERIOUS_SETS,
            "especially_serious": ESPECIALLY_SERIOUS_SETS,
            "other_mhz": round(scene.emitters[best.other].freq_hz / 1e6, 2),
            "other": best.other,
            "times": best.times,
            "overlap_s": round(best.overlap_s, 1),
            "bit_errors": best.bit_error_rate,
            "delay_s": round(best.delay_s, 2),
        },
        baseline_n=best.times,
    )
