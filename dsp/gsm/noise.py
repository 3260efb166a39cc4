"""The noise a window lies on, carriers or not."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

_SIZE, _SEGMENTS = 512, 256
_QUIET_SHARE = 0.2  # of the band: a window full of carriers still has gaps
_USED_SHARE = 0.8  # of the band: the receiver's own filter ends there


def noise_dbfs_200k(samples: NDArray[np.complex64], rate_hz: float) -> float | None:
    """Noise power in 200 kHz, from the quietest parts of the band; None without a full segment or without power."""
    if len(samples) < _SIZE:
        return None
    firsts = np.unique(np.linspace(0, len(samples) - _SIZE, _SEGMENTS).astype(np.int64))
    taper = np.hanning(_SIZE).astype(np.float32)
    rows = np.lib.stride_tricks.sliding_window_view(samples, _SIZE)[firsts] * taper
    density = (np.abs(scipy.fft.fft(rows, axis=1)) ** 2).mean(axis=0) / (rate_hz * float((taper**2).sum()))
    used = np.fft.fftshift(density)[round(_SIZE * (1 - _USED_SHARE) / 2) : round(_SIZE * (1 + _USED_SHARE) / 2)]
    quiet = float(np.quantile(used, _QUIET_SHARE)) * 200e3
    return 10 * float(np.log10(quiet)) if quiet > 0 else None
