"""A carrier that is off by more than real base stations ever are, against the other cells of the same look.

Why: 3GPP TS 45.010 §5.1 asks for 0.05 ppm (pico cells 0.1 ppm) and networks are locked; a portable unit runs free.
Against co-received cells the sensor's own oscillator cancels out; where they are few, against all cells heard within
three minutes (`relative_carrier`), which allows for what the tuner adds in a window.
Innocent: Doppler (0.1 ppm at 30 m/s), pico and home base stations, repeaters, a sensor still warming up: it needs
four references and a sigma below 0.03 ppm for small offsets.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_carrier_offset", 2
SMALL_PPM, GREAT_PPM = 0.15, 0.5
LEAST_REFERENCES, FEWEST_REFERENCES = 4, 2
MOST_SIGMA_PPM = 0.03


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    carrier = scene.carrier(cell)
    if carrier is None or carrier.references < FEWEST_REFERENCES:
        return None
    offset, sigma = carrier.offset_ppm, carrier.sigma_ppm
    size = abs(offset) - carrier.allowance_ppm
    great = size - 4 * sigma > GREAT_PPM and sigma <= 0.1
    small = size - 4 * sigma > SMALL_PPM and sigma <= MOST_SIGMA_PPM
    if not (great or small):
        return None
    variant = _variant(carrier.references, great=great)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "offset_ppm": round(offset, 3),
            "sigma_ppm": round(sigma, 3),
            "threshold_ppm": GREAT_PPM if great else SMALL_PPM,
        },
        baseline_n=carrier.references,
    )


def _variant(references: int, *, great: bool) -> str:
    """With fewer than four references one bad one can move the median."""
    size = "great" if great else "small"
    return size if references >= LEAST_REFERENCES else f"{size}_few"
