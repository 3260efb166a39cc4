"""The modulated RDS subcarrier, 384 samples a bit, by looking up (IEC 62106, data modulation).

Each bit is a pair of opposite impulses half a bit apart, shaped so that transmitter and receiver share a
cosine spectrum that ends at 2 / bit time = 2375 Hz. The 57 kHz carrier has 48 whole periods a bit, so it stands
in the table too.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from recordings.fm.rds_bits import Bits

SAMPLES_PER_BIT = 384
CARRIER_PERIOD = 8  # samples: 456 kHz / 57 kHz
REACH = 4  # bits on each side that a bit's shape is felt: there it is below a thousandth


def subcarrier(bits: Bits, *, in_quadrature: bool) -> NDArray[np.float32]:
    """(n - 2·REACH, 384) samples of peak 1; the first and last REACH bits are neighbours only."""
    n = len(bits) - 2 * REACH
    index = np.zeros(n, np.intp)
    for k in range(2 * REACH + 1):
        index = index << 1 | bits[k : k + n]
    table = _table("quadrature" if in_quadrature else "phase")
    return table[index]


@cache
def _table(carrier: str) -> NDArray[np.float32]:
    """(2^9, 384): index = the bits from REACH before to REACH after, oldest first."""
    width = 2 * REACH + 1
    signs = 2.0 * ((np.arange(2**width)[:, None] >> np.arange(width - 1, -1, -1)) & 1) - 1
    t = np.arange(SAMPLES_PER_BIT) / SAMPLES_PER_BIT  # bits
    late = t[None, :] - np.arange(-REACH, REACH + 1)[:, None]  # since each bit's start
    shapes = _shaped(late - 0.25) - _shaped(late - 0.75)
    baseband = signs @ shapes
    turn = 2 * np.pi * np.arange(SAMPLES_PER_BIT) / CARRIER_PERIOD
    wave: NDArray[np.float64] = (
        baseband / np.abs(baseband).max() * (np.cos(turn) if carrier == "quadrature" else np.sin(turn))
    )
    return wave.astype(np.float32)


def _shaped(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Impulse response (peak 1) of cos(π f / 4) for |f| < 2, t in bits."""
    x = 8 * t
    near = np.isclose(np.abs(x), 1)
    safe = np.where(near, 0, x)
    return np.where(near, np.pi / 4, np.cos(np.pi / 2 * safe) / (1 - safe**2))
