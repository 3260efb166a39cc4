"""A carrier that is no longer where it was for hours, against the other cells of its looks.

Why: a copy has a crystal of its own; too little for `gsm_carrier_offset`, and still not this cell's.
Innocent: a base station that lost its reference and drifts, until it is repaired. Not said where the offset itself is
too large, which is the same fact.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures import gsm_carrier_offset
from dsp.signatures.carrier_memory import LEAST_REFERENCES, MOST_SIGMA_PPM, middle_and_sigma_ppm
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_carrier_drift", 1
LEAST_SAMPLES = 12  # four hours
LEAST_PPM, SIGMAS = 0.06, 6.0


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    past = scene.past(cell)
    offset, sigma = cell.relative_offset_ppm, cell.relative_offset_sigma_ppm
    if past is None or past.carrier is None or offset is None or sigma is None:
        return None
    samples = len(past.carrier.ppb)
    if samples < LEAST_SAMPLES or sigma > MOST_SIGMA_PPM or cell.relative_references < LEAST_REFERENCES:
        return None
    middle, spread = middle_and_sigma_ppm(past.carrier)
    threshold = max(LEAST_PPM, SIGMAS * (spread**2 + sigma**2) ** 0.5)
    if abs(offset - middle) <= threshold or gsm_carrier_offset.judge(cell, scene) is not None:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME),
        evidence={
            "offset_ppm": round(offset, 3),
            "usual_ppm": round(middle, 3),
            "threshold_ppm": round(threshold, 3),
            "references": cell.relative_references,
        },
        baseline_n=samples,
    )
