"""How likely it is that one emitter made what some of the receivers have, from each cell of a coarse map.

The emitter's power is integrated over in closed form, the exponent and the size of shadowing by a few values each.
Receivers that hear another emitter still say something: this one is no louder there than what they hear.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp

from fusion.channel.receivers import Receivers
from fusion.locate.posterior import Box
from fusion.locate.power import MISSED_ANYWAY, REFERENCE_M, Propagation
from fusion.locate.received import ANYTHING_DB, NEAR_M

Floats = NDArray[np.float64]
SIDE = 38
BLUR = 0.3  # of a cell
SHADOWING_DB, SHADOWING_SHARES = (4.0, 6.5, 9.5), (0.3, 0.4, 0.3)
REFLECTED, ECHOED = 0.08, 0.12
ECHO_M, TIME_PRIOR_M = 400.0, 20_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Map:
    """Cells (p,) and what stays the same whoever hears whom: decay_db (p, n) is 10·log10(d/d0); bearings (b, p) and
    differences (d, p) are log-likelihoods."""

    seen: Receivers
    prior: Propagation
    east_m: Floats
    north_m: Floats
    cell_m: float
    decay_db: Floats
    bearings: Floats
    differences: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """One emitter.

    log_evidence         : of its receivers, averaged over the map
    share                : (p,), sums to 1
    level_dbm, level_db2 : (n,), what would be heard of it at every receiver, and how unsure that is
    """

    log_evidence: float
    share: Floats
    level_dbm: Floats
    level_db2: Floats
    mean_m: tuple[float, float]


def map_of(seen: Receivers, prior: Propagation, box: Box) -> Map:
    cell = ((box.east_m - box.west_m) / SIDE, (box.north_m - box.south_m) / SIDE)
    east = box.west_m + cell[0] * (np.arange(SIDE) + 0.5)
    north = box.south_m + cell[1] * (np.arange(SIDE) + 0.5)
    east_m, north_m = (axis.ravel() for axis in np.meshgrid(east, north))
    de, dn = east_m[:, None] - seen.east_m, north_m[:, None] - seen.north_m
    blur = BLUR * max(cell)
    decay = 5.0 * np.log10((de**2 + dn**2 + blur**2) / REFERENCE_M**2) - seen.bent_db
    metres = np.sqrt(de**2 + dn**2)
    return Map(
        seen, prior, east_m, north_m, max(cell), decay, _bearings(seen, de, dn, blur), _differences(seen, metres, blur)
    )  # fmt: skip


def _bearings(seen: Receivers, de: Floats, dn: Floats, blur: float) -> Floats:
    east, north = de[:, seen.by], dn[:, seen.by]
    off = (np.arctan2(east, north) - seen.azimuth_rad + np.pi) % (2 * np.pi) - np.pi
    sigma = np.sqrt(seen.sigma_rad**2 + blur**2 / np.maximum(east**2 + north**2, blur**2))
    near = np.exp(-0.5 * (off / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    return np.asarray(np.log((1 - REFLECTED) * near + REFLECTED / (2 * np.pi)).T)


def _differences(seen: Receivers, metres: Floats, blur: float) -> Floats:
    off = seen.difference_m - (metres[:, seen.second] - metres[:, seen.first])
    sigma = np.hypot(seen.sigma_m, blur)
    near = np.exp(-0.5 * (off / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    far = np.exp(-np.abs(off) / (ECHO_M + sigma)) / (2 * (ECHO_M + sigma))
    return np.asarray(np.log((1 - ECHOED) * near + ECHOED * far).T)


def fitted(chart: Map, mine: NDArray[np.bool_]) -> Fitted:
    """`mine` : (n,), the receivers that hear it. The others that hear something hear another."""
    seen = chart.seen
    logs, levels, spreads = _levels(chart, mine)
    logs = logs + chart.bearings[mine[seen.by]].sum(axis=0)
    logs = logs + chart.differences[mine[seen.first] & mine[seen.second]].sum(axis=0)
    logs = logs + _nearness(chart, mine)
    total = float(logsumexp(logs))
    share = np.exp(logs - total)
    level = share @ levels
    spread = share @ (spreads[:, None] + (levels - level) ** 2)
    mean = float(share @ chart.east_m), float(share @ chart.north_m)
    return Fitted(total, share, level, spread, mean)


def _nearness(chart: Map, mine: NDArray[np.bool_]) -> Floats:
    """Logarithm of the share of each cell (p,) before anything is measured: an emitter is near those who hear it.

    Where levels tell which hears it best, about that one, as for one emitter alone (`fusion.locate.received`).
    """
    seen = chart.seen
    loud = np.where(mine, np.nan_to_num(seen.level_dbm, nan=-999.0), -9999.0)
    n = int(np.argmax(loud))
    squared = (chart.east_m - seen.east_m[n]) ** 2 + (chart.north_m - seen.north_m[n]) ** 2
    logs = -min(1.0, chart.prior.eirp_sigma_db / ANYTHING_DB) * np.log1p(squared / NEAR_M**2)
    return np.asarray(logs - logsumexp(logs))


def _levels(chart: Map, mine: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """(log-likelihood (p,), expected levels (p, n), their variance (p,)), averaged over exponents and shadowing."""
    seen, prior = chart.seen, chart.prior
    heard = mine & ~np.isnan(seen.level_dbm)
    other = ~mine & ~np.isnan(seen.level_dbm)
    most = np.where(np.isnan(seen.floor_dbm), seen.level_dbm, seen.floor_dbm)
    bounded = np.flatnonzero(other | ~np.isnan(seen.floor_dbm))
    logs, levels, spreads = [], [], []
    for shadowing, shadowing_share in zip(SHADOWING_DB, SHADOWING_SHARES, strict=True):
        variance = seen.sigma_db**2 + shadowing**2
        for exponent, exponent_share in zip(prior.exponents, prior.exponent_shares, strict=True):
            loss = prior.reference_loss_db + exponent * chart.decay_db
            log, power, unsure = _power(seen.level_dbm[heard], loss[:, heard], variance[heard], prior)
            level = power[:, None] - loss
            if bounded.size:
                sigma = np.sqrt(variance[bounded] + unsure)
                under = log_ndtr((most[bounded] - level[:, bounded]) / sigma)
                log = log + np.logaddexp(np.log(MISSED_ANYWAY), np.log(1 - MISSED_ANYWAY) + under).sum(axis=1)
            logs.append(log + np.log(shadowing_share * exponent_share))
            levels.append(level)
            spreads.append(unsure + shadowing**2)
    return _mixed(np.stack(logs), np.stack(levels), np.array(spreads))


def _power(levels: Floats, loss: Floats, variance: Floats, prior: Propagation) -> tuple[Floats, Floats, float]:
    """(log-likelihood (p,), power (p,), its variance) where the power is normal before."""
    weight = 1.0 / variance
    precision = float(weight.sum()) + 1.0 / prior.eirp_sigma_db**2
    off = levels - prior.eirp_dbm + loss  # (p, k)
    first, second = off @ weight, off**2 @ weight
    constant = -0.5 * float(np.log(2 * np.pi * variance).sum()) - 0.5 * np.log(precision * prior.eirp_sigma_db**2)
    return constant - 0.5 * (second - first**2 / precision), prior.eirp_dbm + first / precision, 1.0 / precision


def _mixed(logs: Floats, levels: Floats, spreads: Floats) -> tuple[Floats, Floats, Floats]:
    total = logsumexp(logs, axis=0)
    share = np.exp(logs - total)
    return total, np.einsum("mp,mpn->pn", share, levels), spreads @ share
