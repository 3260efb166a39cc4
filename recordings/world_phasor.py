"""exp(2πi·cycles) over many samples, as products of short tables: far cheaper than an exponential a sample."""

import math

import numpy as np
from numpy.typing import NDArray

NODE_SAMPLES = 512
_FINE = 16
_TABLE = 256


def phasor(start_cycles: float, cycles_per_sample: float, count: int) -> NDArray[np.complex64]:
    """(count,) complex64, a phase that grows evenly."""
    coarse = start_cycles % 1.0 + cycles_per_sample * _TABLE * np.arange(math.ceil(count / _TABLE))
    fine = cycles_per_sample * np.arange(_TABLE)
    return np.asarray(np.outer(_turn(coarse), _turn(fine)).ravel()[:count])


def node_count(count: int) -> int:
    """How many nodes `bent_phasor` needs for `count` samples."""
    return math.ceil(count / NODE_SAMPLES) + 1


def bent_phasor(node_cycles: NDArray[np.float64], count: int) -> NDArray[np.complex64]:
    """(count,) complex64, a phase given at every NODE_SAMPLES-th sample and straight in between."""
    start = _turn(node_cycles[:-1])[:, None, None]
    step = np.diff(node_cycles)[:, None] / NODE_SAMPLES
    coarse = _turn(step * _FINE * np.arange(NODE_SAMPLES // _FINE))[:, :, None]
    fine = _turn(step * np.arange(_FINE))[:, None, :]
    return np.asarray((start * coarse * fine).reshape(-1)[:count])


def _turn(cycles: NDArray[np.floating]) -> NDArray[np.complex64]:
    return np.asarray(np.exp(2j * np.pi * (cycles % 1.0)).astype(np.complex64))
