"""Did one sample count go on through a recording that was retuned? Its reference, heard before and after, says so.

A receiver that keeps its sample clock while it is tuned elsewhere may still lose samples there: whole USB packets,
100 µs each. Then what it heard of the target lies nowhere between the two references. Their lags differ by what the
clocks' rates explain, or the parts do not belong together.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dsp.fm.coarse_lag import CoarseLag
from dsp.fm.difference_refusals import Slipped
from dsp.fm.phase_steps import PhaseSteps

Pair = tuple[PhaseSteps, PhaseSteps]
_COARSE_S = 20e-6  # by which two coarse lags may differ
_RATES = 2e-6  # and by so much of the time between them, where carriers tell the rate badly
_STEP_SIGMAS, _LEAST_STEP_S = 5.0, 0.1e-6
WANDER = 3e-9  # judgement: by which a crystal's rate moves within seconds


def refuse_coarse_step(found: Sequence[tuple[CoarseLag, Pair]], *, rise: float) -> None:
    """Of parts that were all found beyond doubt. Raises Slipped."""
    sure = [(lag, pair) for lag, pair in found if lag.found and lag.alone]
    for (one, earlier), (other, later) in pairwise(sorted(sure, key=lambda each: each[1][0].first_s)):
        apart_s = later[0].first_s - earlier[0].first_s
        step_s = other.lag_s - one.lag_s - rise * apart_s
        if earlier[0].freq_hz == later[0].freq_hz and abs(step_s) > _COARSE_S + _RATES * abs(apart_s):
            raise Slipped(freq_hz=later[0].freq_hz, step_s=step_s)


def refuse_step(
    pairs: Sequence[Pair], which: NDArray[np.int64], lags_s: NDArray[np.float64], covariance: NDArray[np.float64]
) -> None:
    """lags_s : (pairs,) of each part for itself, all at one instant by the rate that carriers and parts tell.

    Raises Slipped.
    """
    for station in np.unique(which):
        own = np.flatnonzero(which == station)
        for a, b in pairwise(own.tolist()):
            step_s = float(lags_s[b] - lags_s[a])
            sigma_s = float(np.sqrt(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b]))
            if abs(step_s) > _STEP_SIGMAS * sigma_s + _LEAST_STEP_S:
                raise Slipped(freq_hz=pairs[a][0].freq_hz, step_s=step_s)


def wander_s(station: Sequence[Pair]) -> float:
    """What the line between a reference before and after misses of a rate that moves; 0 when all is one part."""
    return WANDER * (station[-1][0].first_s - station[0][0].first_s) / 2
