"""Channels of a window taken out of one Fourier transform of the whole look."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """samples: (k, m), one row a channel, each at zero frequency; sample j is at j ÷ rate_hz."""

    samples: NDArray[np.complex64]
    rate_hz: float


def channelise(
    samples: NDArray[np.complex64],
    rate_hz: float,
    *,
    offsets_hz: Sequence[float],
    out_rate_hz: float,
    pass_hz: float,
    stop_hz: float,
) -> Channels:
    """Each offset brought to zero: whole up to ±pass_hz, nothing beyond ±stop_hz."""
    n = len(samples)
    size = fft.next_fast_len(n)
    x = fft.fft(samples, size)
    m = round(size * out_rate_hz / rate_hz)
    f = np.fft.fftfreq(m, 1 / m) * rate_hz / size
    gain = np.sin(np.pi / 2 * np.clip((stop_hz - np.abs(f)) / (stop_hz - pass_hz), 0, 1)) ** 2
    rows = []
    count = int(n * m / size)
    for offset in offsets_hz:
        k = round(offset * size / rate_hz)
        index = (np.fft.fftfreq(m, 1 / m).astype(int) + k) % size
        row = fft.ifft(x[index] * gain.astype(np.float32)) * np.float32(m / size)
        rest = offset - k * rate_hz / size
        row *= np.exp(-2j * np.pi * rest * np.arange(m) / (rate_hz * m / size)).astype(np.complex64)
        rows.append(row[:count].astype(np.complex64))
    return Channels(np.array(rows, np.complex64).reshape(len(rows), -1), rate_hz * m / size)
