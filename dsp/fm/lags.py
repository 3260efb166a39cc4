"""The lags of all stations of two snippets at once, with the drift of the two clocks that they have in common."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.coarse_lag import CoarseLag, coarse_lag
from dsp.fm.difference_refusals import Ambiguous, Clipped, NoOverlap, OtherProgramme, Silent
from dsp.fm.one_count import refuse_coarse_step, refuse_step
from dsp.fm.overlaid import Overlaid, likelihood, overlay
from dsp.fm.phase_steps import PhaseSteps, expected_noise_rad2

MOST_CLIPPED = 0.01  # of the samples
_LEAST_NATS = 25.0  # by which the peak must stand over the next one
_LOBE_S = 9e-6  # nearer than this is the same peak: half a period of the multiplex's upper end
_CARRIER_PPM = 0.3  # tuners round their frequency: how far carriers are trusted to tell the clocks' rates
_MOST_PASSES, _STILL_SIGMAS = 5, 0.05
_MOST_LEFT, _LEAST_LEFT_RAD = 3.0, 0.05  # of the noise expected; whatever the noise
_COARSE_S = 10e-6  # by which a coarse lag may be wrong
_LEAST_WITNESSES = 3.0  # stretches that the model is worth as a witness of its own error

Pair = tuple[PhaseSteps, PhaseSteps]


@dataclass(frozen=True, slots=True)
class Search:
    """near_s, within_s : where the lag of the snippets is looked for, as the clocks say and as far as they are trusted

    most_path_s : more than any path can differ by: the receivers' distance at the speed of light
    """

    near_s: float
    within_s: float
    most_path_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Lags:
    """state : (stations + 1,) lags at about_s and the rise of all; covariance of these"""

    about_s: float
    state: NDArray[np.float64]
    covariance: NDArray[np.float64]


def lags_of(stations: Sequence[Sequence[Pair]], search: Search) -> Lags:
    """Roughly, then by the likelihood of both, then to its very top."""
    if not all(stations):
        raise NoOverlap
    pairs = [pair for station in stations for pair in station]
    which = np.repeat(np.arange(len(stations)), [len(station) for station in stations])
    _refuse_clipped(pairs)
    about_s = float(np.mean([_middle_s(pair) for pair in pairs]))
    rise = _carrier_rise(pairs)
    common_s = _common_lag(pairs, search, rise=rise, about_s=about_s)
    for pair in pairs:
        _refuse_silent(pair, common_s + rise * (_middle_s(pair) - about_s), 2 * search.most_path_s)
    state = np.append(np.full(len(stations), common_s), rise)
    state[:-1] += _rough_steps(_lay(pairs, state, which, about_s), which, 2 * search.most_path_s + _COARSE_S)
    for _ in range(_MOST_PASSES):
        laid = _lay(pairs, state, which, about_s)
        step, covariance = _solve(laid, which, about_s, rise - float(state[-1]))
        state = state + step
        if np.all(np.abs(step[:-1]) < _STILL_SIGMAS * np.sqrt(np.diag(covariance)[:-1])):
            break
    each_for_itself = np.arange(len(pairs))
    apart, spread = _solve(laid, each_for_itself, about_s, rise - float(state[-1]))
    refuse_step(pairs, which, state[which] + apart[:-1], spread)
    for one, pair in zip(laid, pairs, strict=True):
        _refuse_other(one, pair)
        _refuse_ambiguous(one, pair[0].freq_hz, 2 * search.most_path_s)
    return Lags(about_s, state, covariance)


def _refuse_clipped(pairs: Sequence[Pair]) -> None:
    worst = max(each.clipped_share or 0.0 for pair in pairs for each in pair)
    if worst > MOST_CLIPPED:
        raise Clipped(share=worst)


def _middle_s(pair: Pair) -> float:
    return pair[0].first_s + pair[0].seconds / 2


def _carrier_rise(pairs: Sequence[Pair]) -> float:
    """A clock that runs fast shows every carrier low by as much."""
    return -float(np.mean([(second.carrier_hz - first.carrier_hz) / first.freq_hz for first, second in pairs]))


def _common_lag(pairs: Sequence[Pair], search: Search, *, rise: float, about_s: float) -> float:
    """Of the station that says it most clearly, as it is at about_s."""
    found: list[tuple[CoarseLag, Pair]] = []
    for pair in pairs:
        lag = coarse_lag(*pair, near_s=search.near_s, within_s=search.within_s)
        if lag is not None:
            found.append((lag, pair))
    if not found:
        raise NoOverlap
    refuse_coarse_step(found, rise=rise)
    found.sort(key=lambda each: each[0].coefficient / each[0].chance)
    sure = [(lag, pair) for lag, pair in found if lag.found and lag.alone]
    if sure:
        lag, pair = sure[-1]
        return lag.lag_s - rise * (_middle_s(pair) - about_s)
    lag, (first, _) = found[-1]
    if lag.found:
        raise Ambiguous(freq_hz=first.freq_hz, other_s=lag.rival_s - lag.lag_s)
    raise Silent(freq_hz=first.freq_hz)


def _refuse_silent(pair: Pair, near_s: float, within_s: float) -> None:
    lag = coarse_lag(*pair, near_s=near_s, within_s=within_s)
    if lag is None:
        raise NoOverlap
    if not lag.found:
        raise Silent(freq_hz=pair[0].freq_hz)


def _lay(pairs: Sequence[Pair], state: NDArray[np.float64], which: NDArray[np.int64], about_s: float) -> list[Overlaid]:
    laid = []
    for (first, second), k in zip(pairs, which, strict=True):
        one = overlay(first, second, lag_s=float(state[k]), rise=float(state[-1]), about_s=about_s)
        if one is None:
            raise NoOverlap
        laid.append(one)
    return laid


def _rough_steps(laid: Sequence[Overlaid], which: NDArray[np.int64], reach_s: float) -> NDArray[np.float64]:
    """From the lag in common to each station's own, at the top of the likelihood."""
    later_s = np.arange(-reach_s, reach_s, 0.5e-6)
    nats = [
        sum(likelihood(one.rough, one.omega, later_s) for one, k in zip(laid, which, strict=True) if k == station)
        for station in range(int(which[-1]) + 1)
    ]
    return np.array([float(later_s[int(np.argmax(each))]) for each in nats])


