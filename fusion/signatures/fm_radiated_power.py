"""How strong an unlicensed transmitter is and how far it reaches, beside the thresholds of the law.

500 W or 10 km make it serious, 3,000 W especially serious (Supreme People's Court and Procuratorate, interpretation of
27 June 2017, articles 2 and 3). It weighs nothing: strength is no guilt, and a measurement on site decides.
Innocent: an estimate from field strength, whose error is stated; calibration, antenna height and terrain are in it.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.radiated import erp_w, reach_m
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_radiated_power", 1
SERIOUS_W, ESPECIALLY_SERIOUS_W, SERIOUS_M = 500.0, 3000.0, 10e3


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    del scene
    fix = emitter.fix
    if emitter.service != "fm" or emitter.licensed is not False or fix is None:
        return None
    if fix.estimated_eirp_dbm is None or fix.estimated_eirp_sigma_db is None:
        return None
    eirp = (fix.estimated_eirp_dbm, fix.estimated_eirp_sigma_db)
    power = erp_w(*eirp, thresholds_w=(SERIOUS_W, ESPECIALLY_SERIOUS_W))
    reach = reach_m(*eirp, emitter.freq_hz, thresholds_m=(SERIOUS_M,))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=0.0,
        evidence={
            "erp_w": _two_digits(power.median),
            "erp_low_w": _two_digits(power.low),
            "erp_high_w": _two_digits(power.high),
            "over_500_w": round(power.exceeds[0], 2),
            "over_3000_w": round(power.exceeds[1], 2),
            "reach_km": _two_digits(reach.median / 1e3),
            "reach_low_km": _two_digits(reach.low / 1e3),
            "reach_high_km": _two_digits(reach.high / 1e3),
            "over_10_km": round(reach.exceeds[0], 2),
        },
        baseline_n=fix.sensors,
    )


def _two_digits(value: float) -> float:
    """More would pretend to know."""
    return float(f"{value:.2g}")
