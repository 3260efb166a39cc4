"""Levels along a drive: shadowing that stays the same for a while, and one gain throughout.

What stays the same for how long is not known: a few ways are tried (`Propagation.decorrelation_m`), and the levels say
which they believe. Two vehicles on one road share its shadowing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fusion.locate.levels import Floats, Levels, decay_db, towards
from fusion.locate.nuisance import Sums

if TYPE_CHECKING:
    from fusion.locate.power import Propagation

UNEVEN_DB = 5.0  # more to one side than on average, one sigma
# Near the emitter a receiver is in sight of it or not, which makes 14 to 23 dB. By the shares and losses of a street
# canyon (3GPP TR 38.901, tables 7.4.1-1 and 7.4.2-1) that scatters levels by 7 dB at 50 m, 8 at 100, 7 at 200, 5.6 at
# 400; less the 4.5 left at a kilometre, which is shadowing as anywhere, this much more at each place so near.
BESIDE_DB, BESIDE_M = 7.0, 300.0
MOST_BESIDE, LEAST_BESIDE_DB = 16, 2.0
USUAL_DECAY_DB = -7.0  # 500 m: where a slope's error is turned into one of the gain


@dataclass(frozen=True, slots=True, eq=False)
class Drive:
    """inverses: for each decorrelation, (log of its share and determinant, inverse covariance (k, k))."""

    levels: Levels
    inverses: tuple[tuple[float, Floats], ...]

    @classmethod
    def of(cls, levels: Levels, prior: "Propagation") -> "Drive":
        own, inverses = own_covariance(levels), []
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
        vectors = np.stack([np.ones_like(lever), lever, residual, *towards(east_m, north_m, levels)], axis=1)
        beside = _Beside.of(east_m, north_m, levels)
        return [(log, _sums(vectors, inverse, beside)) for log, inverse in self.inverses]


def _sums(vectors: Floats, inverse: Floats, beside: "_Beside") -> Sums:
    """vectors : (p, 5, k): one, lever, residual, and the direction to each receiver (east, north)."""
    weighted = vectors @ inverse
    products = weighted @ np.swapaxes(vectors, 1, 2)
    log = np.zeros(len(products))
    if beside.places.size:
        lost, log[beside.places] = beside.lost(weighted[beside.places], inverse)
        products[beside.places] -= lost
    return Sums.products(products, np.full(2, UNEVEN_DB), count=vectors.shape[2], log=log)


@dataclass(frozen=True, slots=True, eq=False)
class _Beside:
    """places : (q,) numbers of those near which there are receivers; nearest : (q, m), numbers of these;
    sigma_db : (q, m), of what being in sight or not adds to each."""

    places: NDArray[np.int64]
    nearest: NDArray[np.int64]
    sigma_db: Floats

    @classmethod
    def of(cls, east_m: Floats, north_m: Floats, levels: Levels) -> "_Beside":
        sigma = beside_db(east_m, north_m, levels)
        places = np.flatnonzero(sigma.max(axis=1) > LEAST_BESIDE_DB)
        nearest = np.argsort(-sigma[places], axis=1, kind="stable")[:, :MOST_BESIDE]
        return cls(places, nearest, np.take_along_axis(sigma[places], nearest, axis=1))

    def lost(self, weighted: Floats, inverse: Floats) -> tuple[Floats, Floats]:
        """What these errors more take off products (q, 5, 5), and add to the log (q,) (Woodbury's identity)."""
        mine = np.take_along_axis(weighted, self.nearest[:, None, :], axis=2) * self.sigma_db[:, None, :]
        among = inverse[self.nearest[:, :, None], self.nearest[:, None, :]]
        root = np.linalg.cholesky(
            np.eye(among.shape[1]) + self.sigma_db[:, :, None] * among * self.sigma_db[:, None, :]
        )
        half = np.linalg.solve(root, np.swapaxes(mine, 1, 2))
        log_determinant = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
        return np.swapaxes(half, 1, 2) @ half, -0.5 * log_determinant


def beside_db(east_m: Floats, north_m: Floats, levels: Levels) -> Floats:
    """What being in sight or not adds to each level's error. (p, k)"""
    squared = (east_m[:, None] - levels.east_m) ** 2 + (north_m[:, None] - levels.north_m) ** 2
    return np.asarray(BESIDE_DB / (1 + squared / BESIDE_M**2))


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
