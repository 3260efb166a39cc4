"""GMSK with BT = 0.3, 4 samples a symbol, by looking up (3GPP TS 45.004 §2).

With the differential encoding d(i) ⊕ d(i-1) the symbols up to n together turn the carrier by n·π/2 + d(n)·π
(plus the same constant everywhere): that needs no history. A symbol's pulse is over after a few symbols, so the
four samples of a symbol come from a table indexed by the few bits around it and n mod 4.
"""

from functools import cache
from math import erf, exp, log, pi, sqrt

import numpy as np
from numpy.typing import NDArray

from recordings.gsm.coding import Bits

SAMPLES_PER_SYMBOL = 4
SYMBOL_RATE_HZ = 1625000 / 6
BT = 0.3
BEFORE, AFTER = 4, 3  # bits that bend a symbol: the pulse is over 2.5 symbols from its middle


def modulate(bits: Bits, first_symbol: int, *, shift_symbols: float = 0.0) -> NDArray[np.complex64]:
    """Samples (4·(n - BEFORE - AFTER),) of the symbols between the margins.

    bits          : (n,), the first BEFORE and the last AFTER of them are neighbours only
    first_symbol  : running number of bits[BEFORE], for the phase
    shift_symbols : sample k of a symbol is at (k / 4 + shift) of its period
    """
    n = len(bits) - BEFORE - AFTER
    index = np.zeros(n, np.uint16)
    for k in range(BEFORE + AFTER + 1):
        index <<= 1
        index |= bits[k : k + n]
    index |= ((np.arange(n, dtype=np.uint16) + np.uint16(first_symbol % 4)) & 3) << (BEFORE + AFTER + 1)
    return table(shift_symbols).take(index, axis=0).ravel()


@cache
def table(shift_symbols: float) -> NDArray[np.complex64]:
    """(4 · 2^8, 4): index = (symbol mod 4, then the bits oldest first), samples of one symbol."""
    width = BEFORE + AFTER + 1
    bits = (np.arange(2**width)[:, None] >> np.arange(width - 1, -1, -1)) & 1  # (256, 8), oldest first
    alpha = 1 - 2 * (bits[:, 1:] ^ bits[:, :-1])  # (256, 7): of symbols -BEFORE+1 … AFTER
    t = (np.arange(SAMPLES_PER_SYMBOL) / SAMPLES_PER_SYMBOL) + shift_symbols
    number = np.arange(-BEFORE + 1, AFTER + 1)
    swing = np.array([[_turned(x - i) for x in t] for i in number])  # (7, 4)
    over = pi / 2 * (np.arange(4)[:, None, None] - BEFORE) + pi * bits[:, 0][None, :, None]
    phase = over + (alpha @ swing)[None]
    path: NDArray[np.complex128] = np.exp(1j * phase)
    return path.astype(np.complex64).reshape(-1, SAMPLES_PER_SYMBOL)


def _turned(t: float) -> float:
    """Phase in radians that the pulse of a symbol at 0 has added by time t (in symbols); π/2 in the end."""
    sigma = sqrt(log(2)) / (2 * pi * BT)

    def primitive(x: float) -> float:  # of the Gaussian's distribution function
        return x * (1 + erf(x / (sigma * sqrt(2)))) / 2 + sigma * exp(-x * x / (2 * sigma**2)) / sqrt(2 * pi)

    return pi / 2 * (primitive(t + 0.5) - primitive(t - 0.5))
