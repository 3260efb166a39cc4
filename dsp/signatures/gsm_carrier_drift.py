"""A carrier that is no longer where it was, against the sensor's oscillator as all cells heard of late show it.

Why: a copy has a crystal of its own; too little for `gsm_carrier_offset`, and still not this cell's.
Innocent: a base station that lost its reference and drifts, until it is repaired; that takes hours, while a `jump`
from one look to the next is another crystal. Not said where the offset itself is too large, which is the same fact.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures import gsm_carrier_offset
from dsp.signatures.carrier_memory import middle_and_sigma_ppm
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.relative_carrier import LEAST_SAMPLES, own_deviation_ppm
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_carrier_drift", 2
LEAST_PPM, GREAT_PPM, SIGMAS = 0.06, 0.15, 6.0
MOST_SIGMA_PPM = 0.05
JUMP_LASTS_NS = 3600 * 10**9


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    past, now = scene.past(cell), own_deviation_ppm(cell, scene.oscillator(cell))
    if past is None or past.carrier is None or now is None or len(past.carrier.ppb) < LEAST_SAMPLES:
        return None
    (deviation, sigma), (middle, spread) = now, middle_and_sigma_ppm(past.carrier)
    threshold = max(LEAST_PPM, SIGMAS * (spread**2 + sigma**2) ** 0.5)
    moved = deviation - middle
    if sigma > MOST_SIGMA_PPM or abs(moved) <= threshold:
        return None
    jumped_ns = None if (after := scene.record(cell).carrier) is None else after.jumped_ns
    jumped = jumped_ns is not None and scene.now_ns - jumped_ns <= JUMP_LASTS_NS
    offset = gsm_carrier_offset.judge(cell, scene)
    if offset is not None and not (jumped and (offset.variant or "").startswith("small")):
        return None
    variant = "jump" if jumped else "great" if abs(moved) > max(GREAT_PPM, threshold) else "small"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "moved_ppm": round(moved, 3),
            "sigma_ppm": round(sigma, 3),
            "threshold_ppm": round(threshold, 3),
            "samples": len(past.carrier.ppb),
        },
        baseline_n=len(past.carrier.ppb),
    )
