"""The PI of a station too weak for its blocks: the soft bits of all groups of a look added up.

Every group begins with the same 26 bits, so N groups give 10·log10 N dB. Nothing is corrected: the 26 sums must each
stand clear of noise, their signs must pass the check of block A, and no other place of the group may do the same.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.fm.rds_code import BLOCK_BITS, GROUP_BITS, Offset, informations, syndromes

_LEAST_GROUPS = 8
_LEAST_MEAN = 3.5  # of the 26 sums, in their sigma
_LEAST_EACH = 1.0  # a bit that is wrong has to be 4.5 sigma off on average, and the check still stands
_LIMIT = 12.0  # of one symbol's log likelihood ratio


@dataclass(frozen=True, slots=True)
class CombinedPi:
    """groups: how many were added up. start: bit where the first of them begins."""

    pi: int
    groups: int
    start: int


def combine_pi(symbols: NDArray[np.float32]) -> CombinedPi | None:
    """symbols: (n,) coherent symbols before differential decoding, in units of their noise's RMS."""
    likelihood = data_likelihoods(symbols)
    groups = len(likelihood) // GROUP_BITS
    if groups < _LEAST_GROUPS:
        return None
    folded = likelihood[: groups * GROUP_BITS].reshape(groups, GROUP_BITS)
    sums = folded.sum(axis=0)
    sigma = np.sqrt((folded**2).sum(axis=0)) + 1e-12
    around = np.concatenate([sums, sums[: BLOCK_BITS - 1]])
    bits = (around > 0).astype(np.uint8)
    clear = np.lib.stride_tricks.sliding_window_view(
        np.abs(around) / np.concatenate([sigma, sigma[: BLOCK_BITS - 1]]), BLOCK_BITS
    )
    passes = (
        (syndromes(bits) == Offset.A.value) & (clear.mean(axis=1) >= _LEAST_MEAN) & (clear.min(axis=1) >= _LEAST_EACH)
    )
    starts = np.flatnonzero(passes)
    if len(starts) != 1:
        return None
    start = int(starts[0])
    return CombinedPi(int(informations(bits)[start]), groups, start)


def data_likelihoods(symbols: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n,) symbols → (n − 1,) log likelihood ratios of the data bits; positive is 1: the symbol turned."""
    amplitude = np.sqrt(max(float(np.mean(symbols.astype(np.float64) ** 2)) - 1.0, 0.0))
    halves = np.tanh(np.clip(symbols.astype(np.float64) * amplitude, -_LIMIT / 2, _LIMIT / 2))
    return np.asarray(-2 * np.arctanh(np.clip(halves[1:] * halves[:-1], -1 + 1e-9, 1 - 1e-9)))
