"""A cell that allows phones another power on its random access than every cell of its network in the band.

Why: networks say one value a band; software base stations ship 0, the most a phone has, or what somebody typed.
Innocent: micro and indoor cells ask for less. Hence a small weight.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_power_limit", 1
LEAST_CELLS = 4
FIELD = "ms_txpwr_max_cch"
BANDS_HZ = ((float("-inf"), 900e6), (900e6, 1.5e9), (1.5e9, 1.9e9), (1.9e9, float("inf")))  # 850, 900, 1800, 1900


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own, (low_hz, high_hz) = cell.ms_txpwr_max_cch, _band(cell.freq_hz)
    near = (r for r in scene.neighbours(cell) if low_hz <= r.freq_hz < high_hz)
    others = [r.broadcast[FIELD] for r in near if FIELD in r.broadcast]
    if own is None or len(others) < LEAST_CELLS or own in others or scene.railway(cell):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"ms_txpwr_max_cch": own, "usual": max(set(others), key=others.count), "threshold": LEAST_CELLS},
        baseline_n=len(others),
    )


def _band(freq_hz: float) -> tuple[float, float]:
    """Lowest and highest frequency of its band: power classes differ between bands (3GPP TS 45.005 §4.1.1)."""
    return next((low, high) for low, high in BANDS_HZ if low <= freq_hz < high)
