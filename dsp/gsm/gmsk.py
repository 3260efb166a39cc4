"""GMSK with BT 0.3: the burst as sent, and the pulse its linear approximation is made of.

Modulation: 3GPP TS 45.004 §2. Bit k lasts from k to k+1 symbols after the start of the burst and its
frequency pulse is centred on its start; the pulse of the linear form (Laurent 1986) half a symbol later.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

BANDWIDTH_TIME = 0.3
_LENGTH = 5  # symbols: the frequency pulse is cut to this


def _gauss_integral(t: NDArray[np.float64]) -> NDArray[np.float64]:
    sigma = np.sqrt(np.log(2)) / (2 * np.pi * BANDWIDTH_TIME)
    normal = 0.5 * (1 + erf(t / (sigma * np.sqrt(2))))
    return np.asarray(t * normal + sigma * np.exp(-(t**2) / (2 * sigma**2)) / np.sqrt(2 * np.pi))


def phase_step(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Quarter turns that one symbol has added by time t (symbols after its pulse's centre): 0 to 1."""
    clipped = np.clip(np.asarray(t, np.float64), -_LENGTH / 2, _LENGTH / 2)
    edge = np.array([-_LENGTH / 2])
    start = _gauss_integral(edge + 0.5) - _gauss_integral(edge - 0.5)
    value = _gauss_integral(clipped + 0.5) - _gauss_integral(clipped - 0.5) - start
    return np.asarray(value / (1 - 2 * start))


def main_pulse(t: NDArray[np.float64]) -> NDArray[np.float64]:
    """The main amplitude pulse at t symbols from its centre; the burst it sums to has magnitude about 1."""
    product = np.ones_like(t, dtype=np.float64)
    for shift in range(_LENGTH):
        after = t + (_LENGTH + 1) / 2 + shift  # 0 to 2·_LENGTH inside
        rising = phase_step(after - _LENGTH / 2)
        falling = 1 - phase_step(after - 3 * _LENGTH / 2)
        product = product * np.sin(np.pi / 2 * np.where(after < _LENGTH, rising, falling))
    return product


def modulate(bits: NDArray[np.uint8], t: NDArray[np.float64]) -> NDArray[np.complex64]:
    """Bursts of bits (..., n) at times t (m,) in symbols after the start of bit 0 → (..., m) of magnitude 1.

    Before and after the burst, zeros are sent, as in the tails.
    """
    padded = np.concatenate([np.zeros((*bits.shape[:-1], 8), np.uint8), bits], axis=-1)
    turns = 1.0 - 2.0 * (padded[..., 1:] ^ padded[..., :-1])  # (..., n + 7), of bits −7 to n − 1
    first = -7
    steps = phase_step(t[None, :] - (np.arange(turns.shape[-1]) + first)[:, None])  # (n + 7, m)
    late = np.clip(t - (turns.shape[-1] + first) + 0.5, 0, None)  # zeros go on: a steady turn
    quarter_turns = turns @ steps + late
    return np.asarray(np.exp(0.5j * np.pi * quarter_turns), np.complex64)
