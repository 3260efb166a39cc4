"""How likely received powers are from each place, when the emitter's power is not known.

    level = EIRP − loss at 100 m + gain + n·x + shadowing + fading,      x = −10·log10(distance / 100 m)

Integrated over in closed form at every place: the power and the exponent n (normal), and each sensor's own gain and
slope (normal, as surely as known emitters taught them, `fusion.locate.calibrate`). Averaged over on a few values: how
large the shadowing is, and over what way it stays the same (Gudmundson 1991). Levels of sensors that stand still have
Student's tails, reweighted at every place; of a drive, `fusion.locate.drive`. Silence is evidence too: who listened
and heard nothing has the chance of that as its likelihood.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp, ndtr

from fusion.locate.drive import Drive
from fusion.locate.levels import NEAREST_M, REFERENCE_M, TAILS_DOF, Floats, Levels, Silences, decay_db
from fusion.locate.nuisance import Means, Sums, Two

__all__ = ["MISSED_ANYWAY", "NEAREST_M", "REFERENCE_M", "Levels", "Likelihood", "Propagation", "Silences"]
LIGHT_M_S = 299_792_458.0
MISSED_ANYWAY = 0.05  # share of listeners that would not have reported it at any level
ROUNDS = 2  # of reweighting
ALIKE = (
    0.02  # errors of many listeners have more in common than the model knows: what n say counts as n/(1 + 0.02·(n−1))
)
NODES = ((-(3.0**0.5), 1 / 6), (0.0, 2 / 3), (3.0**0.5, 1 / 6))  # Gauss–Hermite of three points
OUTLIER_SIGMAS = 2.5  # nearer than this a residual of a drive is shadowing, and must keep its weight


@dataclass(frozen=True, slots=True)
class Propagation:
    """Priors. `eirp` includes everything that moves all levels together (height, body of the car, antenna)."""

    freq_hz: float
    eirp_dbm: float
    eirp_sigma_db: float
    exponent: float = 3.1
    exponent_sigma: float = 0.5
    shadowing_db: tuple[float, ...] = (3.5, 5.5, 7.5, 10.0)
    shadowing_shares: tuple[float, ...] = (0.2, 0.35, 0.3, 0.15)
    decorrelation_m: tuple[float, ...] = (50.0, 150.0, 400.0)
    decorrelation_shares: tuple[float, ...] = (0.25, 0.45, 0.3)
    eirp_widths: tuple[tuple[float, float], ...] = ((1.0, 0.8), (3.0, 0.2))  # (times its sigma, share): long tails

    @property
    def reference_loss_db(self) -> float:
        return float(20 * np.log10(4 * np.pi * REFERENCE_M * self.freq_hz / LIGHT_M_S))

    @property
    def exponents(self) -> tuple[float, ...]:
        """A few that stand for all, of `exponent_shares`: three points have the normal's mean and variance."""
        return tuple(self.exponent + node * self.exponent_sigma for node, _ in NODES)

    @property
    def exponent_shares(self) -> tuple[float, ...]:
        return tuple(share for _, share in NODES)

    @property
    def usual_shadowing_db(self) -> float:
        return float(np.dot(self.shadowing_db, self.shadowing_shares))


def propagation(service: str, freq_hz: float) -> Propagation:
    """What may be expected of the service. Cells real and false: 0.1 to 500 W, in streets. Broadcasters real and false:
    1 W to 10 kW, mostly from roofs, where loss grows more slowly."""
    if service == "gsm":
        return Propagation(freq_hz=freq_hz, eirp_dbm=38.0, eirp_sigma_db=9.0)
    return Propagation(
        freq_hz=freq_hz,
        eirp_dbm=50.0,
        eirp_sigma_db=10.0,
        exponent=2.8,
        decorrelation_m=(20.0, 100.0, 300.0),  # a real drive in sight of a mast: 0.17 at 10 m, less beyond
    )


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """log_likelihood, eirp_dbm, eirp_variance_db2 : (p,), for each place asked about."""

    log_likelihood: Floats
    eirp_dbm: Floats
    eirp_variance_db2: Floats


