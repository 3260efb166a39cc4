"""What each sensor's levels are off by, learnt on emitters whose place and power are known.

A roof hears more than a street, a whip cut for another band less: such things move all of one sensor's levels alike,
and by more than its gain. With licensed emitters in the air they can be measured, and the path-loss exponent with
them. Never learnt from unknown emitters: that diverges.

Linear and Gaussian, for each exponent n:

    level − EIRP + reference loss − n·slope = common + sensor + emitter + shadowing

The estimate of (common + sensor) is then linear in n, which is all the power likelihood needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fusion.locate.power import Propagation

Floats = NDArray[np.float64]
COMMON_SIGMA_DB = 12.0  # loss of this town over the model's
SENSOR_SIGMA_DB = 8.0  # height, street or roof, antenna
EMITTER_SIGMA_DB = 4.0  # height of its mast, what its licence says of its power


@dataclass(frozen=True, slots=True)
class KnownLink:
    """One known emitter at one sensor, averaged over what was heard. slope_db: −10·log10(d/d0)."""

    sensor: str
    emitter: str
    level_dbm: float
    eirp_dbm: float
    slope_db: float


@dataclass(frozen=True, slots=True)
class SensorOffset:
    """To be taken off the sensor's levels: base_db + exponent·slope_db, sure to sigma_db."""

    base_db: float
    slope_db: float
    sigma_db: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """offsets: by sensor. Shares: of Propagation.exponents and .shadowing_db; empty: nothing was learnt."""

    offsets: dict[str, SensorOffset] = field(default_factory=dict)
    exponent_shares: tuple[float, ...] = ()
    shadowing_shares: tuple[float, ...] = ()


NOTHING_LEARNT = Learnt()


def learn(links: Sequence[KnownLink], prior: Propagation) -> Learnt:
    """`prior` says the exponents and the reference loss; its power is not used: these emitters' powers are known."""
    if not links:
        return NOTHING_LEARNT
    sensors = sorted({link.sensor for link in links})
    design = _design(links, sensors)
    base = np.array([link.level_dbm - link.eirp_dbm + prior.reference_loss_db for link in links])
    slope = np.array([link.slope_db for link in links])
    by_exponent, by_shadowing = _shares(base, slope, design, links, prior)
    shadowing_db = float(np.dot(by_shadowing, prior.shadowing_db))
    own = _own(links, shadowing_db)
    inverse = np.asarray(np.linalg.inv(design @ _prior(sensors) @ design.T + own), np.float64)
    gain = _effects(sensors) @ _prior(sensors) @ design.T @ inverse  # (sensors, links)
    left = _effects(sensors) - gain @ design
    spread = np.sqrt(np.diag(left @ _prior(sensors) @ left.T + gain @ own @ gain.T))
    offsets = {
        name: SensorOffset(float(gain[i] @ base), float(-gain[i] @ slope), float(spread[i]))
        for i, name in enumerate(sensors)
    }
    return Learnt(offsets, tuple(map(float, by_exponent)), tuple(map(float, by_shadowing)))


def _design(links: Sequence[KnownLink], sensors: list[str]) -> Floats:
    """Which unknown enters which link: (links, 1 + sensors); the first is common to all."""
    design = np.zeros((len(links), 1 + len(sensors)))
    design[:, 0] = 1.0
    for row, link in enumerate(links):
        design[row, 1 + sensors.index(link.sensor)] = 1.0
    return design


def _prior(sensors: list[str]) -> Floats:
    return np.diag([COMMON_SIGMA_DB**2, *([SENSOR_SIGMA_DB**2] * len(sensors))])


def _own(links: Sequence[KnownLink], shadowing_db: float) -> Floats:
    """Each link's shadowing, and what all links of one emitter share."""
    same = np.array([[a.emitter == b.emitter for b in links] for a in links], dtype=float)
    return np.asarray(same * EMITTER_SIGMA_DB**2 + np.eye(len(links)) * shadowing_db**2)


def _effects(sensors: list[str]) -> Floats:
    """common + sensor, for each sensor: (sensors, 1 + sensors)."""
    return np.hstack([np.ones((len(sensors), 1)), np.eye(len(sensors))])


def _shares(
    base: Floats, slope: Floats, design: Floats, links: Sequence[KnownLink], prior: Propagation
) -> tuple[Floats, Floats]:
    """Posterior shares of the exponents and of the sizes of shadowing: how well each explains the known links."""
    logs = np.empty((len(prior.shadowing_db), len(prior.exponents)))
    scale = np.diag([COMMON_SIGMA_DB**2, *([SENSOR_SIGMA_DB**2] * (design.shape[1] - 1))])
    for row, shadowing_db in enumerate(prior.shadowing_db):
        covariance = design @ scale @ design.T + _own(links, shadowing_db)
        inverse, (_, log_determinant) = np.linalg.inv(covariance), np.linalg.slogdet(covariance)
        for column, exponent in enumerate(prior.exponents):
            residual = base - exponent * slope
            logs[row, column] = -0.5 * (float(residual @ inverse @ residual) + float(log_determinant))
    logs += np.log(prior.shadowing_shares)[:, None] + np.log(prior.exponent_shares)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights.sum(axis=0), weights.sum(axis=1)
