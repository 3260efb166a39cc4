"""Whether there are GSM carriers in a window at all, also such as have no frequency bursts.

The square of a minimum-shift keyed signal has two lines, one symbol rate apart, either side of twice its carrier: the
phase moves by a quarter turn a symbol, so its double by a half turn, up or down, which is the same place. Gaussian
filtering (3GPP TS 45.004 §2.6) weakens them, and leaves them. FM, OFDM and noise have none at that distance.
"""

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from dsp.gsm.frame import SYMBOL_HZ

LEAST = 3.0  # over the surroundings: a carrier of 3 dB Eb/N0 has it, and nothing else that was tried has half of it
_SEGMENT_S = 0.55e-3  # inside a burst; the phase is another in the next
_AROUND_HZ = 30e3
_LEAST_RATE = 1.3  # samples a symbol: below, a line falls on its own mirror
_FLOOR = 1e-3  # of the mean: a spectrum of a few pure tones has no surroundings


def symbol_lines(samples: NDArray[np.complex64], rate_hz: float) -> float:
    """How far the strongest pair of lines one symbol rate apart stands over its surroundings; about 1 without any.

    0.0 where there is less than a segment, or the rate holds no two lines.
    """
    size = round(_SEGMENT_S * rate_hz)
    if len(samples) < size or rate_hz < _LEAST_RATE * SYMBOL_HZ:
        return 0.0
    power = _mean_square_spectrum(samples[: len(samples) // size * size].reshape(-1, size))
    step_hz = rate_hz / len(power)
    around = median_filter(power, size=round(_AROUND_HZ / step_hz) | 1, mode="wrap")
    over = power / np.maximum(around, _FLOOR * power.mean() + 1e-30)
    apart = int(SYMBOL_HZ / step_hz)
    return float(max(np.minimum(over, np.roll(over, -shift)).max() for shift in (apart, apart + 1)))


def _mean_square_spectrum(rows: NDArray[np.complex64]) -> NDArray[np.float64]:
    """Of the squared rows, each as strong as the others."""
    squared = rows * rows
    squared /= np.maximum(np.abs(squared).mean(axis=1, keepdims=True), np.float32(1e-20))
    taper = np.hanning(rows.shape[1]).astype(np.float32)
    spectra = scipy.fft.fft(squared * taper, scipy.fft.next_fast_len(2 * rows.shape[1]), axis=1)
    return np.asarray((np.abs(spectra) ** 2).mean(axis=0), np.float64)
