"""What repeats of one measurement are worth.

Noise averages away; what is wrong with the place, the path or the clock is wrong each time. The scatter of the repeats
tells which is which: where a thousand repeats say the same to the last digit, all of the claimed error is shared.
"""

import numpy as np
from numpy.typing import NDArray

from fusion.locate.assumptions import ALWAYS_SHARED

Floats = NDArray[np.float64]
PRIOR_REPEATS, PRIOR_RATIO = 2.0, 0.5  # as if so many repeats with this much of the claimed variance had been seen
NOT_NOISE = 4.0  # scatter this many times the claimed variance is no noise to be averaged


def variance_of_mean(squares: float, count: int, claimed: float, *, always_shared: float = ALWAYS_SHARED) -> float:
    """Of the mean of `count` repeats whose squared deviations from it sum to `squares`; `claimed`: of a single one."""
    if count < 2:
        return claimed
    ratio = (squares / claimed + PRIOR_REPEATS * PRIOR_RATIO) / (count - 1 + PRIOR_REPEATS)
    if ratio > NOT_NOISE:
        return claimed * ratio
    noise = min(ratio, 1.0 - always_shared)
    return claimed * max(ratio, 1.0) * (1.0 - noise + noise / count)
