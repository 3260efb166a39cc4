"""What each sensor makes of power and distance, learnt on emitters whose place and power are known.

A roof hears more than a street, a whip cut for another band less, and a valley fades faster with distance: such things
belong to one sensor, and by far more than its gain. With licensed emitters in the air they can be measured. Never
learnt from unknown emitters: that diverges.

    level − EIRP + loss at 100 m = a_s + n_s·x + shadowing (σ_s) + fading,    a_s ~ town ± 8 dB,  n_s ~ n ± 0.5

Each sensor leans on what all have in common as far as it has no links of its own, and from its first link on it is
used. Given the common exponent n a sensor's own two are normal with a mean linear in n: that is `SensorOffset`, and the
power likelihood integrates over all of it. σ_s has an inverse-gamma prior; what is not known of it is in the tails of
that likelihood. Where a known emitter was listened for and not heard, its level is expected under the floor
(Tobin 1958, by expectation and maximisation).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from fusion.locate.power import Propagation

Floats = NDArray[np.float64]
COMMON_SIGMA_DB = 12.0  # loss of this town over the model's
SENSOR_SIGMA_DB = 8.0  # height, street or roof, antenna
SENSOR_SLOPE_SIGMA = 0.5
EMITTER_SIGMA_DB = 4.0  # height of its mast, what its licence says of its power
FADING_DB = 4.5  # at one spot: standing there longer does not help, a few metres aside it is another
PRIOR_DOF = 6.0  # of the size of shadowing
LEAST_SHADOWING_DB = 2.5
ROUNDS = 12
OWN = np.diag([SENSOR_SIGMA_DB**2, SENSOR_SLOPE_SIGMA**2])
USUAL_DECAY_DB = -10.0  # 1 km


@dataclass(frozen=True, slots=True)
class KnownLink:
    """One known emitter at one sensor in one place. slope_db: −10·log10(d/d0).

    level_dbm : averaged over what was heard; not heard: the floor that it stayed under
    """

    sensor: str
    emitter: str
    level_dbm: float
    eirp_dbm: float
    slope_db: float
    looks: int = 1
    heard: bool = True


@dataclass(frozen=True, slots=True)
class SensorOffset:
    """For exponent n the sensor hears  gain_db + slope·x + n·(bent_db + lean·x)  over EIRP less loss at 100 m.

    gain_db2, cross_db, slope_2 : covariance of what is not sure in gain and slope
    shadowing_db                : size of shadowing at this sensor
    links                       : how many taught it
    """

    gain_db: float
    slope: float
    bent_db: float
    lean: float
    gain_db2: float
    cross_db: float
    slope_2: float
    shadowing_db: float
    links: int

    @property
    def base_db(self) -> float:
        """With slope_db: the same at a usual distance for who knows of gains only: base_db + n·(slope_db + x)."""
        return self.gain_db + self.slope * USUAL_DECAY_DB

    @property
    def slope_db(self) -> float:
        return self.bent_db + (self.lean - 1.0) * USUAL_DECAY_DB

    @property
    def sigma_db(self) -> float:
        """Of gain and slope, at a usual distance."""
        x = USUAL_DECAY_DB
        return float(np.sqrt(max(self.gain_db2 + 2 * x * self.cross_db + x**2 * self.slope_2, 0.0)))


@dataclass(frozen=True, slots=True)
class Learnt:
    """offsets: by sensor. exponent: of the town; None: nothing was learnt. elsewhere: of a sensor without links."""

    offsets: dict[str, SensorOffset] = field(default_factory=dict)
    exponent: float | None = None
    exponent_sigma: float = 0.0
    elsewhere: SensorOffset | None = None
    left_out: dict[str, str] = field(default_factory=dict)  # sensor → why, of `fusion.self_test`

    def of(self, sensor: str) -> SensorOffset | None:
        return self.offsets.get(sensor, self.elsewhere)


NOTHING_LEARNT = Learnt()


def learn(links: Sequence[KnownLink], prior: Propagation) -> Learnt:
    """`prior` says exponent and reference loss; its power is not used: these emitters' powers are known."""
    if not links:
        return NOTHING_LEARNT
    sensors = [_Heard.of(name, links, prior) for name in sorted({link.sensor for link in links})]
    emitters = len({link.emitter for link in links})
    town = _Town.before(prior)
    for _ in range(ROUNDS):
        sensors = [s.again(town, prior) for s in sensors]
        town = _Town.after([s for s in sensors if s.counts], prior, emitters)
    return Learnt(
        offsets={s.name: _offset(s, town) for s in sensors},
        exponent=float(town.mean[1]),
        exponent_sigma=float(np.sqrt(town.covariance[1, 1])),
        elsewhere=_elsewhere(town, prior),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Town:
    """What all sensors have in common: (gain, exponent), mean (2,) and covariance (2, 2)."""

    mean: Floats
    covariance: Floats

    @classmethod
    def before(cls, prior: Propagation) -> "_Town":
        return cls(np.array([0.0, prior.exponent]), np.diag([COMMON_SIGMA_DB**2, prior.exponent_sigma**2]))

    @classmethod
    def after(cls, sensors: Sequence["_Heard"], prior: Propagation, emitters: int) -> "_Town":
        """Every sensor's own estimate, as sure as its links and as sensors are alike. What all links of one emitter
        share is the same error at every sensor: it does not average away over sensors."""
        before = cls.before(prior)
        information, weighted = np.linalg.inv(before.covariance), np.linalg.solve(before.covariance, before.mean)
        for sensor in sensors:
            # marginal of the sensor's links: information of the town = (S⁻¹ + own)⁻¹
            passed = np.linalg.inv(np.eye(2) + sensor.information @ OWN)
            information = information + passed @ sensor.information
            weighted = weighted + passed @ sensor.weighted
        covariance = np.linalg.inv(information)
        shared = np.diag([EMITTER_SIGMA_DB**2 / emitters, 0.0])
        return cls(covariance @ weighted, covariance + shared)


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """One sensor's links: normal equations of (gain, slope), and the size of what is left over."""

    name: str
    base_db: Floats  # (k,) level − EIRP + loss at 100 m
    slope_db: Floats
    own_db2: Floats  # fading
    heard: NDArray[np.bool_]
    shadowing_db: float
    information: Floats
    weighted: Floats

    @classmethod
    def of(cls, name: str, links: Sequence[KnownLink], prior: Propagation) -> "_Heard":
        mine = [link for link in links if link.sensor == name]
        return cls(
            name,
            np.array([link.level_dbm - link.eirp_dbm + prior.reference_loss_db for link in mine]),
            np.array([link.slope_db for link in mine]),
            np.array([FADING_DB**2 / link.looks for link in mine]),
            np.array([link.heard for link in mine]),
            prior.usual_shadowing_db,
            np.zeros((2, 2)),
            np.zeros(2),
        )

    @property
    def counts(self) -> int:
        return int(self.heard.sum())

    def again(self, town: _Town, prior: Propagation) -> "_Heard":
        """One round: what was not heard filled in, the size of the shadowing estimated, the equations set up."""
        mean, covariance = self.posterior(town)
        design = np.column_stack([np.ones_like(self.slope_db), self.slope_db])
        variance = self.shadowing_db**2 + self.own_db2
        expected = design @ mean
        base, spread = _filled(self.base_db, expected, np.sqrt(variance), self.heard)
        squares = (base - expected) ** 2 + spread + np.einsum("ki,ij,kj->k", design, covariance, design)
        size = _size(squares, self.own_db2, self.heard, prior)
        weight = 1.0 / (size**2 + self.own_db2 + EMITTER_SIGMA_DB**2)
        weight = weight * np.where(self.heard, 1.0, np.maximum(1.0 - spread / variance, 0.05))
        return replace(
            self, shadowing_db=size, information=(design.T * weight) @ design, weighted=design.T @ (weight * base)
        )

    def posterior(self, town: _Town) -> tuple[Floats, Floats]:
        """Mean and covariance of (gain, slope)."""
        own = np.linalg.inv(OWN + town.covariance)
        covariance = np.linalg.inv(own + self.information)
        return covariance @ (own @ town.mean + self.weighted), np.asarray(covariance, np.float64)


def _filled(base: Floats, expected: Floats, sigma: Floats, heard: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """What was under its floor: expectation and variance of a normal cut off there."""
    cut = (base - expected) / sigma
    ratio = np.exp(-0.5 * cut**2 - 0.5 * np.log(2 * np.pi) - log_ndtr(cut))
    inside = np.clip(1.0 - cut * ratio - ratio**2, 0.0, 1.0) * sigma**2
    return np.where(heard, base, expected - sigma * ratio), np.asarray(np.where(heard, 0.0, inside), np.float64)


def _size(squares: Floats, own_db2: Floats, heard: NDArray[np.bool_], prior: Propagation) -> float:
    """Of the shadowing, fading taken off: a mode under the inverse-gamma prior."""
    total = PRIOR_DOF * prior.usual_shadowing_db**2 + float((squares - own_db2)[heard].sum())
    return float(np.sqrt(max(total / (PRIOR_DOF + heard.sum()), LEAST_SHADOWING_DB**2)))


def _offset(sensor: _Heard, town: _Town) -> SensorOffset:
    """Given the common exponent; the common gain's error goes into the sensor's own."""
    gain_2 = SENSOR_SIGMA_DB**2 + float(town.covariance[0, 0])
    before = np.linalg.inv(np.diag([gain_2, SENSOR_SLOPE_SIGMA**2]))
    covariance = np.linalg.inv(before + sensor.information)
    # prior mean of (gain, slope) = (town's gain, n): the part with n is `lean`
    fixed = covariance @ (before @ np.array([town.mean[0], 0.0]) + sensor.weighted)
    leaning = covariance @ before @ np.array([0.0, 1.0])
    return SensorOffset(
        gain_db=float(fixed[0]),
        slope=float(fixed[1]),
        bent_db=float(leaning[0]),
        lean=float(leaning[1]),
        gain_db2=float(covariance[0, 0]),
        cross_db=float(covariance[0, 1]),
        slope_2=float(covariance[1, 1]),
        shadowing_db=sensor.shadowing_db,
        links=sensor.counts,
    )


def _elsewhere(town: _Town, prior: Propagation) -> SensorOffset:
    """A sensor of this town without a link of its own."""
    return SensorOffset(
        gain_db=float(town.mean[0]),
        slope=0.0,
        bent_db=0.0,
        lean=1.0,
        gain_db2=SENSOR_SIGMA_DB**2 + float(town.covariance[0, 0]),
        cross_db=0.0,
        slope_2=SENSOR_SLOPE_SIGMA**2,
        shadowing_db=prior.usual_shadowing_db,
        links=0,
    )
