"""Blocks read a little faster or slower than they were written, exactly: Taylor terms from the spectrum.

A clock error stretches time by parts in a million. Over one short block the reading point then wanders by
far less than a sample, so y(t + ε) = Σ ε^p/p! · y^(p)(t) needs few terms, and each derivative is one transform
of a spectrum that is at hand anyway. There is no interpolation filter, hence none of its ripple.
"""

import math
from functools import lru_cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

BATCH = 4  # blocks transformed side by side: SciPy then does four at once, in a third of the time
TOLERANCE = 3e-3  # of the amplitude at the band's edge: −50 dB there, far better inside
MOST_TERMS = 12


def terms_for(wander_samples: float, *, band: float) -> int:
    """Derivatives needed when the reading point wanders by at most this; `band` is the edge in cycles per sample."""
    reach = 2.0 * math.pi * band * wander_samples
    for terms in range(MOST_TERMS):
        if reach ** (terms + 1) / math.factorial(terms + 1) < TOLERANCE:
            return terms
    return MOST_TERMS


def stretched(spectra: NDArray[np.complex64], stretch: float, *, terms: int) -> NDArray[np.complex64]:
    """(..., n) complex64: blocks of centred spectra (..., n), read at k + (k − n/2)·stretch instead of at k.

    A centred spectrum has zero frequency at n/2; the result carries the sign (−1)^k that comes with that.
    """
    blocks = np.asarray(scipy.fft.ifft(spectra))
    if not terms or not stretch:
        return blocks
    slope, wander = _ramps(spectra.shape[-1], stretch)
    power = wander
    for term in range(1, terms + 1):
        spectra = spectra * slope
        blocks += power * scipy.fft.ifft(spectra)
        power = power * wander / np.float32(term + 1)
    return blocks


@lru_cache(maxsize=16)
def _ramps(n: int, stretch: float) -> tuple[NDArray[np.complex64], NDArray[np.float32]]:
    """(n,) what a derivative multiplies a centred spectrum by; (n,) samples the reading point is off by."""
    middle = np.arange(n) - n / 2
    return (2j * np.pi * middle / n).astype(np.complex64), (middle * stretch).astype(np.float32)


@lru_cache(maxsize=64)
def alternating(count: int) -> NDArray[np.float32]:
    """(count,) +1, −1, … : multiplying by it moves zero frequency to the middle. Not to be written to."""
    return np.where(np.arange(count) % 2, np.float32(-1.0), np.float32(1.0))


@lru_cache(maxsize=64)
def tapered(count: int, guard: int) -> NDArray[np.float32]:
    """(count,) window: 1 but for the outer half of each guard, where it falls smoothly to 0. Not to be written to."""
    edge = max(guard // 2, 1)
    slope = np.float32(0.5) - np.float32(0.5) * np.cos(np.pi * (np.arange(edge) + 0.5) / edge).astype(np.float32)
    window = np.ones(count, dtype=np.float32)
    window[:edge], window[count - edge :] = slope, slope[::-1]
    return window


def whole_batches(blocks: range) -> list[range]:
    """Blocks in batches of exactly BATCH, the last one filled up with blocks beyond the end.

    Always whole batches, so that the arithmetic of a block never hangs on how the work was cut.
    """
    return [range(first, first + BATCH) for first in range(blocks.start, blocks.stop, BATCH)]