def _solve(
    laid: Sequence[Overlaid], which: NDArray[np.int64], about_s: float, prior: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """One step of Gauss and Newton for the stations' lags and the rise, and the covariance of these.

    The covariance is what the stretches themselves scatter by, neighbours counted as dependent for half of each is the
    other's, beside what the model expects. Stretches overlap by half, so all information counts twice.
    """
    size = int(which[-1]) + 2
    trust = 2 / (_CARRIER_PPM * 1e-6) ** 2
    whole, score, meat = np.zeros((size, size)), np.zeros(size), np.zeros((size, size))
    whole[-1, -1], score[-1], meat[-1, -1] = trust, trust * prior, 2 * trust
    columns = [_columns(one, size, int(k), about_s) for one, k in zip(laid, which, strict=True)]
    for one, x in zip(laid, columns, strict=True):
        whole += (x.T * one.knows) @ x
        score += x.T @ one.pull
    inverse = np.linalg.inv(whole)
    step = inverse @ score
    count = sum(len(one.pull) for one in laid)
    for one, x in zip(laid, columns, strict=True):
        rest = x * (one.pull - one.knows * (x @ step))[:, None]
        beside = rest[:-1].T @ rest[1:]
        meat += (rest.T @ rest + beside + beside.T) * count / (count - size - 1)
    scatter, model = inverse @ meat @ inverse, 2 * inverse
    witnesses = count / 4
    return step, (witnesses * scatter + _LEAST_WITNESSES * model) / (witnesses + _LEAST_WITNESSES)


def _columns(one: Overlaid, size: int, k: int, about_s: float) -> NDArray[np.float64]:
    """(K, size): how each stretch's lag follows from the unknowns."""
    x = np.zeros((len(one.middle_s), size))
    x[:, k], x[:, -1] = 1.0, one.middle_s - about_s
    return x


def _refuse_other(one: Overlaid, pair: Pair) -> None:
    """Music resembles itself at many moments. What is the same leaves noise alone, and the envelopes tell how much."""
    noise_rad = float(np.sqrt(np.mean([expected_noise_rad2(each) for each in pair])))
    if one.noise_rad > _MOST_LEFT * noise_rad + _LEAST_LEFT_RAD:
        raise OtherProgramme(freq_hz=pair[0].freq_hz, left_rad=one.noise_rad, noise_rad=noise_rad)


def _refuse_ambiguous(one: Overlaid, freq_hz: float, reach_s: float) -> None:
    """The next best lag within reach must be far less likely."""
    later_s = np.arange(-reach_s, reach_s, 1e-6)
    later_s = later_s[np.abs(later_s) > _LOBE_S]
    if not len(later_s):
        return
    nats = likelihood(one.cross, one.omega, later_s)
    best = float(one.cross.real.sum())
    worst = int(np.argmax(nats))
    if best - float(nats[worst]) < _LEAST_NATS:
        raise Ambiguous(freq_hz=freq_hz, other_s=float(later_s[worst]))
