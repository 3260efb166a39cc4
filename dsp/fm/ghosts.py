"""The power spectrum of a look without what the receiver put there: its DC line, the mirror of strong signals.

An IQ image is the complex conjugate of its source at the mirrored frequency: X(−f) there and X(f) here keep a fixed
phase and ratio, segment after segment, while two stations that merely lie opposite each other do not. The mean product
X(f)·X(−f) therefore measures exactly the image's share of each bin, and it is taken off, whatever else lies there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.iq import IqBlock
from dsp.spectrum import Spectrum, as_spectrum, segment_length, transformed_segments

_SOURCE_OVER_IMAGE = 10.0  # an image is weaker than its source by far more than this
_DC_BINS = 2  # either side of the centre: the line and its window
_DC_OVER_NEIGHBOURS = 2.0
_SURE = 6.0  # times what chance makes of the product


@dataclass(frozen=True, slots=True, eq=False)
class CleanSpectrum:
    """spectrum: ghosts taken off. image_share: (n,) of each bin's power that was an image."""

    spectrum: Spectrum
    image_share: NDArray[np.float64]
    dc_removed: bool


def clean_spectrum(block: IqBlock, *, bin_hz: float) -> CleanSpectrum:
    """Like welch_spectrum, and refuses the same blocks."""
    size = segment_length(block, bin_hz=bin_hz)
    power = np.zeros(size)
    product = np.zeros(size // 2 - 1, np.complex128)  # bins 1 … size/2 − 1 against −1 … −(size/2 − 1)
    for rows in transformed_segments(block.samples, size):
        product += np.einsum("ij,ij->j", rows[:, 1 : size // 2], rows[:, : size // 2 : -1])
        both = rows.view(np.float32)
        np.multiply(both, both, out=both)
        power += both.sum(axis=0).reshape(-1, 2).sum(axis=1)
    averages = len(block.samples) // size
    image = _image_power(power, product, averages)
    dc = _level_dc(power)
    share = np.fft.fftshift(image / np.maximum(power, 1e-300))
    return CleanSpectrum(as_spectrum(block, np.maximum(power - image, 1e-3 * power)), share, dc)


def _image_power(power: NDArray[np.float64], product: NDArray[np.complex128], averages: int) -> NDArray[np.float64]:
    """Power in each bin that follows the mirrored bin, FFT order."""
    size = len(power)
    image = np.zeros(size)
    if averages < 2:
        return image
    up, down = power[1 : size // 2], power[: size // 2 : -1]
    common = np.abs(product) ** 2
    sure = common > _SURE / averages * up * down  # of noise the expected value is up · down ÷ averages
    for own, source, bins in ((up, down, slice(1, size // 2)), (down, up, slice(None, size // 2, -1))):
        follows = sure & (source > _SOURCE_OVER_IMAGE * own)
        image[bins] = np.where(follows, np.minimum(own, common / np.maximum(source, 1e-300)), 0.0)
    return image


def _level_dc(power: NDArray[np.float64]) -> bool:
    """Puts the neighbours' level where the DC line stands out, in place."""
    around = np.concatenate([power[_DC_BINS + 1 : 3 * _DC_BINS + 2], power[-3 * _DC_BINS - 1 : -_DC_BINS]])
    level = float(np.median(around))
    bins = np.arange(-_DC_BINS, _DC_BINS + 1)
    if power[0] <= _DC_OVER_NEIGHBOURS * level:
        return False
    power[bins] = np.minimum(power[bins], level)
    return True
