"""The convolutional code of BCCH, CCCH and SCH: rate 1/2, memory 4, G0 = 1+D³+D⁴, G1 = 1+D+D³+D⁴.

3GPP TS 45.003 §4.1.3 and §4.7.
"""

import numpy as np
from numpy.typing import NDArray

STATES = 16


def encode(bits: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(..., n) → (..., 2n), from and to the zero state when the last four bits are zeros."""
    padded = np.concatenate([np.zeros((*bits.shape[:-1], 4), np.uint8), bits], axis=-1)
    now, one, three, four = padded[..., 4:], padded[..., 3:-1], padded[..., 1:-3], padded[..., :-4]
    return np.stack([now ^ three ^ four, now ^ one ^ three ^ four], axis=-1).reshape(
        *bits.shape[:-1], 2 * bits.shape[-1]
    )


def _branch_signs() -> NDArray[np.float32]:
    """(input, predecessor half, 8 states, 2 outputs) as ±1; state = the last four bits, newest in the low bit."""
    state = np.arange(STATES).reshape(2, 8)  # the high bit (oldest) tells the two predecessors of a state apart
    newest, third, fourth = state & 1, state >> 2 & 1, state >> 3 & 1
    signs = np.empty((2, 2, 8, 2), np.float32)
    for bit in (0, 1):
        signs[bit, ..., 0] = 1 - 2 * (bit ^ third ^ fourth)
        signs[bit, ..., 1] = 1 - 2 * (bit ^ newest ^ third ^ fourth)
    return signs


_SIGNS = _branch_signs()


def decode(soft: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Most likely bits of many blocks at once, each begun and ended in the zero state.

    soft : (blocks, 2n), positive for 0, in units of log-likelihood. Returns (blocks, n) with the four tail bits.
    """
    blocks, steps = soft.shape[0], soft.shape[1] // 2
    pairs = np.ascontiguousarray(soft.T).reshape(steps, 2, blocks)
    metric = np.full((STATES, blocks), -1e9, np.float32)
    metric[0] = 0
    came_from = np.empty((steps, 8, 2, blocks), np.bool_)
    rising = metric.reshape(8, 2, blocks)
    for step in range(steps):
        first, second = pairs[step]
        both, apart = first + second, first - second
        before = rising.reshape(2, 8, blocks)
        after = np.empty((8, 2, blocks), np.float32)
        for bit in (0, 1):
            sign = _SIGNS[bit]
            same = (sign[..., 0] == sign[..., 1])[..., None]
            paths = before + sign[..., :1] * np.where(same, both, apart)
            came_from[step, :, bit] = paths[1] > paths[0]
            np.maximum(paths[0], paths[1], out=after[:, bit])
        rising = after
    return _trace_back(came_from.reshape(steps, STATES, blocks))


def _trace_back(came_from: NDArray[np.bool_]) -> NDArray[np.uint8]:
    steps, _, blocks = came_from.shape
    column = np.arange(blocks)
    state = np.zeros(blocks, np.intp)
    bits = np.empty((steps, blocks), np.uint8)
    for step in range(steps - 1, -1, -1):
        bits[step] = state & 1
        state = state >> 1 | came_from[step, state, column].astype(np.intp) << 3
    return np.ascontiguousarray(bits.T)
