"""How much the colour of a sound changes from moment to moment: speech and music always do, random data does not.

A clipped, overdriven programme lingers at the edges of its swing as keying does, and its harmonics reach as high. But
its vowels, notes and pauses still change the shape of its spectrum by decibels within a second, where random symbols
keep one shape to within what chance makes of so many samples. Like the spectral flux of Scheirer and Slaney
("Construction and evaluation of a robust multifeature speech/music discriminator", ICASSP 1997), but of the shape
alone, so that neither fading nor switching on and off counts.
"""

import numpy as np
from numpy.typing import NDArray

_FRAME_SECONDS = 0.05
_LEAST_FRAMES = 4
_EDGES_HZ = np.geomspace(200.0, 12_800.0, 9)
_HANN_BINS = 1.5  # neighbouring bins under a Hann window are not independent
_CHANCE_DB = 10 / np.log(10)  # standard deviation of the logarithm of one exponential power


def timbre_change_db(sound: NDArray[np.float32], rate_hz: float) -> float | None:
    """RMS over eight bands of how far each strays from its own usual share; what chance makes of noise taken off.

    sound : (n,) at 26 kS/s or more, any scale. None: shorter than four frames of 50 ms, or silent.
    """
    size = round(_FRAME_SECONDS * rate_hz)
    frames = len(sound) // size
    if frames < _LEAST_FRAMES or not sound.any():
        return None
    rows = sound[: frames * size].reshape(frames, size) * np.hanning(size).astype(np.float32)
    power = np.abs(np.fft.rfft(rows, axis=1)) ** 2
    edges = np.round(_EDGES_HZ * size / rate_hz).astype(np.int64)
    bands = np.add.reduceat(power, edges, axis=1)[:, : len(edges) - 1]
    level_db = 10 * np.log10(bands + 1e-12 * bands.max())
    shape_db = level_db - level_db.mean(axis=1, keepdims=True)
    strayed_db2 = ((shape_db - shape_db.mean(axis=0)) ** 2).sum(axis=0) / (frames - 1)
    by_chance_db2 = _CHANCE_DB**2 * _HANN_BINS / np.diff(edges)
    return float(np.sqrt(max(float(np.mean(strayed_db2 - by_chance_db2)), 0.0)))
