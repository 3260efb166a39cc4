"""A plain robust least-squares fix: grid start, soft L1 or Cauchy loss, all sigmas as claimed.

The comparison `bench_locate` runs beside our own. Unknown power is one more parameter.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane

Floats = NDArray[np.float64]
LIGHT_M_S = 299_792_458.0
EXPONENT, LEVEL_SIGMA_DB = 3.2, 7.0
GRID = 30


def fix_m(evidence: Evidence, plane: Plane, *, half_side_m: float, loss: str) -> tuple[float, float]:
    """East and north in metres. Searches a square about the plane's origin."""
    misfit = _misfit(evidence, plane)
    axis = np.linspace(-half_side_m, half_side_m, GRID)
    east, north = (a.ravel() for a in np.meshgrid(axis, axis))
    cost = (
        np.log1p(misfit(east, north) ** 2).sum(axis=0) if loss == "cauchy" else _soft(misfit(east, north)).sum(axis=0)
    )
    best = int(np.argmin(cost))
    found = least_squares(
        lambda x: misfit(x[:1], x[1:])[:, 0], [east[best], north[best]], loss=loss, x_scale=100.0, max_nfev=200
    )
    return float(found.x[0]), float(found.x[1])


def _soft(u: Floats) -> Floats:
    return np.asarray(2 * (np.sqrt(1 + u**2) - 1))


def _misfit(evidence: Evidence, plane: Plane):  # type: ignore[no-untyped-def]
    """A function of places (p,) that gives residuals over sigma (k, p)."""
    differences, bearings = evidence.differences, evidence.bearings
    levels = [s for s in evidence.sightings if s.level_dbm is not None]
    a = np.array([plane.to_metres(d.lat_a_deg, d.lon_a_deg) for d in differences]).reshape(-1, 2)
    b = np.array([plane.to_metres(d.lat_b_deg, d.lon_b_deg) for d in differences]).reshape(-1, 2)
    late = np.array([d.difference_s for d in differences]) * LIGHT_M_S
    late_sigma = np.array([d.sigma_s for d in differences]) * LIGHT_M_S
    at = np.array([plane.to_metres(s.lat_deg, s.lon_deg) for s in bearings]).reshape(-1, 2)
    azimuth = np.radians([s.azimuth_deg for s in bearings])
    azimuth_sigma = np.radians([s.sigma_deg or 15.0 for s in bearings])
    where = np.array([plane.to_metres(s.lat_deg, s.lon_deg) for s in levels]).reshape(-1, 2)
    level = np.array([s.level_dbm for s in levels], dtype=float)

    def distance(from_m: Floats, east: Floats, north: Floats) -> Floats:
        return np.asarray(np.hypot(east - from_m[:, :1], north - from_m[:, 1:]))

    def of(east: Floats, north: Floats) -> Floats:
        parts = []
        if differences:
            parts.append((distance(b, east, north) - distance(a, east, north) - late[:, None]) / late_sigma[:, None])
        if bearings:
            off = azimuth[:, None] - np.arctan2(east - at[:, :1], north - at[:, 1:])
            parts.append(np.angle(np.exp(1j * off)) / azimuth_sigma[:, None])
        if levels:
            loss = level[:, None] + 10 * EXPONENT * np.log10(np.maximum(distance(where, east, north), 20.0))
            parts.append((loss - np.median(loss, axis=0)) / LEVEL_SIGMA_DB)
        return np.concatenate(parts)

    return of
