"""A licensed station whose carrier is off its channel: a fault, never proof of a pirate.

Measured against the median error of the other licensed stations of the look, so that the sensor's oscillator cancels.
Tolerance 2 kHz above 50 W, 3 kHz below (Radio Regulations, Appendix 2).
Innocent: two stations on one channel; a reading disturbed by a neighbour or by low level.
"""

import statistics

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_frequency_error", 1
TOLERANCE_HZ, SMALL_TOLERANCE_HZ, SMALL_ERP_W = 2e3, 3e3, 50.0
LEAST_REFERENCES, LEAST_CNR_DB = 3, 20.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    errors = [(other, error) for other in scene.stations if (error := _error_ppm(other, scene)) is not None]
    own = next((error for other, error in errors if other is station), None)
    references = [error for other, error in errors if other is not station]
    if own is None or len(references) < LEAST_REFERENCES:
        return None
    error_hz = (own - statistics.median(references)) * station.freq_hz * 1e-6
    licence = scene.licensed(station)[0]
    small = licence.erp_w is not None and licence.erp_w <= SMALL_ERP_W
    tolerance_hz = SMALL_TOLERANCE_HZ if small else TOLERANCE_HZ
    spread_hz = (max(references) - min(references)) / 2 * station.freq_hz * 1e-6
    if abs(error_hz) < tolerance_hz + 3 * station.freq_sigma_hz + spread_hz:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=15.0,
        evidence={"error_hz": round(error_hz), "tolerance_hz": tolerance_hz, "licence": licence.name},
        baseline_n=len(references),
    )


def _error_ppm(station: FmStation, scene: FmScene) -> float | None:
    licences = scene.licensed(station)
    if not licences or station.cnr_db < LEAST_CNR_DB:
        return None
    return (station.freq_hz - licences[0].freq_hz) / licences[0].freq_hz * 1e6
