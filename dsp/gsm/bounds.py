"""How exactly any estimator could tell when known bursts came and how they turned: the Cramér–Rao bound.

In white noise the information on unknowns θ of a signal s(θ) is 2/N₀ · Re ⟨∂s/∂θ, ∂s/∂θ⟩ (Kay 1993, Fundamentals of
Statistical Signal Processing: Estimation Theory, §15.7). Amplitude and phase of every burst are unknown: what of a
derivative lies along the burst itself counts for nothing. Arrival lies on a line in time, one frequency turns all.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.frame import BURST_BITS, SYMBOL_HZ
from dsp.gsm.gmsk import modulate
from dsp.gsm.slots import STOP_HZ

_Complex = NDArray[np.complexfloating]
_FINE = 4  # samples a symbol
_BEYOND = 8  # symbols either side of the burst


@dataclass(frozen=True, slots=True)
class Bounds:
    arrival_s: float  # at the weighted middle of the bursts
    carrier_hz: float


def bounds(bits: NDArray[np.uint8], *, eb_n0_db: float) -> Bounds:
    """Least standard deviations from bursts of these bits (n, 148), all 148 symbols used.

    The band that passes the channel filter is counted whole: signal and noise pass together. The rise of the line is
    independent of its value at the middle and costs nothing.
    """
    t = np.arange(-_BEYOND, BURST_BITS + _BEYOND, 1 / _FINE)
    cycles = scipy.fft.fftfreq(len(t), 1 / _FINE)
    burst = (t >= 0) & (t < BURST_BITS)
    passes = np.abs(cycles * SYMBOL_HZ) < STOP_HZ
    spectrum = scipy.fft.fft(modulate(bits, t) * burst, axis=1) * passes
    sent = scipy.fft.ifft(spectrum, axis=1)
    inside = scipy.fft.ifft(scipy.fft.fft(_slope(bits, t) * burst, axis=1) * passes, axis=1)
    turned = 2j * np.pi / SYMBOL_HZ * t * sent
    each = np.stack([_beside(inside, sent), _beside(turned, sent)], axis=1)  # (n, 2, samples), of symbols and Hz
    products = np.einsum("nis,njs->ij", each.conj(), each).real / _FINE
    covariance = np.linalg.inv(2 * 10 ** (eb_n0_db / 10) * products)
    return Bounds(float(np.sqrt(covariance[0, 0])) / SYMBOL_HZ, float(np.sqrt(covariance[1, 1])))


def _slope(bits: NDArray[np.uint8], t: NDArray[np.float64]) -> NDArray[np.complex128]:
    """The derivative per symbol without the edges of the burst, which are the transmitter's own affair."""
    near = 1e-2
    return np.asarray((modulate(bits, t + near) - modulate(bits, t - near)) / np.float64(2 * near), np.complex128)


def _beside(derivative: _Complex, sent: _Complex) -> _Complex:
    along = (sent.conj() * derivative).sum(axis=1) / (np.abs(sent) ** 2).sum(axis=1)
    return np.asarray(derivative - along[:, None] * sent)
