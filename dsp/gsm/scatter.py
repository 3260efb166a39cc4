"""How far a sum over bursts may be off, judged by the bursts themselves."""

import numpy as np
from numpy.typing import NDArray

FAST, SLOW = 8, 50  # frames for which fading holds a burst's error: Doppler of 42 Hz; of 3 Hz, a walker's
_PRIOR = 3.0  # independent bursts that the noise is worth as a witness


def variance_of_sum(
    frames: NDArray[np.int64],
    parts: NDArray[np.float64],
    by_noise: NDArray[np.float64],
    *,
    fitted: int,
    reach: int = FAST,
) -> NDArray[np.float64]:
    """(p, p) covariance of the sum of `parts` (n, p): of each burst what is left after `fitted` unknowns were.

    by_noise : (p, p) what noise alone would make of it. Neighbours within `reach` frames count as dependent, the less
    the farther (Newey and West 1987). A few bursts that happen to agree are not believed: the noise is a witness
    beside them.
    """
    near = np.clip(1 - np.abs(frames[:, None] - frames[None, :]) / (reach + 1), 0, None)
    count = len(frames)
    together = float(near.sum()) / count  # bursts that count as one
    free = max(count - fitted * together, 0.0)  # what a fit leaves of the sum
    independent = free / together
    scatter = parts.T @ near @ parts * (count / max(free, 1.0))
    return np.asarray((independent * scatter + _PRIOR * by_noise) / (independent + _PRIOR))
