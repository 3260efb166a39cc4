"""How likely received powers are from each place, when the emitter's power is not known.

Log-distance path loss with correlated shadowing (Gudmundson 1991). Unknown and averaged over: the emitter's power
(a normal prior, wide), the path-loss exponent, and the size of the shadowing. Averaging over that size is what gives
the likelihood its long, Student-like tails; a measurement far off its prediction is given less weight besides.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr

Floats = NDArray[np.float64]
REFERENCE_M = 100.0
NEAREST_M = 20.0  # closer than this the model is not meant
LIGHT_M_S = 299_792_458.0
STUDENT_DEGREES = 4.0
OUTLIER_SIGMAS = 2.5  # nearer than this a residual is shadowing, and correlated shadowing must keep its weight
MISSED_ANYWAY = 0.05  # share of listeners that would not have reported it at any level


@dataclass(frozen=True, slots=True)
class Propagation:
    """Priors. `eirp` includes everything that moves all levels together (height, body of the car, antenna)."""

    freq_hz: float
    eirp_dbm: float
    eirp_sigma_db: float
    exponents: tuple[float, ...] = (2.1, 2.7, 3.2, 3.7)
    exponent_shares: tuple[float, ...] = (0.1, 0.3, 0.35, 0.25)
    shadowing_db: tuple[float, ...] = (3.5, 5.5, 7.5, 10.0)
    shadowing_shares: tuple[float, ...] = (0.2, 0.35, 0.3, 0.15)
    decorrelation_m: float = 200.0

    @property
    def reference_loss_db(self) -> float:
        return float(20 * np.log10(4 * np.pi * REFERENCE_M * self.freq_hz / LIGHT_M_S))


def propagation(service: str, freq_hz: float) -> Propagation:
    """What may be expected of the service. Cells real and false: 0.1 to 500 W, in streets. Broadcasters real and false:
    1 W to 10 kW, mostly from roofs, where loss grows more slowly."""
    if service == "gsm":
        return Propagation(freq_hz=freq_hz, eirp_dbm=38.0, eirp_sigma_db=9.0)
    return Propagation(freq_hz=freq_hz, eirp_dbm=50.0, eirp_sigma_db=10.0, exponents=(2.0, 2.5, 3.0, 3.5))


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What was received, and where. All (k,).

    sensor        : number of the sensor; what one sensor's gain is wrong by, it is wrong by everywhere
    bent_db       : times the exponent, what was learnt of the sensor (calibrate.SensorOffset.slope_db); 0: nothing
    gain_sigma_db : of that gain
    own_sigma_db  : of this level alone: fading, noise
    """

    east_m: Floats
    north_m: Floats
    level_dbm: Floats
    sensor: NDArray[np.int64]
    bent_db: Floats
    gain_sigma_db: Floats
    own_sigma_db: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Silences:
    """Who listened and heard nothing above `floor_dbm`. All (m,). own_sigma_db: of gain and fading together."""

    east_m: Floats
    north_m: Floats
    floor_dbm: Floats
    bent_db: Floats
    own_sigma_db: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Likelihood:
    """log_likelihood, eirp_dbm, eirp_variance_db2 : (p,), for each place asked about."""

    log_likelihood: Floats
    eirp_dbm: Floats
    eirp_variance_db2: Floats


def power_likelihood(
    east_m: Floats, north_m: Floats, heard: Levels, missed: Silences, prior: Propagation
) -> Likelihood:
    """Of places (p,), once with every measurement alike and once more with outliers given less weight."""
    first = _likelihood(east_m, north_m, heard, missed, prior)
    weights = outlier_weights(east_m, north_m, heard, prior, int(np.argmax(first.log_likelihood)))
    if weights.min(initial=1.0) == 1.0:
        return first
    return _likelihood(east_m, north_m, reweighted(heard, weights, prior), missed, prior)


def outlier_weights(east_m: Floats, north_m: Floats, heard: Levels, prior: Propagation, best: int) -> Floats:
    """Student's weights (ν+1)/(ν+u²) of residuals at the likeliest place."""
    return fitted_residuals(east_m, north_m, heard, prior, best)[2]


def fitted_residuals(
    east_m: Floats, north_m: Floats, heard: Levels, prior: Propagation, best: int
) -> tuple[Floats, Floats, Floats]:
    """(residual dB, its sigma dB, its weight), all (k,), at place number `best`, power and exponent fitted there."""
    slope = slope_db(east_m[best : best + 1], north_m[best : best + 1], heard.east_m, heard.north_m)[0] + heard.bent_db
    base = heard.level_dbm - prior.eirp_dbm + prior.reference_loss_db
    residuals = [base - exponent * slope for exponent in prior.exponents]
    centred = min((r - np.median(r) for r in residuals), key=lambda r: float(np.abs(r).sum()))
    sigma = np.sqrt(np.median(prior.shadowing_db) ** 2 + heard.gain_sigma_db**2 + heard.own_sigma_db**2)
    student = (STUDENT_DEGREES + 1) / (STUDENT_DEGREES + (centred / sigma) ** 2)
    return centred, sigma, np.where(np.abs(centred) > OUTLIER_SIGMAS * sigma, student, 1.0)


