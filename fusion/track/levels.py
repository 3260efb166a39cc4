"""Received power on a moving cloud, with what is not known of it worked out beside each particle.

Given a place, a level is linear in the emitter's power and in what each sensor's level is off by (its gain, and the
shadowing on the way). So every particle carries their expectation, and all share one covariance: a Kalman filter
inside the particle filter (Rao-Blackwellised; Doucet, de Freitas, Murphy & Russell 2000). Shadowing is a first-order
Gauss-Markov process of the way gone (Gudmundson 1991), so a standing emitter's levels do not grow surer by repetition.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from fusion.locate.power import MISSED_ANYWAY, NEAREST_M, REFERENCE_M, Propagation

Floats = NDArray[np.float64]
MOST_SENSORS = 12
SHADOWING_DB = 8.0  # wider than it is: few particles cannot carry every way the levels may be wrong
DECORRELATION_M = 120.0
SURPRISE = 6.0  # squared sigmas of a level from which on it is thought an outlier, and counts less
SILENCE_S = 30.0  # in which not hearing it once more says nothing new


@dataclass(frozen=True, slots=True, eq=False)
class Unknowns:
    """sensors : names, the longest unheard first. mean_db : (p, 1 + sensors), the power and then each sensor's offset.
    covariance_db2 : (1 + sensors, 1 + sensors), the same for all particles."""

    sensors: tuple[str, ...]
    mean_db: Floats
    covariance_db2: Floats


@dataclass(frozen=True, slots=True)
class Look:
    """One level, or (level_dbm None) that it was under the floor, at one sensor."""

    sensor: str
    ago_s: float
    east_m: float
    north_m: float
    level_dbm: float | None
    floor_dbm: float
    gain_sigma_db: float
    fading_db: float
    bent_db: float = 0.0  # times the exponent: what was learnt of the sensor
    moved_m: float = 0.0  # the sensor, since its last look
    weight: float = 1.0  # of a silence


def nothing_known(size: int, prior: Propagation) -> Unknowns:
    return Unknowns((), np.full((size, 1), prior.eirp_dbm), np.array([[prior.eirp_sigma_db**2]]))


def faded(before: Unknowns, metres: float) -> Unknowns:
    """After the emitter went on by so much: what was learnt of the shadowing holds less."""
    return _faded(before, np.full(len(before.sensors), metres))


def _faded(before: Unknowns, metres: Floats) -> Unknowns:
    kept = np.r_[1.0, np.exp(-metres / DECORRELATION_M)]
    covariance = before.covariance_db2 * np.outer(kept, kept) + np.diag((1 - kept**2) * SHADOWING_DB**2)
    return replace(before, mean_db=before.mean_db * kept, covariance_db2=covariance)


def by_look(
    east_m: Floats, north_m: Floats, exponent: Floats, unknowns: Unknowns, *, look: Look, prior: Propagation
) -> tuple[Floats, Unknowns]:
    """(log-likelihood of each particle (p,), what is known after)."""
    known = _with_sensor(unknowns, look)
    offset = 1 + known.sensors.index(look.sensor)
    if look.moved_m:
        known = _faded(known, np.where(np.arange(1, 1 + len(known.sensors)) == offset, look.moved_m, 0.0))
    metres = np.maximum(np.hypot(east_m - look.east_m, north_m - look.north_m), NEAREST_M)
    loss = prior.reference_loss_db + 10 * exponent * np.log10(metres / REFERENCE_M)
    expected = known.mean_db[:, 0] + known.mean_db[:, offset] - loss + exponent * look.bent_db
    seen = known.covariance_db2[:, 0] + known.covariance_db2[:, offset]  # covariance of each unknown with the level
    variance = float(seen[0] + seen[offset]) + look.fading_db**2
    if look.level_dbm is None:
        under = ndtr((look.floor_dbm - expected) / np.sqrt(variance))
        return look.weight * np.log(MISSED_ANYWAY + (1 - MISSED_ANYWAY) * under), known
    wrong = look.level_dbm - expected
    least = float(np.min(wrong**2))
    variance *= max(1.0, least / variance / SURPRISE)
    log_likelihood = -0.5 * (wrong**2 / variance + np.log(variance))
    gain = seen / variance
    after = Unknowns(
        known.sensors,
        known.mean_db + wrong[:, None] * gain,
        known.covariance_db2 - np.outer(gain, gain) * variance,
    )
    return log_likelihood, after


def _with_sensor(unknowns: Unknowns, look: Look) -> Unknowns:
    """With a place for the sensor, the last; the longest unheard goes where there would be too many."""
    names, mean, covariance = unknowns.sensors, unknowns.mean_db, unknowns.covariance_db2
    if look.sensor in names:
        return unknowns
    if len(names) >= MOST_SENSORS:
        names, mean = names[1:], np.delete(mean, 1, axis=1)
        covariance = np.delete(np.delete(covariance, 1, axis=0), 1, axis=1)
    own = SHADOWING_DB**2 + look.gain_sigma_db**2
    grown = np.zeros((len(covariance) + 1, len(covariance) + 1))
    grown[:-1, :-1], grown[-1, -1] = covariance, own
    return Unknowns((*names, look.sensor), np.column_stack([mean, np.zeros(len(mean))]), grown)
