"""Bursts cut out of a wide window: mixed to zero, filtered to one channel, sampled where their symbols lie.

Only the wanted time slot is computed, an eighth of the air time. Each burst is one short Fourier transform of
the raw samples; the channel's bins, filtered, are summed at any fractional times, so neither the window's rate
nor the transmitter's symbol clock has to be a round number.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.frame import SYMBOL_HZ

PASS_HZ, STOP_HZ = 85e3, 125e3  # either side of the carrier
GUARD_SYMBOLS = 26.0  # the filter's reach
PER_SYMBOL = 2  # samples
_AT_ONCE = 16  # bursts: their transforms stay in the cache
_FINE = 16  # steps


def channel_filter(freq_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Amplitude at distances from the carrier: flat, then half a cosine down to nothing."""
    beyond = np.clip((np.abs(freq_hz) - PASS_HZ) / (STOP_HZ - PASS_HZ), 0, 1)
    return np.asarray(0.5 * (1 + np.cos(np.pi * beyond)))


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """The samples of a look, and how many of them pass in one symbol of the receiver's own clock."""

    samples: NDArray[np.complex64]
    rate_hz: float

    @property
    def samples_per_symbol(self) -> float:
        return self.rate_hz / SYMBOL_HZ


def cut(
    window: Window,
    *,
    carrier_hz: float,
    starts: NDArray[np.float64],
    symbols: float,
    samples_per_symbol: float | None = None,
) -> NDArray[np.complex64]:
    """Two samples a symbol of one carrier, from each of `starts` (sample positions, may be fractional).

    carrier_hz : from the middle of the window. Returns (len(starts), 2·symbols); the first sample of each row
    lies at its start, the mixer's phase is zero there. Outside the window the air is taken as silent.
    """
    step = (samples_per_symbol or window.samples_per_symbol) / PER_SYMBOL
    count = round(symbols * PER_SYMBOL)
    guard = int(np.ceil(GUARD_SYMBOLS * window.samples_per_symbol))
    size = scipy.fft.next_fast_len(int(np.ceil(count * step)) + 2 * guard + 1)
    whole = np.floor(starts).astype(np.int64)
    first_bin, freq_hz, weight = _channel_bins(window.rate_hz, carrier_hz, size)
    bins = np.arange(first_bin, first_bin + len(freq_hz)) % size
    lead = ramps((guard + (starts - whole)) / size, first=first_bin, count=len(bins)) * weight
    sampler = ramps(freq_hz / window.rate_hz * step, first=0, count=count)
    out = np.empty((len(starts), count), np.complex64)
    for low in range(0, len(starts), _AT_ONCE):
        rows = _rows(window.samples, whole[low : low + _AT_ONCE] - guard, size)
        spectrum = scipy.fft.fft(rows, axis=1, overwrite_x=True).take(bins, axis=1)
        out[low : low + _AT_ONCE] = (spectrum * lead[low : low + _AT_ONCE]) @ sampler
    return out


def unit(turns: NDArray[np.floating]) -> NDArray[np.complex64]:
    """exp(2πi · turns)."""
    angle = (2 * np.pi * (turns - np.rint(turns))).astype(np.float32)
    out = np.empty(angle.shape, np.complex64)
    np.cos(angle, out=out.real)
    np.sin(angle, out=out.imag)
    return out


def ramps(turns: NDArray[np.float64], *, first: int, count: int) -> NDArray[np.complex64]:
    """(n,) turns a step → (n, count) exp(2πi · turns · k) for k from `first` on: coarse steps times fine ones."""
    coarse = unit(turns[:, None] * (first + _FINE * np.arange(-(-count // _FINE))))
    fine = unit(turns[:, None] * np.arange(_FINE))
    return (coarse[:, :, None] * fine[:, None, :]).reshape(len(turns), -1)[:, :count]


def _rows(samples: NDArray[np.complex64], firsts: NDArray[np.int64], size: int) -> NDArray[np.complex64]:
    rows = np.empty((len(firsts), size), np.complex64)
    for row, first in zip(rows, firsts.tolist(), strict=True):
        low = min(max(-first, 0), size)
        high = max(min(len(samples) - first, size), low)
        row[:low] = row[high:] = 0
        row[low:high] = samples[first + low : first + high]
    return rows


def _channel_bins(rate_hz: float, carrier_hz: float, size: int) -> tuple[int, NDArray[np.float64], NDArray[np.float32]]:
    """The first bin of the transform that belongs to the carrier; of it and those after it their distance from the
    carrier and their weight."""
    width = rate_hz / size
    middle = round(carrier_hz / width)
    reach = int(STOP_HZ / width) + 1
    most = (size - 1) // 2
    first, last = max(middle - reach, -most), min(middle + reach, most)
    freq_hz = np.asarray(np.arange(first, last + 1) * width - carrier_hz, np.float64)
    return first, freq_hz, (channel_filter(freq_hz) / size).astype(np.float32)
