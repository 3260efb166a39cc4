"""A block read a little faster or slower than it was written, exactly: Taylor terms from the spectrum.

A clock error stretches time by parts in a million. Over one short block the reading point then wanders by
far less than a sample, so y(t + ε) = Σ ε^p/p! · y^(p)(t) needs few terms, and each derivative is one transform
of a spectrum that is at hand anyway. There is no interpolation filter, hence none of its ripple.
"""

import math

import numpy as np
import scipy.fft
from numpy.typing import NDArray

TOLERANCE = 3e-3  # of the amplitude at the band's edge: −50 dB there, far better inside
MOST_TERMS = 12


def terms_for(wander_samples: float, *, band: float) -> int:
    """Derivatives needed when the reading point wanders by at most this; `band` is the edge in cycles per sample."""
    reach = 2.0 * math.pi * band * wander_samples
    for terms in range(MOST_TERMS):
        if reach ** (terms + 1) / math.factorial(terms + 1) < TOLERANCE:
            return terms
    return MOST_TERMS


def stretched(spectrum: NDArray[np.complex64], stretch: float, *, terms: int) -> NDArray[np.complex64]:
    """(n,) complex64: the block of a centred spectrum (n,), read at k + (k − n/2)·stretch instead of at k.

    A centred spectrum has zero frequency at n/2; the result carries the sign (−1)^k that comes with that.
    """
    n = len(spectrum)
    block = np.asarray(scipy.fft.ifft(spectrum))
    if not terms or not stretch:
        return block
    slope = (2j * np.pi * (np.arange(n) / n - 0.5)).astype(np.complex64)
    wander = ((np.arange(n) - n / 2) * stretch).astype(np.float32)
    power = np.ones(n, dtype=np.float32)
    for term in range(1, terms + 1):
        spectrum = spectrum * slope
        power = power * wander / np.float32(term)
        block += power * scipy.fft.ifft(spectrum)
    return block


def alternating(count: int) -> NDArray[np.float32]:
    """(count,) +1, −1, … : multiplying by it moves zero frequency to the middle of a transform."""
    return np.where(np.arange(count) % 2, np.float32(-1.0), np.float32(1.0))


def tapered(count: int, guard: int) -> NDArray[np.float32]:
    """(count,) window: 1 but for the outer half of each guard, where it falls smoothly to 0."""
    edge = max(guard // 2, 1)
    slope = np.float32(0.5) - np.float32(0.5) * np.cos(np.pi * (np.arange(edge) + 0.5) / edge).astype(np.float32)
    window = np.ones(count, dtype=np.float32)
    window[:edge], window[count - edge :] = slope, slope[::-1]
    return window
