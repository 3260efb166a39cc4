"""Radiated power and reach of a transmitter against thresholds, from its estimated EIRP and how sure that is.

Reach: to where the median field 10 m above ground falls to 54 dBµV/m, stereo in the country (ITU-R BS.412 Table 1).
Field: of a plane earth, 88·√P·h₁·h₂ ÷ (λ·d²) V/m, and never more than in free space, 7.01·√P ÷ d. How high an unknown
antenna stands is not known: a roof, 60 m, wrong by a factor of 1.7 (one sigma, 4.5 dB); the model itself by 6 dB.
"""

import math
from dataclasses import dataclass

DIPOLE_DB = 2.15  # ERP is over a half-wave dipole, EIRP over an isotropic antenna
LEAST_FIELD_DBUV_M = 54.0
ANTENNA_M, RECEIVING_M = 60.0, 10.0
HEIGHT_SIGMA_DB, MODEL_SIGMA_DB = 4.5, 6.0
BOTH_SIDES_95 = 1.96
_LIGHT_M_S = 299_792_458.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A median, the bounds that hold 95 %, and the chance of exceeding each threshold asked about."""

    median: float
    low: float
    high: float
    exceeds: tuple[float, ...]


def erp_w(eirp_dbm: float, sigma_db: float, *, thresholds_w: tuple[float, ...]) -> Estimate:
    """Effective radiated power in watts; log-normal."""
    dbm = eirp_dbm - DIPOLE_DB
    low, median, high = (_watts(dbm + k * BOTH_SIDES_95 * sigma_db) for k in (-1, 0, 1))
    chances = tuple(_chance(dbm - 10 * math.log10(each * 1e3), sigma_db) for each in thresholds_w)
    return Estimate(median, low, high, chances)


def reach_m(eirp_dbm: float, sigma_db: float, freq_hz: float, *, thresholds_m: tuple[float, ...]) -> Estimate:
    """How far it is heard; the errors of power, height and model together."""
    dbm = eirp_dbm - DIPOLE_DB
    sigma_db = math.hypot(sigma_db, HEIGHT_SIGMA_DB, MODEL_SIGMA_DB)
    low, median, high = (_reach_m(dbm + k * BOTH_SIDES_95 * sigma_db, freq_hz) for k in (-1, 0, 1))
    over_db = (field_dbuv_m(dbm, each, freq_hz) - LEAST_FIELD_DBUV_M for each in thresholds_m)
    return Estimate(median, low, high, tuple(_chance(each, sigma_db) for each in over_db))


def field_dbuv_m(erp_dbm: float, distance_m: float, freq_hz: float) -> float:
    root_w = math.sqrt(_watts(erp_dbm))
    plane_earth = 88 * root_w * ANTENNA_M * RECEIVING_M * freq_hz / _LIGHT_M_S / distance_m**2
    return 20 * math.log10(1e6 * min(plane_earth, 7.01 * root_w / distance_m))


def _reach_m(erp_dbm: float, freq_hz: float) -> float:
    least_v_m, root_w = 10 ** (LEAST_FIELD_DBUV_M / 20) * 1e-6, math.sqrt(_watts(erp_dbm))
    plane_earth = math.sqrt(88 * root_w * ANTENNA_M * RECEIVING_M * freq_hz / _LIGHT_M_S / least_v_m)
    return min(plane_earth, 7.01 * root_w / least_v_m)


def _watts(dbm: float) -> float:
    return float(10 ** ((dbm - 30) / 10))


def _chance(over_db: float, sigma_db: float) -> float:
    """That a normal value whose mean is `over_db` above the threshold exceeds it."""
    if sigma_db <= 0:
        return float(over_db >= 0)
    return 0.5 * math.erfc(-over_db / sigma_db / math.sqrt(2))