def power_likelihood(
    east_m: Floats, north_m: Floats, heard: Levels, missed: Silences, prior: Propagation
) -> Likelihood:
    """Of places (p,). Of a drive, once with every level alike and once more with outliers given less weight."""
    standing, driven = heard.parted()
    model = _Model.of(standing, driven, prior)
    first = model.at(east_m, north_m, missed)
    if not driven.count:
        return first
    best = int(np.argmax(first.log_likelihood))
    at = east_m[best : best + 1], north_m[best : best + 1]
    weights = _drive_weights(*fitted_residuals(*at, heard, prior, 0)[:2])[heard.moved]
    if weights.min() == 1.0:
        return first
    return replace(model, drive=Drive.of(driven.reweighted(weights, prior.usual_shadowing_db), prior)).at(
        east_m, north_m, missed
    )


def _drive_weights(residual_db: Floats, sigma_db: Floats) -> Floats:
    """Student's weights of four degrees, of those that are no shadowing."""
    squared = (residual_db / sigma_db) ** 2
    return np.where(squared > OUTLIER_SIGMAS**2, 5.0 / (4.0 + squared), 1.0)


def fitted_residuals(
    east_m: Floats, north_m: Floats, heard: Levels, prior: Propagation, best: int
) -> tuple[Floats, Floats, Floats]:
    """(residual dB, its sigma dB, its weight), all (k,), at place number `best`, power and exponent fitted there."""
    at_e, at_n = east_m[best : best + 1], north_m[best : best + 1]
    against = _Against.of(at_e, at_n, heard, prior)
    variance, dof = against.spread(1.0)
    means, weights, _ = against.reweighted(variance, dof, Sums.prior(prior, 3.0), rounds=6)
    relative = np.minimum(weights * variance * dof / (dof + 1), 1.0)
    return against.left(means)[0], np.sqrt(variance[0]), relative[0]


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    standing: Levels
    drive: Drive | None
    prior: Propagation

    @classmethod
    def of(cls, standing: Levels, driven: Levels, prior: Propagation) -> "_Model":
        return cls(standing, Drive.of(driven, prior) if driven.count else None, prior)

    def at(self, east_m: Floats, north_m: Floats, missed: Silences) -> Likelihood:
        logs, twos = [], []
        drives = self.drive.sums(east_m, north_m, self.prior) if self.drive else [(0.0, None)]
        usual = self.prior.usual_shadowing_db
        against = _Against.of(east_m, north_m, self.standing, self.prior) if self.standing.count else None
        start: Means | None = None
        for size, share in zip(self.prior.shadowing_db, self.prior.shadowing_shares, strict=True):
            standing: tuple[Sums, Floats | float] = Sums.nothing(east_m.size), 0.0
            if against is not None:
                standing, start = self._standing(against, size / usual, drives[len(drives) // 2][1], start)
            for drive_log, drive in drives:
                sums, log = standing
                if drive is not None:
                    sums = sums.plus(drive.scaled(usual / size))
                    log = log + drive_log - drive.count * np.log(size / usual)
                for width, width_share in self.prior.eirp_widths:
                    two = sums.plus(Sums.prior(self.prior, width)).solved()
                    twos.append(two)
                    logs.append(log + two.log_evidence + np.log(share * width_share / width))
        return self._mixed(east_m, north_m, np.stack(logs), twos, missed)

    def _standing(
        self, against: "_Against", ratio: float, drive: Sums | None, start: Means | None
    ) -> tuple[tuple[Sums, Floats], Means]:
        """Sums over the sensors that stand still; what their tails add to a normal density's log; where to go on from
        for the next size of shadowing."""
        variance, dof = against.spread(ratio)
        beside = Sums.prior(self.prior, self.prior.eirp_widths[-1][0])
        if drive is not None:
            beside = beside.plus(drive.scaled(1 / ratio))
        means, weights, sums = against.reweighted(variance, dof, beside, rounds=ROUNDS, start=start)
        squared = against.left(means) ** 2
        tails = -0.5 * (dof + 1) * np.log1p(squared / (dof * variance)) - 0.5 * np.log(variance) - 0.25 / dof
        log = (tails + 0.5 * weights * squared).sum(axis=1)
        return (sums, np.asarray(log)), means

    def _mixed(self, east_m: Floats, north_m: Floats, logs: Floats, twos: list[Two], missed: Silences) -> Likelihood:
        """Averaged over sizes and ways of shadowing. logs : (models, p)."""
        total = logsumexp(logs, axis=0)
        two = Two.mixed(np.exp(logs - total), twos)
        if missed.count:
            total = total + self._silence_log(east_m, north_m, two, missed)
        listeners = max(self.standing.count + missed.count, 1)
        told = total / (1.0 + ALIKE * (listeners - 1))
        return Likelihood(told, self.prior.eirp_dbm + two.first, two.first_variance)

    def _silence_log(self, east_m: Floats, north_m: Floats, two: Two, missed: Silences) -> Floats:
        """Log of the chance that every silent listener stayed under its floor; all share the power's error."""
        decay = decay_db(east_m, north_m, missed.east_m, missed.north_m)
        lever = missed.traits.lever(decay)
        expected = self.prior.eirp_dbm - self.prior.reference_loss_db + missed.traits.slope * decay
        expected = expected + two.first[:, None] + (self.prior.exponent + two.second[:, None]) * lever
        shadow = missed.traits.shadowing(self.prior.usual_shadowing_db)
        own = np.sqrt(missed.traits.variance(decay) + shadow**2 + missed.own_sigma_db**2)
        shared = np.sqrt(two.variance_along(lever))
        chances = []
        for node, share in NODES:
            under = ndtr((missed.floor_dbm - expected - node * shared) / own)
            log = np.log(MISSED_ANYWAY + (1 - MISSED_ANYWAY) * under) @ missed.counts
            chances.append(log + np.log(share))
        return np.asarray(logsumexp(np.stack(chances), axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class _Against:
    """Levels against the prior's power and exponent, at places (p,): residual, lever of the exponent, variance of gain
    and slope (p, k); sizes of shadowing and fading (k,)."""

    residual: Floats
    lever: Floats
    traits_db2: Floats
    shadowing_db: Floats
    own_sigma_db: Floats

    @classmethod
    def of(cls, east_m: Floats, north_m: Floats, levels: Levels, prior: Propagation) -> "_Against":
        decay, traits = decay_db(east_m, north_m, levels.east_m, levels.north_m), levels.traits
        lever = traits.lever(decay)
        expected = prior.eirp_dbm - prior.reference_loss_db + traits.slope * decay + prior.exponent * lever
        shadowing = traits.shadowing(prior.usual_shadowing_db)
        return cls(levels.level_dbm - expected, lever, traits.variance(decay), shadowing, levels.own_sigma_db)

    def spread(self, ratio: float) -> tuple[Floats, Floats]:
        """(variance, degrees of freedom) for shadowing `ratio` times as large as usual.

        A gain that is not sure makes the sum nearly normal again: degrees grow as its share does (equal kurtosis).
        """
        shadow = (ratio * self.shadowing_db) ** 2 + self.own_sigma_db**2
        variance = shadow + self.traits_db2
        return variance, 4.0 + (TAILS_DOF - 4.0) * (variance / shadow) ** 2

    def left(self, means: Means) -> Floats:
        return np.asarray(self.residual - means.first[:, None] - means.second[:, None] * self.lever)

    def reweighted(
        self, variance: Floats, dof: Floats, beside: Sums, *, rounds: int, start: Means | None = None
    ) -> tuple[Means, Floats, Sums]:
        """Power and exponent at each place by iteratively reweighted least squares, the last weights, their sums."""
        weights = 1.0 / variance
        means = start or Sums.weighted(self.residual, self.lever, weights).means_beside(beside)
        wide, heavy = dof * variance, dof + 1.0
        sums = beside
        for _ in range(rounds):
            weights = heavy / (wide + self.left(means) ** 2)
            sums = Sums.weighted(self.residual, self.lever, weights)
            means = sums.means_beside(beside)
        return means, weights, sums
