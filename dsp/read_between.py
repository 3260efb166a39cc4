"""Samples read at any instants between them: a windowed sinc."""

import numpy as np
from numpy.typing import NDArray

REACH = 20  # samples either side
_FINE = 256  # positions between two samples for which the taps are tabulated; straight lines between them
_BETA = 11.0


def read_between(samples: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) of (n,) at positions (m,), counted in samples; what would need samples beyond the ends is NaN.

    Right to 100 dB for what lies below 0.4 of the rate: of a tone, a hundred-thousandth of a radian.
    """
    at = np.asarray(at, np.float64)
    whole = np.floor(at).astype(np.int64)
    inside = (whole >= REACH - 1) & (whole + REACH < len(samples))
    out = np.full(len(whole), np.nan)
    base = whole[inside]
    fine = (at[inside] - base) * _FINE
    row = np.minimum(fine.astype(np.int64), _FINE - 1)
    further = fine - row
    total = np.zeros(len(base))
    for tap in range(2 * REACH):
        weight = _TAPS[tap, row] + further * _STEPS[tap, row]
        total += weight * samples[base + (tap - REACH + 1)]
    out[inside] = total
    return out


def _table() -> NDArray[np.float64]:
    """(2 · REACH, _FINE + 1) taps, each position's sum 1: a constant stays one."""
    away = np.arange(_FINE + 1)[None, :] / _FINE - np.arange(-REACH + 1, REACH + 1)[:, None]
    window = np.i0(_BETA * np.sqrt(np.clip(1 - (away / REACH) ** 2, 0, None))) / np.i0(_BETA)
    taps = np.sinc(away) * window
    return np.asarray(taps / taps.sum(axis=0, keepdims=True))


_TAPS = _table()
_STEPS = np.diff(_TAPS, axis=1)
