"""Levels along a drive: shadowing that stays the same for a while, and one gain throughout.

What stays the same for how long is not known: a few ways are tried (`Propagation.decorrelation_m`), and the levels say
which they believe. Two vehicles on one road share its shadowing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion.locate.levels import Floats, Levels, decay_db, towards
from fusion.locate.nuisance import Across, Sums

if TYPE_CHECKING:
    from fusion.locate.power import Propagation

BESIDE_DB, BESIDE_FADES_DB = 8.0, 25.0  # beside the emitter, and at levels so far below the loudest a tenth of it
UNEVEN_DB = 5.0  # more to one side than on average, one sigma
USUAL_DECAY_DB = -7.0  # 500 m: where a slope's error is turned into one of the gain


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """inverses: for each decorrelation, (log of its share and determinant, inverse covariance (k, k))."""

    levels: Levels
    inverses: tuple[tuple[float, Floats], ...]

    @classmethod
    def of(cls, levels: Levels, prior: "Propagation") -> "Drive":
        own, inverses = own_covariance(levels) + _beside(levels), []
        for way_m, share in zip(prior.decorrelation_m, prior.decorrelation_shares, strict=True):
            covariance = shadow_covariance(levels, way_m, prior.usual_shadowing_db) + own
            inverse, (_, log_determinant) = np.linalg.inv(covariance), np.linalg.slogdet(covariance)
            inverses.append((float(np.log(share) - 0.5 * log_determinant), np.asarray(inverse, np.float64)))
        return cls(levels, tuple(inverses))

    def sums(self, east_m: Floats, north_m: Floats, prior: "Propagation") -> list[tuple[float, Sums]]:
        """For each decorrelation: the log that belongs to it, and the sums at shadowing of usual size."""
        levels, traits = self.levels, self.levels.traits
        decay = decay_db(east_m, north_m, levels.east_m, levels.north_m)
        lever = traits.lever(decay)
        expected = prior.eirp_dbm - prior.reference_loss_db + traits.slope * decay + prior.exponent * lever
        residual = levels.level_dbm - expected
        away = towards(east_m, north_m, levels)
        return [(log, _quadratic(residual, lever, away, inverse)) for log, inverse in self.inverses]


def _quadratic(residual: Floats, lever: Floats, away: tuple[Floats, Floats], inverse: Floats) -> Sums:
    steep, heavy = lever @ inverse, residual @ inverse
    e, n = (side @ inverse for side in away)
    across = Across(
        (_dot(e, away[0]), _dot(e, away[1]), _dot(n, away[1])),
        (e.sum(axis=1), n.sum(axis=1)),
        (_dot(e, lever), _dot(n, lever)),
        (_dot(e, residual), _dot(n, residual)),
    )
    return Sums(
        float(inverse.sum()),
        steep.sum(axis=1),
        _dot(steep, lever),
        heavy.sum(axis=1),
        _dot(heavy, lever),
        _dot(heavy, residual),
        residual.shape[1],
    ).uneven(across, UNEVEN_DB)


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("pk,pk->p", a, b))


def shadow_covariance(levels: Levels, way_m: float, usual_db: float) -> Floats:
    """σ²·exp(−distance / way) between the places of reception. (k, k)"""
    distance = np.hypot(levels.east_m[:, None] - levels.east_m, levels.north_m[:, None] - levels.north_m)
    sigma = levels.traits.shadowing(usual_db)
    return np.asarray(np.outer(sigma, sigma) * np.exp(-distance / way_m))


def own_covariance(levels: Levels) -> Floats:
    """Of the sensors: each one's gain in common, fading at each place. (k, k)"""
    same = levels.sensor[:, None] == levels.sensor
    gain = np.sqrt(levels.traits.variance(np.full(levels.count, USUAL_DECAY_DB)))
    return np.asarray(same * np.outer(gain, gain) + np.diag(levels.own_sigma_db**2))


def _beside(levels: Levels) -> Floats:
    """Where it is loudest the emitter is near, and walls and heights decide, not the distance. (k, k)"""
    below = levels.level_dbm.max() - levels.level_dbm
    return np.asarray(np.diag((BESIDE_DB * 10 ** (-below / BESIDE_FADES_DB)) ** 2))
