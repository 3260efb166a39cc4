"""Emissions that are neither cell nor station: a bare carrier, a strip of noise."""

import zlib

import numpy as np
import scipy.signal
from numpy.typing import NDArray

_RUN = 1 << 15  # noise is drawn in runs of this many samples, each from its own seed
_TAPS = 257


class BareCarrier:
    """A transmitter that says nothing."""

    rate_hz = 40e3

    def baseband(self, first: int, count: int) -> NDArray[np.complex64]:
        """(count,) ones."""
        return np.ones(count, dtype=np.complex64)


class NoiseStrip:
    """Flat noise, some hertz wide, of unit mean power."""

    def __init__(self, *, width_hz: float, seed: int, name: str) -> None:
        self.rate_hz = 1.6 * width_hz
        self._seed = (seed, zlib.crc32(name.encode()))
        filter_taps = scipy.signal.firwin(_TAPS, 1.0 / 1.6)
        self._filter = (filter_taps / np.sqrt(np.sum(filter_taps**2))).astype(np.float32)

    def baseband(self, first: int, count: int) -> NDArray[np.complex64]:
        """(count,) filtered from white noise that is the same whoever asks."""
        white = self._white(first, count + _TAPS - 1)
        return np.asarray(scipy.signal.oaconvolve(white, self._filter, mode="valid")).astype(np.complex64)

    def _white(self, first: int, count: int) -> NDArray[np.complex64]:
        runs = range(first // _RUN, (first + count - 1) // _RUN + 1)
        drawn = np.concatenate([self._run(run) for run in runs])
        return drawn[first - runs.start * _RUN :][:count]

    def _run(self, run: int) -> NDArray[np.complex64]:
        parts = np.random.default_rng([*self._seed, run]).standard_normal(2 * _RUN, dtype=np.float32)
        return (parts * np.float32(np.sqrt(0.5))).view(np.complex64)
