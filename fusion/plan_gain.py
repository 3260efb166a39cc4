"""How much a drive would tell: the information that its levels and bearings are expected to give of the place.

Hypotheses are places drawn from the posterior. For each the levels along the way are normal, with a mean that depends
on the place and a covariance that does not: the unknown power, correlated shadowing (also with what was measured
before) and the receiver's gain. How far the hypotheses are told apart by that bounds the mutual information from both
sides (Kolchinsky and Tracey, Entropy 19(7), 2017); what lies between the bounds is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion.locate.drive import UNEVEN_DB, beside_db, own_covariance, shadow_covariance
from fusion.locate.levels import Levels, Traits, decay_db, towards
from fusion.locate.power import Propagation

Floats = NDArray[np.float64]
BETWEEN_BOUNDS = 0.25  # of the squared distance: 1/8 gives the lower bound, 1/2 the upper
LEVEL_SIGMA_DB = 1.5  # of one place of the drive: fading averaged, noise
MOST_BY_BEARING = 2.0  # nats: a bearing may be a reflection
FLOOR_DBM = -103.0  # of a usual receiver in 200 kHz; weaker says only that it is far, which is known
PLACE_SIGMA_M = 10.0  # of the seeker: a bearing taken beside the emitter says little


@dataclass(frozen=True, slots=True, eq=False)
class Hypotheses:
    """Places drawn from the posterior, each as likely as `share` says, with the power the levels give it. All (h,)."""

    east_m: Floats
    north_m: Floats
    share: Floats
    eirp_dbm: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Where the seeker would measure, in order. All (k,)."""

    east_m: Floats
    north_m: Floats


def drawn(probability: Floats, order: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], Floats]:
    """(numbers, shares) of at most so many cells, evenly through the probability in this order of places."""
    at = np.searchsorted(np.cumsum(probability[order]), (np.arange(most) + 0.5) / most)
    cells, counts = np.unique(order[np.minimum(at, order.size - 1)], return_counts=True)
    return cells, counts / counts.sum()


def information_nats(
    hypotheses: Hypotheses,
    way: Way,
    *,
    heard: Levels | None,
    prior: Propagation | None,
    sensor: int,
    gain_sigma_db: float,
    bearing_sigma_rad: float | None,
) -> float:
    """Expected of the whole way. `heard`: levels so far; `sensor`: the seeker's number in them, or a new one.

    prior None: the seeker measures no levels.
    """
    squared = np.zeros((hypotheses.share.size, hypotheses.share.size))
    loud = None if prior is None else _audible(hypotheses, way, prior)
    if prior is not None and loud is not None:
        squared += _by_levels(hypotheses, _with_way(heard, loud, sensor, gain_sigma_db), loud.east_m.size, prior)
    if bearing_sigma_rad is not None:
        for east, north in _stops(way):
            squared += _by_bearing(hypotheses, east, north, bearing_sigma_rad)
    mixed = np.exp(-BETWEEN_BOUNDS * squared) @ hypotheses.share
    return float(-(hypotheses.share * np.log(mixed)).sum())


def _audible(hypotheses: Hypotheses, way: Way, prior: Propagation) -> Way | None:
    """The part of the way where it will more likely than not be heard."""
    loss = prior.reference_loss_db - prior.exponent * decay_db(
        hypotheses.east_m, hypotheses.north_m, way.east_m, way.north_m
    )
    heard = hypotheses.share @ (hypotheses.eirp_dbm[:, None] - loss > FLOOR_DBM) > 0.5
    return Way(way.east_m[heard], way.north_m[heard]) if heard.any() else None


def _by_levels(hypotheses: Hypotheses, whole: Levels, new: int, prior: Propagation) -> Floats:
    """Squared distances between what is expected along the way, the last `new` of `whole`, whitened: (h, h)."""
    decay = decay_db(hypotheses.east_m, hypotheses.north_m, whole.east_m, whole.north_m)
    # (h, old + new), up to what is common to all hypotheses
    mean = whole.traits.slope * decay + prior.exponent * whole.traits.lever(decay)
    way_m = float(np.dot(prior.decorrelation_m, prior.decorrelation_shares))
    covariance = shadow_covariance(whole, way_m, prior.usual_shadowing_db) + own_covariance(whole)
    covariance = covariance + prior.eirp_sigma_db**2 + _on_average(hypotheses, whole, prior)
    old = whole.east_m.size - new
    carried = covariance[old:, :old] @ np.linalg.inv(covariance[:old, :old]) if old else np.zeros((new, 0))
    conditional = covariance[old:, old:] - carried @ covariance[:old, old:]
    expected = mean[:, old:] - mean[:, :old] @ carried.T
    white = np.linalg.solve(np.linalg.cholesky(conditional), expected.T).T
    return _squared(white)


def _on_average(hypotheses: Hypotheses, whole: Levels, prior: Propagation) -> Floats:
    """Covariance of what depends on the place asked about, averaged over the hypotheses: exponent, uneven sides, who is
    in sight. (k, k)"""
    east_m, north_m, share = hypotheses.east_m, hypotheses.north_m, hypotheses.share[:, None]
    lever = whole.traits.lever(decay_db(east_m, north_m, whole.east_m, whole.north_m))
    sides = towards(east_m, north_m, whole)
    covariance = prior.exponent_sigma**2 * (share * lever).T @ lever
    for side in sides:
        covariance = covariance + UNEVEN_DB**2 * (share * side).T @ side
    return np.asarray(covariance + np.diag((share * beside_db(east_m, north_m, whole) ** 2).sum(axis=0)))


def _with_way(heard: Levels | None, way: Way, sensor: int, gain_sigma_db: float) -> Levels:
    """What was heard, and what would be: in one, so that what they share is known."""
    new = way.east_m.size
    driven = Levels(
        way.east_m,
        way.north_m,
        np.zeros(new),
        np.full(new, sensor),
        np.full(new, LEVEL_SIGMA_DB),
        Traits.unknown(np.full(new, gain_sigma_db)),
    )
    if heard is None:
        return driven
    mine = np.flatnonzero(heard.sensor == sensor)
    return heard.and_more(replace(driven, traits=heard.traits.of(np.resize(mine, new))) if mine.size else driven)


def _stops(way: Way) -> Sequence[tuple[float, float]]:
    """Where a bearing would be taken: halfway and at the end."""
    half = way.east_m.size // 2
    return [(float(way.east_m[k]), float(way.north_m[k])) for k in sorted({half, way.east_m.size - 1})]


def _by_bearing(hypotheses: Hypotheses, east_m: float, north_m: float, sigma_rad: float) -> Floats:
    east, north = hypotheses.east_m - east_m, hypotheses.north_m - north_m
    azimuth, distance = np.arctan2(east, north), np.maximum(np.hypot(east, north), PLACE_SIGMA_M)
    variance = sigma_rad**2 + (PLACE_SIGMA_M / distance) ** 2
    apart = azimuth[:, None] - azimuth
    apart = apart - 2 * np.pi * np.round(apart / (2 * np.pi))
    squared = 2 * apart**2 / (variance[:, None] + variance)
    return np.asarray(np.minimum(squared, MOST_BY_BEARING / BETWEEN_BOUNDS))


def _squared(white: Floats) -> Floats:
    own = np.einsum("hk,hk->h", white, white)
    return np.asarray(np.maximum(own[:, None] + own - 2 * white @ white.T, 0.0))
