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


def decode(soft: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Most likely bits of many blocks at once, each begun and ended in the zero state.

    soft : (blocks, 2n), positive for 0, in units of log-likelihood. Returns (blocks, n) with the four tail bits.
    """
    blocks, steps = soft.shape[0], soft.shape[1] // 2
    gains = _gains(soft)
    metric = np.full((STATES, blocks), -1e9, np.float32)
    metric[0] = 0
    came_from = np.empty((steps, STATES, blocks), np.bool_)
    paths = np.empty((2, STATES, blocks), np.float32)
    # the oldest bit of four tells the two predecessors of a state apart; the newest becomes the second of it
    before = metric.reshape(2, 2, 2, 2, blocks)  # oldest, third, second, newest
    old, young = paths.reshape(2, 2, 2, 2, 2, blocks)[..., 0, :], paths.reshape(2, 2, 2, 2, 2, blocks)[..., 1, :]
    for gain, larger in zip(gains, came_from, strict=True):
        np.add(before[0], gain, out=old[0])  # the oldest bit turns both coded bits over, and so does the new one
        np.subtract(before[0], gain, out=young[0])
        np.subtract(before[1], gain, out=old[1])
        np.add(before[1], gain, out=young[1])
        np.greater(paths[1], paths[0], out=larger)
        np.maximum(paths[0], paths[1], out=metric)
    return _trace_back(came_from)


def _gains(soft: NDArray[np.float32]) -> NDArray[np.float32]:
    """(steps, third bit, 1, newest bit, blocks) what a step adds when a zero follows a zero three bits older still."""
    blocks, steps = soft.shape[0], soft.shape[1] // 2
    pairs = np.ascontiguousarray(soft.T).reshape(steps, 2, blocks)
    gains = np.empty((steps, 2, 1, 2, blocks), np.float32)
    np.add(pairs[:, 0], pairs[:, 1], out=gains[:, 0, 0, 0])
    np.subtract(pairs[:, 0], pairs[:, 1], out=gains[:, 0, 0, 1])
    np.negative(gains[:, 0], out=gains[:, 1])
    return gains


def _trace_back(came_from: NDArray[np.bool_]) -> NDArray[np.uint8]:
    steps, _, blocks = came_from.shape
    column = np.arange(blocks)
    state = np.zeros(blocks, np.intp)
    bits = np.empty((steps, blocks), np.uint8)
    older = came_from.reshape(steps, STATES * blocks).view(np.uint8) << 3
    for step in range(steps - 1, -1, -1):
        bits[step] = state
        state = state >> 1 | older[step].take(state * blocks + column)
    return np.ascontiguousarray(bits.T & 1)
