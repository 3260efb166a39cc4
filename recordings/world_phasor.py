"""exp(2πi·cycles) over many samples, as products of short tables: far cheaper than an exponential a sample."""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

NODE_SAMPLES = 512
_FINE = 16
_TABLE = 256


def phasor(start_cycles: ArrayLike, cycles_per_sample: ArrayLike, count: int) -> NDArray[np.complex64]:
    """(..., count) complex64, phases that grow evenly from (...) starts by (...) steps."""
    start = np.asarray(start_cycles, dtype=np.float64)[..., None] % 1.0
    step = np.asarray(cycles_per_sample, dtype=np.float64)[..., None]
    coarse = _turn(start + step * _TABLE * np.arange(math.ceil(count / _TABLE)))
    fine = _turn(step * np.arange(_TABLE))
    turned = coarse[..., :, None] * fine[..., None, :]
    return np.asarray(turned.reshape(*turned.shape[:-2], -1)[..., :count])


def node_count(count: int) -> int:
    """How many nodes `bent_phasor` needs for `count` samples."""
    return math.ceil(count / NODE_SAMPLES) + 1


def bent_phasor(node_cycles: NDArray[np.float64], count: int) -> NDArray[np.complex64]:
    """(..., count) complex64, phases given (..., nodes) at every NODE_SAMPLES-th sample and straight in between."""
    start = _turn(node_cycles[..., :-1])[..., None, None]
    step = np.diff(node_cycles)[..., None] / NODE_SAMPLES
    coarse = _turn(step * _FINE * np.arange(NODE_SAMPLES // _FINE))[..., :, None]
    fine = _turn(step * np.arange(_FINE))[..., None, :]
    turned = start * coarse * fine
    return np.asarray(turned.reshape(*turned.shape[:-3], -1)[..., :count])


def _turn(cycles: NDArray[np.floating]) -> NDArray[np.complex64]:
    return np.asarray(np.exp(2j * np.pi * (cycles % 1.0)).astype(np.complex64))
