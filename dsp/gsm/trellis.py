"""Soft bits of many bursts at once through intersymbol interference: maximum likelihood over all sequences.

Ungerboeck's form: the metric needs only the matched filter's output and the channel's autocorrelation, and after
the quarter-turn of each symbol is taken back both are real numbers.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
CERTAIN = np.float32(32)  # a known bit outweighs the strongest output of its burst so often
_CHUNK = 16_384  # states × bursts worked on at a time: stays in the cache


def soft_bits(matched: Floats, memory: Floats, known: NDArray[np.int8]) -> Floats:
    """Log-likelihood ratio of every bit, positive for 0.

    matched : (bursts, n) matched filter outputs, in units where the noise of a log-likelihood is 1
    memory  : (bursts, L) autocorrelation of the channel at 1…L symbols, same units; 2^L states
    known   : (n,) or (bursts, n) +1 for a bit known to be 0, −1 for 1, 0 for unknown
    """
    biased = matched + CERTAIN * np.abs(matched).max(axis=1, keepdims=True, initial=0) * known
    states = 1 << memory.shape[1]
    step = max(1, _CHUNK // states)
    parts = [_chunk(biased[low : low + step], memory[low : low + step]) for low in range(0, len(matched), step)]
    return np.concatenate(parts) if parts else np.zeros_like(matched)


def _chunk(matched: Floats, memory: Floats) -> Floats:
    observed = np.ascontiguousarray(matched.T)  # (n, bursts)
    interference = _interference(memory)  # (2, half, bursts)
    before = _forward(observed, interference)
    return _backward(observed, interference, before)


def _interference(memory: Floats) -> Floats:
    """What the last L symbols leak into the present one, for each state; newest symbol in the low bit."""
    length = memory.shape[1]
    state = np.arange(1 << length)
    symbols = 1 - 2 * (state[:, None] >> np.arange(length) & 1)
    return (symbols.astype(np.float32) @ memory.T).reshape(2, len(state) // 2, -1)


def _forward(observed: Floats, interference: Floats) -> Floats:
    """(n, 2, half, bursts) best metric of reaching each state before each symbol."""
    _, half, bursts = interference.shape
    before = np.empty((len(observed), 2, half, bursts), np.float32)
    before[0] = 0
    gain, rising, falling = (np.empty_like(interference) for _ in range(3))
    for k in range(len(observed) - 1):
        np.subtract(observed[k], interference, out=gain)
        np.add(before[k], gain, out=rising)
        np.subtract(before[k], gain, out=falling)
        after = before[k + 1].reshape(half, 2, bursts)
        np.maximum(rising[0], rising[1], out=after[:, 0])
        np.maximum(falling[0], falling[1], out=after[:, 1])
    return before


def _backward(observed: Floats, interference: Floats, before: Floats) -> Floats:
    _, half, bursts = interference.shape
    soft = np.empty_like(observed)
    ahead = np.zeros((half, 2, bursts), np.float32)
    gain, rising, falling, path = (np.empty_like(interference) for _ in range(4))
    for k in range(len(observed) - 1, -1, -1):
        np.subtract(observed[k], interference, out=gain)
        np.add(ahead[:, 0], gain, out=rising)
        np.subtract(ahead[:, 1], gain, out=falling)
        zero, one = (np.maximum.reduce(np.add(before[k], way, out=path), axis=(0, 1)) for way in (rising, falling))
        np.subtract(zero, one, out=soft[k])
        np.maximum(rising, falling, out=ahead.reshape(2, half, bursts))
    return np.ascontiguousarray(2 * soft.T)
