"""One sensor's levels of licensed emitters, against what the other sensors teach of the town."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr

from fusion.locate.calibrate import EMITTER_SIGMA_DB, FADING_DB, OWN, Learnt
from fusion.locate.levels import decay_db
from fusion.locate.power import Propagation

Floats = NDArray[np.float64]
GAINS_DB = np.arange(-60.0, 41.0, 4.0)  # of one sensor over the town
SIDE, MARGIN_M = 20, 3_000.0  # of the grid on which a better site is looked for
MISSED_ANYWAY = 0.05
TAILS_DOF = 5.0
GONE_DB, GONE_SIGMAS = 10.0, 4.0  # a fall of all levels against what was usual; against the town three of its sigmas
NEAR_SITE_M = 600.0  # levels do not tell places nearer to each other than this
LEAST_HEARD = 3
ODD = 9.0  # squared sigmas: one odd emitter is that emitter's shadow, and counts no more
SAME_DB = 3.5  # middle change of levels that are as usual
LEAST_COMMON = 5  # emitters, before a change of levels says anything
CONSTANT_RATIO = 20.0  # of variances
FLOOR_ROOM_DB = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """One sensor's, with the emitters' places about the one it claims. All (k,). base_db: level − EIRP + loss."""

    level_dbm: Floats
    east_m: Floats
    north_m: Floats
    base_db: Floats
    heard: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Doubts:
    """site_nats      : evidence that another place explains the levels better, and how far that place is
    gain_db          : of its levels over the town's, with sigma; gone_nats: evidence that it is far too little
    scatter_db       : rms of what is left at the place claimed;  scatter_nats: evidence that no place explains it
    """

    site_nats: float
    site_error_m: float
    gain_db: float
    gain_sigma_db: float
    gone_nats: float
    scatter_db: float
    scatter_nats: float


@dataclass(frozen=True, slots=True)
class Town:
    """What a sensor of this town without a gain of its own would hear, and how surely one level follows that."""

    gain_db: float
    exponent: float
    slope_2: float
    sigma_db: float

    @classmethod
    def of(cls, learnt: Learnt, prior: Propagation) -> "Town":
        sizes = [offset.shadowing_db for offset in learnt.offsets.values() if offset.links >= 3]
        shadow = max(float(np.median(sizes)) if sizes else 0.0, prior.usual_shadowing_db)
        known = learnt.exponent is not None
        exponent = learnt.exponent if learnt.exponent is not None else prior.exponent
        return cls(
            learnt.elsewhere.gain_db if learnt.elsewhere else 0.0,
            exponent,
            (learnt.exponent_sigma if known else prior.exponent_sigma) ** 2 + float(OWN[1, 1]),
            float(np.sqrt(shadow**2 + FADING_DB**2 + EMITTER_SIGMA_DB**2)),
        )

    def expected(self, links: Links, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
        """(mean, sigma) of each level for a sensor at places (p,): (p, k)."""
        decay = decay_db(east_m, north_m, links.east_m, links.north_m)
        middle = decay - decay.mean(axis=1, keepdims=True)
        return self.gain_db + self.exponent * decay, np.sqrt(self.sigma_db**2 + self.slope_2 * middle**2)


def doubts(links: Links, town: Town, *, usual_gain_db: float | None) -> Doubts:
    """usual_gain_db : what its gain over the town was when it was well; None: not known."""
    here, (east, north) = _at(links, np.zeros(1), np.zeros(1), town), _grid(links)
    gain, sigma = _moments(here[0])
    elsewhere = logsumexp(_at(links, east, north, town), axis=1)
    best = int(np.argmax(elsewhere))
    scatter_db, scatter_nats = _scatter(links, np.zeros(1), np.zeros(1), town)
    _, at_best = _scatter(links, east[best : best + 1], north[best : best + 1], town)
    return Doubts(
        site_nats=float(logsumexp(elsewhere) - np.log(east.size) - logsumexp(here[0])),
        site_error_m=float(np.hypot(east[best], north[best])),
        gain_db=gain,
        gain_sigma_db=sigma,
        gone_nats=_gone(gain, sigma, usual_gain_db),
        scatter_db=scatter_db,
        scatter_nats=max(min(scatter_nats, at_best), constant_nats(links, town)),
    )


def _at(links: Links, east_m: Floats, north_m: Floats, town: Town) -> Floats:
    """Log-likelihood of the sensor at places (p,), of gains over the town GAINS_DB, uniform before: (p, gains)."""
    expected, spread = town.expected(links, east_m, north_m)
    z = (links.base_db - expected[:, None, :] - GAINS_DB[:, None]) / spread[:, None, :]
    tails = -0.5 * (TAILS_DOF + 1) * np.log1p(z**2 / TAILS_DOF) - np.log(spread)[:, None, :]
    under = np.log(MISSED_ANYWAY + (1 - MISSED_ANYWAY) * ndtr(z))
    return np.asarray(np.where(links.heard, tails, under).sum(axis=2))


def _moments(logs: Floats) -> tuple[float, float]:
    share = np.exp(logs - logs.max())
    share /= share.sum()
    mean = float(share @ GAINS_DB)
    return mean, float(np.sqrt(max(share @ (GAINS_DB - mean) ** 2, 1.0)))


def _gone(gain_db: float, sigma_db: float, usual_db: float | None) -> float:
    """Evidence that a cable or an antenna is missing: as nats of a normal, of what is beyond the ordinary."""
    if usual_db is not None:
        fall, spread = usual_db - gain_db - GONE_DB / 2, np.hypot(sigma_db, 2.0)
    else:
        fall, spread = -gain_db, np.hypot(sigma_db, float(np.sqrt(OWN[0, 0])))
    return float(0.5 * max(fall / spread, 0.0) ** 2)


def _scatter(links: Links, east_m: Floats, north_m: Floats, town: Town) -> tuple[float, float]:
    """(rms of what was heard about its own middle, evidence that it is too much), at one place."""
    expected, spread = town.expected(links, east_m, north_m)
    if links.heard.sum() < LEAST_HEARD:
        return 0.0, 0.0
    left = (links.base_db - expected[0])[links.heard]
    left = left - np.median(left)
    squares = np.minimum((left / spread[0][links.heard]) ** 2, ODD)
    freedom = float(squares.size - 1)
    ratio = float(squares.sum()) / freedom
    nats = 0.5 * freedom * (ratio - 1 - np.log(ratio)) if ratio > 1.0 else 0.0
    return float(np.sqrt((left**2).mean())), float(nats)


def _grid(links: Links) -> tuple[Floats, Floats]:
    """Places over the emitters' town, the sensor's own claim among them or not."""
    west, east = float(links.east_m.min()) - MARGIN_M, float(links.east_m.max()) + MARGIN_M
    south, north = float(links.north_m.min()) - MARGIN_M, float(links.north_m.max()) + MARGIN_M
    e, n = np.meshgrid(np.linspace(west, east, SIDE), np.linspace(south, north, SIDE))
    return e.ravel(), n.ravel()


def alike(now: Sequence[tuple[str, float]], before: Sequence[tuple[str, float]]) -> bool | None:
    """Whether levels of the same emitters are as they usually were, apart from a common gain; None: too few.

    By the middle of the changes: a few emitters may have changed themselves.
    """
    usual = dict(before)
    change = np.array([level - usual[emitter] for emitter, level in now if emitter in usual])
    if change.size < LEAST_COMMON:
        return None
    return bool(np.median(np.abs(change - np.median(change))) < SAME_DB)


def constant_nats(links: Links, town: Town) -> float:
    """Evidence that it says the same of all emitters, near and far. Just over its floor every deaf sensor does."""
    floor_dbm = float(links.level_dbm[~links.heard].max(initial=-np.inf))
    if links.heard.sum() < LEAST_COMMON or np.median(links.level_dbm[links.heard]) < floor_dbm + FLOOR_ROOM_DB:
        return 0.0
    expected, _ = town.expected(links, np.zeros(1), np.zeros(1))
    should = float(np.var(expected[0][links.heard])) + town.sigma_db**2
    said = float(np.var(links.level_dbm[links.heard]))
    if said > should / CONSTANT_RATIO:
        return 0.0
    return 0.5 * float(links.heard.sum() - 1) * float(np.log(should / max(said, 1.0)))
