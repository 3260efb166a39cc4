"""By how much later one receiver hears a station than another does, their clocks compared on a station of known place.

Both receivers hear reference and target by the same crystal each. What their clocks differ by, and drift by, is common
to both stations and drops out of target minus reference: in one window, or in a recording retuned from the reference to
the target and back, where the reference before and after says what the clocks did in between.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dsp.fm.difference_refusals import TooUnsure
from dsp.fm.lags import Pair, Search, lags_of
from dsp.fm.one_count import wander_s

__all__ = ["MOST_SIGMA_S", "Lag", "Pair", "Search", "TimeDifference", "lone_lag", "time_difference"]

MOST_SIGMA_S = 1e-6


@dataclass(frozen=True, slots=True)
class TimeDifference:
    """later_s : by how much more the target is late at the second receiver than the reference is.

    sigma_s : noise and drift, the echoes that showed (echo_s), and between parts what crystals wander by
    lag_s   : what the receivers' snippets differ by, on the reference; rise : by which the second's clock runs faster
    """

    later_s: float
    sigma_s: float
    echo_s: float
    lag_s: float
    rise: float
    rise_sigma: float


@dataclass(frozen=True, slots=True)
class Lag:
    """lag_s : snippet time of the second receiver minus that of the first, for the same moment, at about_s.

    rise : by which the second's clock runs faster
    """

    lag_s: float
    sigma_s: float
    echo_s: float
    about_s: float
    rise: float
    rise_sigma: float


def time_difference(reference: Sequence[Pair], target: Sequence[Pair], search: Search) -> TimeDifference:
    """Pairs (first receiver's, second's) of the same station; the reference may come before and after the target.

    Raises DifferenceRefused.
    """
    found = lags_of((reference, target), search)
    echo_s = math.hypot(_echo_s(reference), _echo_s(target))
    noise_s = math.sqrt(found.covariance[0, 0] + found.covariance[1, 1] - 2 * found.covariance[0, 1])
    return TimeDifference(
        later_s=float(found.state[1] - found.state[0]),
        sigma_s=_sure(math.hypot(noise_s, echo_s, wander_s(reference))),
        echo_s=echo_s,
        lag_s=float(found.state[0]),
        rise=float(found.state[-1]),
        rise_sigma=math.sqrt(found.covariance[-1, -1]),
    )


def lone_lag(target: Sequence[Pair], search: Search) -> Lag:
    """For receivers whose clocks are known to be right. Raises DifferenceRefused."""
    found = lags_of((target,), search)
    echo_s = _echo_s(target)
    sigma_s = _sure(math.hypot(math.sqrt(found.covariance[0, 0]), echo_s))
    rise_sigma = math.sqrt(found.covariance[-1, -1])
    return Lag(float(found.state[0]), sigma_s, echo_s, found.about_s, float(found.state[-1]), rise_sigma)


def _sure(sigma_s: float) -> float:
    if not sigma_s < MOST_SIGMA_S:
        raise TooUnsure(sigma_s=sigma_s)
    return sigma_s


def _echo_s(station: Sequence[Pair]) -> float:
    """What the two paths are likely to be late by, from the tilt of the envelope that echoes make.

    An echo's phase is any: what it delays is on average as large as what it tilts. Few tilts tell that size only
    roughly; the ratio of two mean squares of four values each has mean 2.
    """
    slopes = np.array([[each.envelope_slope_s for each in pair] for pair in station]).mean(axis=0)
    noise = np.array([[each.envelope_slope_sigma_s for each in pair] for pair in station]).mean(axis=0)
    return math.sqrt(2 * max(float((slopes**2 - noise**2).sum()), 0.0))