def reweighted(heard: Levels, weights: Floats, prior: Propagation) -> Levels:
    """Less weight is more variance of its own."""
    total = heard.own_sigma_db**2 + heard.gain_sigma_db**2 + np.median(prior.shadowing_db) ** 2
    return replace(heard, own_sigma_db=np.sqrt(heard.own_sigma_db**2 + total * (1.0 / weights - 1.0)))


def _likelihood(east_m: Floats, north_m: Floats, heard: Levels, missed: Silences, prior: Propagation) -> Likelihood:
    # (p, k): −10·log10(d/d0), times n = dB
    slope = slope_db(east_m, north_m, heard.east_m, heard.north_m) + heard.bent_db
    silent_slope = slope_db(east_m, north_m, missed.east_m, missed.north_m) + missed.bent_db
    logs, powers, variances = [], [], []
    for shadowing_db, shadowing_share in zip(prior.shadowing_db, prior.shadowing_shares, strict=True):
        terms = _Fit.of(heard, slope, shadowing_db, prior)
        for exponent, exponent_share in zip(prior.exponents, prior.exponent_shares, strict=True):
            log_likelihood, power = terms.at(exponent)
            silence = _silence_log(
                power,
                exponent * silent_slope,
                missed,
                loss_db=prior.reference_loss_db,
                variance_db2=terms.power_variance + shadowing_db**2,
            )
            logs.append(log_likelihood + silence + np.log(shadowing_share * exponent_share))
            powers.append(power)
            variances.append(terms.power_variance)
    return _mixed(np.stack(logs), np.stack(powers), np.asarray(variances))


def _mixed(logs: Floats, powers: Floats, variances: Floats) -> Likelihood:
    """Averaged over shadowing sizes and exponents. logs, powers : (models, p)."""
    total = logsumexp(logs, axis=0)
    shares = np.exp(logs - total)
    mean = (shares * powers).sum(axis=0)
    variance = (shares * (variances[:, None] + (powers - mean) ** 2)).sum(axis=0)
    return Likelihood(total, mean, variance)


def slope_db(east_m: Floats, north_m: Floats, at_east_m: Floats, at_north_m: Floats) -> Floats:
    squared = (east_m[:, None] - at_east_m) ** 2 + (north_m[:, None] - at_north_m) ** 2
    return np.asarray(-5.0 * np.log10(np.maximum(squared, NEAREST_M**2) / REFERENCE_M**2))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """One shadowing size: the quadratic forms from which any exponent follows."""

    constant: float
    quadratic: tuple[float, Floats, Floats]  # of base, base × slope, slope × slope
    power: tuple[float, Floats]  # estimate of the power: base part, slope part
    power_variance: float
    prior_dbm: float

    @classmethod
    def of(cls, heard: Levels, slope: Floats, shadowing_db: float, prior: Propagation) -> "_Fit":
        covariance = shadow_covariance(heard, shadowing_db, prior.decorrelation_m) + own_covariance(heard)
        inverse = np.linalg.inv(covariance + prior.eirp_sigma_db**2)
        _, log_determinant = np.linalg.slogdet(covariance + prior.eirp_sigma_db**2)
        base = heard.level_dbm - prior.eirp_dbm + prior.reference_loss_db
        gain = prior.eirp_sigma_db**2 * inverse.sum(axis=0)
        weighted = slope @ inverse
        return cls(
            constant=-0.5 * float(log_determinant),
            quadratic=(float(base @ inverse @ base), weighted @ base, np.einsum("pk,pk->p", weighted, slope)),
            power=(float(gain @ base), slope @ gain),
            power_variance=float(prior.eirp_sigma_db**2 * (1 - gain.sum())),
            prior_dbm=prior.eirp_dbm,
        )

    def at(self, exponent: float) -> tuple[Floats, Floats]:
        """Log-likelihood and expected power of each place."""
        own, cross, steep = self.quadratic
        misfit = own - 2 * exponent * cross + exponent**2 * steep
        power = self.prior_dbm + self.power[0] - exponent * self.power[1]
        return self.constant - 0.5 * misfit, power


def shadow_covariance(levels: Levels, shadowing_db: float, decorrelation_m: float) -> Floats:
    """σ²·exp(−d/d_c) between the places of reception. (k, k)"""
    distance = np.hypot(levels.east_m[:, None] - levels.east_m, levels.north_m[:, None] - levels.north_m)
    return np.asarray(shadowing_db**2 * np.exp(-distance / decorrelation_m))


def own_covariance(levels: Levels) -> Floats:
    """Of the sensors: each gain's error in common, fading at each place. (k, k)"""
    same = levels.sensor[:, None] == levels.sensor
    return np.asarray(same * np.outer(levels.gain_sigma_db, levels.gain_sigma_db) + np.diag(levels.own_sigma_db**2))


def _silence_log(
    power_dbm: Floats, slope_db: Floats, missed: Silences, *, loss_db: float, variance_db2: float
) -> Floats | float:
    """Log of the chance that every silent listener stayed under its floor."""
    if not len(missed.floor_dbm):
        return 0.0
    expected = power_dbm[:, None] - loss_db + slope_db
    sigma = np.sqrt(missed.own_sigma_db**2 + variance_db2)
    under = ndtr((missed.floor_dbm - expected) / sigma)
    return np.asarray(np.log(MISSED_ANYWAY + (1 - MISSED_ANYWAY) * under).sum(axis=1))
