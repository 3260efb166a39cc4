"""A carrier as exact as a locked network's: this speaks for the cell.

Guilty all the same: a rogue on a GNSS-disciplined oscillator. Hence a small weight.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_carrier_true", 2
MOST_PPM, MOST_SIGMA_PPM, LEAST_REFERENCES = 0.05, 0.03, 4


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    carrier = scene.carrier(cell)
    if carrier is None or carrier.references < LEAST_REFERENCES or carrier.allowance_ppm:
        return None
    offset, sigma = carrier.offset_ppm, carrier.sigma_ppm
    if abs(offset) > MOST_PPM or sigma > MOST_SIGMA_PPM:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME),
        evidence={"offset_ppm": round(offset, 3), "sigma_ppm": round(sigma, 3)},
        baseline_n=carrier.references,
    )
