"""The Cramér-Rao bound: how well any unbiased method can do, for each kind of evidence and for their sum.

Every kind is linear in small changes: a gradient of what is measured by the place, a covariance of its errors, and
nuisances (emission time, power, a bearer's bias) with or without a prior. A nuisance with a prior is more covariance;
one without is taken out by its Schur complement. Fisher matrices of independent kinds add.

Sources: Torrieri 1984 (arrivals), Patwari et al. 2003 (levels), Gudmundson 1991 (correlated shadowing).
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Place = tuple[float, float]  # east, north in metres


def fisher(gradient: Floats, covariance: Floats, free: Floats | None = None) -> Floats:
    """(2, 2), 1/m². gradient : (k, 2); covariance : (k, k); free : (k, m), how nuisances without a prior enter."""
    weighted = np.linalg.solve(covariance, gradient)
    own = gradient.T @ weighted
    if free is None:
        return np.asarray(own)
    cross = free.T @ weighted  # (m, 2)
    return np.asarray(own - cross.T @ np.linalg.solve(free.T @ np.linalg.solve(covariance, free), cross))


def of_arrivals(place: Place, at_m: Floats, sigma_m: Floats) -> Floats:
    """Arrivals at at_m (s, 2), each wrong by sigma_m (s,), emitted nobody knows when."""
    away = np.asarray(place) - at_m
    gradient = away / np.hypot(*away.T)[:, None]
    return fisher(gradient, np.diag(sigma_m**2), np.ones((len(at_m), 1)))


def of_bearings(
    place: Place, at_m: Floats, sigma_rad: Floats, *, site_m: float = 0.0, bias: Floats | None = None
) -> Floats:
    """Bearings from at_m (s, 2). bias : (s, m), 1 where a bearing has bearer m's unknown bias; None: no bias."""
    east, north = (np.asarray(place) - at_m).T
    squared = east**2 + north**2
    gradient = np.column_stack([north, -east]) / squared[:, None]
    return fisher(gradient, np.diag(sigma_rad**2 + site_m**2 / squared), bias)


def of_levels(
    place: Place, at_m: Floats, covariance_db2: Floats, *, exponent: float, power_sigma_db: float | None = None
) -> Floats:
    """Levels at at_m (s, 2); the power is unknown, or known to power_sigma_db beforehand."""
    away = np.asarray(place) - at_m
    gradient = -10.0 * exponent / np.log(10.0) * away / (away**2).sum(axis=1)[:, None]
    if power_sigma_db is None:
        return fisher(gradient, covariance_db2, np.ones((len(at_m), 1)))
    return fisher(gradient, covariance_db2 + power_sigma_db**2)


def rmse_m(*fishers: Floats) -> float:
    """Of the place, from the sum of what independent kinds say; infinite where they do not tell it."""
    total = np.sum(fishers, axis=0)
    if np.linalg.cond(total) > 1e12:
        return float("inf")
    return float(np.sqrt(np.trace(np.linalg.inv(total))))
