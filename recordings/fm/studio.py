"""What a studio does to sound before it is sent: pre-emphasis, the 15 kHz filter, the limiter."""

from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import upfirdn

from recordings.fm.sound import AUDIO_RATE_HZ, silence_edges

PASS_HZ, STOP_HZ = 14_500.0, 15_500.0
LOWEST_HZ = 10.0
BETWEEN = 4  # looks between samples for peaks, this many a sample
LINE_RMS = 0.1  # what a loudness of 0 dB means
LOOK_AHEAD = 129  # samples the limiter sees on either side together, odd

Stereo = NDArray[np.float32]  # (2, n): left, right


def master(stereo: Stereo, *, preemphasis_us: float, loudness_db: float) -> Stereo:
    """Driven into the limiter: |left|, |right| ≤ 1, nothing above 15.5 kHz, edges silent."""
    faded = silence_edges(stereo)
    rms = float(np.sqrt(np.mean(faded**2)))
    if rms == 0:
        return faded
    drive = 10 ** (loudness_db / 20) * LINE_RMS / rms
    shaped = shape(faded * np.float32(drive), preemphasis_us=preemphasis_us)
    return limit(shaped)


def shape(stereo: Stereo, *, preemphasis_us: float) -> Stereo:
    """Pre-emphasis 1 + j·2πf·τ (ITU-R BS.450), nothing at 0 Hz, the low-pass; the edges are silent."""
    n = stereo.shape[-1]
    size = scipy.fft.next_fast_len(n, real=True)
    freq_hz = scipy.fft.rfftfreq(size, 1 / AUDIO_RATE_HZ)
    slope = np.clip((STOP_HZ - freq_hz) / (STOP_HZ - PASS_HZ), 0, 1)
    response = (1 + 2j * np.pi * freq_hz * preemphasis_us * 1e-6) * np.sin(np.pi / 2 * slope) ** 2
    response *= freq_hz**2 / (freq_hz**2 + LOWEST_HZ**2)  # no carrier shift
    spectrum = scipy.fft.rfft(stereo, size, axis=-1) * response.astype(np.complex64)
    shaped: Stereo = scipy.fft.irfft(spectrum, size, axis=-1)[:, :n].astype(np.float32)
    return shaped


def limit(stereo: Stereo) -> Stereo:
    """Gain turned down around each peak: the same for both sides, smooth, never late."""
    wanted = 1 / np.maximum(peaks(stereo), 1)
    held = minimum_filter1d(wanted, 2 * LOOK_AHEAD - 1)
    gain = uniform_filter1d(uniform_filter1d(held, LOOK_AHEAD), LOOK_AHEAD)
    return stereo * gain.astype(np.float32)


def peaks(stereo: Stereo) -> NDArray[np.float32]:
    """(n,) the greatest absolute value of both sides at and around each sample, between the samples too."""
    n = stereo.shape[-1]
    fine = np.abs(upfirdn(_between(), stereo, up=BETWEEN, axis=-1)).max(axis=0)
    start = len(_between()) // 2 - BETWEEN // 2
    most: NDArray[np.float32] = fine[start : start + BETWEEN * n].reshape(n, BETWEEN).max(axis=-1)
    return most


@cache
def _between() -> NDArray[np.float32]:
    """Interpolates BETWEEN times; passes 15.5 kHz of 19."""
    taps = np.arange(-8 * BETWEEN, 8 * BETWEEN + 1)
    return (np.sinc(taps / BETWEEN) * np.kaiser(len(taps), 5.0)).astype(np.float32)
