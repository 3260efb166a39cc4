"""A known cell that is suddenly far louder than it ever was here.

Why: a clone nearby takes over the name of a distant cell.
Innocent: weather and traffic make a few dB; the antenna was moved; a legitimate site close by is loud always, which
is why the measure is this cell's own past (robust z over a day of levels) and not a fixed level.
"""

import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import strength
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_power_jump", 1
LEAST_Z, LEAST_LEVELS = 6.0, 20
LEAST_SPAN_NS = 24 * 3600 * 10**9
LEAST_SIGMA_DB = 1.5


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    past = scene.past(cell)
    if past is None or len(past.strengths) < LEAST_LEVELS or scene.now_ns - past.strengths_from_ns < LEAST_SPAN_NS:
        return None
    middle = statistics.median(past.strengths)
    sigma = max(1.4826 * statistics.median(abs(level - middle) for level in past.strengths), LEAST_SIGMA_DB)
    z = (strength(cell) - middle) / sigma
    if z < LEAST_Z:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=scene.weights.db(NAME),
        evidence={"rise_db": round(strength(cell) - middle, 1), "z": round(z, 1), "threshold": LEAST_Z},
        baseline_n=len(past.strengths),
    )
