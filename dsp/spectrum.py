"""Averaged power density of a run of samples, its noise floor, and what is called a carrier in it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.errors import BadRate, BlockTooShort, NotFinite
from dsp.iq import IqBlock

_BATCH_SAMPLES = 1 << 17  # 1 MB of complex64: stays in the cache
_LEAST_BINS = 8
_SILENT = 1e-30  # W/Hz of full scale: what no converter resolves; keeps the logarithm finite


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Power density, lowest frequency first.

    psd_dbfs_hz : (n,) float32, power in 1 Hz; 0 dBFS is a full-scale complex tone
    start_hz    : middle of the first bin, absolute; the bins are `step_hz` apart
    averages    : segments behind each bin: its relative error is 1 / √averages
    """

    psd_dbfs_hz: NDArray[np.float32]
    start_hz: float
    step_hz: float
    averages: int
    seconds: float

    @property
    def freq_hz(self) -> NDArray[np.float64]:
        return np.asarray(self.start_hz + self.step_hz * np.arange(len(self.psd_dbfs_hz)), np.float64)

    @property
    def power(self) -> NDArray[np.float64]:
        """(n,) linear power in each bin, full scale = 1."""
        return np.asarray(10.0 ** (self.psd_dbfs_hz.astype(np.float64) / 10) * self.step_hz)


@dataclass(frozen=True, slots=True)
class Carrier:
    """An emission as its spectrum shows it."""

    freq_hz: float
    level_dbfs: float
    cnr_db: float  # carrier to noise in the channel it is used in
    occupied_hz: float  # 99 % of the power, ITU-R SM.443
    occupied_26db_hz: float | None = None  # between the outermost points 26 dB under the top
    spread_hz: float | None = None  # of as few bins as hold 80 % of the power, wherever they lie


def welch_spectrum(block: IqBlock, *, bin_hz: float) -> Spectrum:
    """Average the block's power into bins about `bin_hz` wide: Hann window, segments side by side.

    Raises BadRate for a rate that is not positive, BlockTooShort when not one segment fits, NotFinite.
    """
    size = segment_length(block, bin_hz=bin_hz)
    parts = np.zeros(2 * size)
    for rows in transformed_segments(block.samples, size):
        both = rows.view(np.float32)  # real and imaginary parts side by side
        np.multiply(both, both, out=both)
        parts += both.sum(axis=0)
    return as_spectrum(block, parts.reshape(-1, 2).sum(axis=1))


def segment_length(block: IqBlock, *, bin_hz: float) -> int:
    """Samples a segment, an even number that transforms fast; refuses what `welch_spectrum` refuses."""
    if not (block.rate_hz > 0 and bin_hz > 0):
        raise BadRate(rate_hz=block.rate_hz, least_hz=bin_hz)
    size = max(_LEAST_BINS, int(fft.next_fast_len(max(1, round(block.rate_hz / bin_hz)))))
    while size % 2:
        size = int(fft.next_fast_len(size + 1))
    if len(block.samples) < size:
        raise BlockTooShort(have=len(block.samples), need=size)
    return size


def transformed_segments(samples: NDArray[np.complex64], size: int) -> Iterator[NDArray[np.complex64]]:
    """Transforms of windowed segments, a batch at a time: (rows, size) in the order of the FFT.

    Scaled so that mean |·|² over rows is the power in the bin.
    """
    window = (0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(size) + 0.5) / size)).astype(np.float32)
    window /= np.float32(np.sqrt(np.sum(window.astype(np.float64) ** 2) * size))
    batch = max(1, _BATCH_SAMPLES // size)
    segments = samples[: len(samples) // size * size].reshape(-1, size)
    for first in range(0, len(segments), batch):
        rows = fft.fft(segments[first : first + batch] * window, axis=1, overwrite_x=True)
        yield np.asarray(rows, np.complex64)


def as_spectrum(block: IqBlock, total: NDArray[np.float64]) -> Spectrum:
    """`total`: (size,) power summed over all segments, FFT order."""
    size = len(total)
    if not np.isfinite(total).all():
        raise NotFinite(count=int(np.count_nonzero(~np.isfinite(block.samples))))
    averages = len(block.samples) // size
    step_hz = block.rate_hz / size
    psd = np.fft.fftshift(total) / averages / step_hz
    return Spectrum(
        psd_dbfs_hz=(10 * np.log10(np.maximum(psd, _SILENT))).astype(np.float32),
        start_hz=block.centre_hz - size // 2 * step_hz,
        step_hz=step_hz,
        averages=averages,
        seconds=block.seconds,
    )


def noise_floor_dbfs_hz(spectrum: Spectrum, *, used_share: float = 0.9, smooth_hz: float = 6e3) -> float:
    """The density between carriers: what 3 % of the smoothed middle of the window lies under.

    Taken low on purpose, because a window may be full of carriers; the bias of that choice in pure noise is taken off
    by its own statistics, so noise alone gives its own density. The outer part of the window, where the receiver's
    filter rolls off, is left out.
    """
    psd = 10.0 ** (spectrum.psd_dbfs_hz.astype(np.float64) / 10)
    edge = int(len(psd) * (1 - used_share) / 2)
    width = max(1, min(len(psd) // 8, round(smooth_hz / spectrum.step_hz)))
    middle = psd[edge : len(psd) - edge] if len(psd) > 2 * edge + width else psd
    sums = np.concatenate([[0.0], np.cumsum(middle)])
    smoothed = (sums[width:] - sums[:-width]) / width
    low = float(np.quantile(smoothed, 0.03))
    # 3 % of noise lies more than 1.88 sigma under its mean.
    bias = 1.88 / np.sqrt(max(1, spectrum.averages) * width)
    return 10 * float(np.log10(max(low / max(0.2, 1 - bias), _SILENT)))
