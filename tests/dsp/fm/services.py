"""A station that carries more than a multiplex of 60 kHz: two services on subcarriers above it."""

import numpy as np
from numpy.typing import NDArray

from recordings.fm.spec import FmBroadcast
from recordings.fm.transmitter import FmTransmitter
from tests.dsp.fm.made_window import STATION_RATE_HZ, Source

SUBCARRIERS_HZ = (67e3, 92e3)
_SWING_HZ = 6e3


def with_services(what: FmBroadcast, deviation_hz: float, *, seed: int = 5) -> Source:
    """deviation_hz: that each of the two adds to the carrier's."""

    def source(count: int) -> NDArray[np.complex64]:
        rng, t = np.random.default_rng(seed), np.arange(count) / STATION_RATE_HZ
        moved_hz = np.zeros(count)
        for subcarrier_hz in SUBCARRIERS_HZ:
            sound = np.interp(t * 4e3, np.arange(int(count / STATION_RATE_HZ * 4e3) + 2), _noise(rng, count))
            turns = np.cumsum(subcarrier_hz + _SWING_HZ * sound) / STATION_RATE_HZ
            moved_hz += deviation_hz * np.cos(2 * np.pi * turns)
        more = np.exp(2j * np.pi * np.cumsum(moved_hz) / STATION_RATE_HZ)
        return np.asarray(FmTransmitter(what, seed=seed).baseband(0, count) * more, np.complex64)

    return source


def _noise(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    return np.clip(0.4 * rng.standard_normal(int(count / STATION_RATE_HZ * 4e3) + 2), -1, 1)
