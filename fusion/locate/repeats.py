"""What repeats of one measurement are worth.

Noise averages away; what is wrong with the place, the path or the clock is wrong each time. The scatter of the repeats
tells which is which: where a thousand repeats say the same to the last digit, all of the claimed error is shared.
Where they drift, who measures or what is measured is not where it was, and the mean is of none of the places.
"""

import numpy as np
from numpy.typing import NDArray

from fusion.locate.assumptions import ALWAYS_SHARED

Floats = NDArray[np.float64]
PRIOR_REPEATS, PRIOR_RATIO = 2.0, 0.5  # as if so many repeats with this much of the claimed variance had been seen
NOT_NOISE = 4.0  # scatter this many times the claimed variance is no noise to be averaged
FEWEST_THAT_DRIFT, NO_CHANCE = 5, 2.0  # sigmas of the steps of as many repeats in random order
END_OF_DRIFT = 3.0  # ends of a steady drift lie the root of this many spreads from its middle


def variance_of_mean(squares: float, count: int, claimed: float, *, always_shared: float = ALWAYS_SHARED) -> float:
    """Of the mean of `count` repeats whose squared deviations from it sum to `squares`; `claimed`: of a single one."""
    if count < 2:
        return claimed
    ratio = (squares / claimed + PRIOR_REPEATS * PRIOR_RATIO) / (count - 1 + PRIOR_REPEATS)
    if ratio > NOT_NOISE:
        return claimed * ratio
    noise = min(ratio, 1.0 - always_shared)
    return claimed * max(ratio, 1.0) * (1.0 - noise + noise / count)


def variance_of_drift(values: Floats) -> float:
    """Of the mean of repeats (n,), in the order of time, against where they began or ended; 0: no sign of a drift.

    Steps from one to the next are small against the scatter where something drifts (von Neumann 1941).
    """
    count, squares = values.size, float(((values - values.mean()) ** 2).sum())
    if count < FEWEST_THAT_DRIFT or squares == 0.0:
        return 0.0
    steps = float((np.diff(values) ** 2).sum())
    chance = 2.0 - NO_CHANCE * 2.0 * ((count - 2) / (count**2 - 1)) ** 0.5
    if steps / squares > chance:
        return 0.0
    return END_OF_DRIFT * (squares - steps / 2) / (count - 1)
