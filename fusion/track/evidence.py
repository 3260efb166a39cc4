"""What was measured, as a moving cloud is weighed by it: bearings and time differences, with their outliers.

Each row has its own instant: a particle is held against it where it was then, back along its heading.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion.track.motion import Moving

Floats = NDArray[np.float64]
REFLECTED = 0.08  # share of bearings that show a reflection, anywhere round
ECHOED = 0.3  # share of instants at which an echo makes a sensor's arrival late
ALL_ECHOED = 0.07
ECHO_M = 400.0  # by about so much
OF_PAIR = 0.25  # of a difference's variance, what no other difference shares
NEAREST_M = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Bearings:
    """All (m,). ago_s : before the cloud's instant. weight : less than 1 where it says again what was said."""

    ago_s: Floats
    east_m: Floats
    north_m: Floats
    azimuth_rad: Floats
    sigma_rad: Floats
    position_sigma_m: Floats
    weight: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """Of one instant, between n sensors. east_m, north_m : (n,), of the sensors. pairs : (m, n), −1 at the first and 1
    at the second sensor of each difference. difference_m, sigma_m : (m,), how much farther the second sensor is."""

    ago_s: float
    east_m: Floats
    north_m: Floats
    pairs: Floats
    difference_m: Floats
    sigma_m: Floats


def places(cloud: Moving, ago_s: Floats) -> tuple[Floats, Floats]:
    """Where each particle was. (m, p)"""
    back = ago_s[:, None] * cloud.speed_m_s
    return cloud.east_m - back * np.sin(cloud.heading_rad), cloud.north_m - back * np.cos(cloud.heading_rad)


def by_bearings(cloud: Moving, seen: Bearings) -> Floats:
    """Log-likelihood of each particle. (p,)"""
    east, north = places(cloud, seen.ago_s)
    east, north = east - seen.east_m[:, None], north - seen.north_m[:, None]
    metres = np.maximum(np.hypot(east, north), NEAREST_M)
    wrong = np.arctan2(east, north) - seen.azimuth_rad[:, None]
    wrong = (wrong + np.pi) % (2 * np.pi) - np.pi
    sigma = np.hypot(seen.sigma_rad[:, None], seen.position_sigma_m[:, None] / metres)
    near = np.exp(-0.5 * (wrong / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    logs = np.log((1 - REFLECTED) * near + REFLECTED / (2 * np.pi))
    return np.asarray(seen.weight @ logs)


def by_differences(cloud: Moving, seen: Differences) -> Floats:
    """Log-likelihood of each particle. (p,)

    Differences to one sensor share that sensor's error. An echo reaches one sensor, any of them; now and then all.
    """
    east, north = places(cloud, np.array([seen.ago_s]))
    metres = np.hypot(east.T - seen.east_m, north.T - seen.north_m)
    wrong = seen.difference_m - metres @ seen.pairs.T
    own = _arrival_variance(seen)
    none = len(own)
    logs = [np.log(1 - ECHOED - ALL_ECHOED) + _normal(wrong, seen, own)]
    logs += [np.log(ALL_ECHOED) + _normal(wrong, seen, own + ECHO_M**2)]
    logs += [
        np.log(ECHOED / none) + _normal(wrong, seen, own + ECHO_M**2 * (np.arange(none) == late))
        for late in range(none)
    ]
    return np.asarray(np.logaddexp.reduce(logs, axis=0))


def _arrival_variance(seen: Differences) -> Floats:
    """Of each sensor's arrival: half of what its differences have. (n,)"""
    with_it = np.abs(seen.pairs)
    return np.asarray(0.5 * (1 - OF_PAIR) * (with_it.T @ seen.sigma_m**2) / np.maximum(with_it.sum(axis=0), 1))


def _normal(wrong: Floats, seen: Differences, own_m2: Floats) -> Floats:
    covariance = (seen.pairs * own_m2) @ seen.pairs.T + np.diag(OF_PAIR * seen.sigma_m**2)
    _, log_determinant = np.linalg.slogdet(covariance)
    return np.asarray(-0.5 * (np.einsum("pm,mk,pk->p", wrong, np.linalg.inv(covariance), wrong) + log_determinant))
