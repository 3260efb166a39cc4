"""How much later one receiver heard a signal than another: cross-correlation with a delay finer than a sample.

Frequencies count as far as the two have them in common (Hannan and Thomson's weighting). The sigma follows from what
was measured: the noise that turns the phase of each frequency, over the curvature of the peak. Where signal and noise
fill the same band that is the bound of S. Stein, "Algorithms for ambiguity function processing" (IEEE Trans. ASSP-29,
1981).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.errors import BadRate, BlockTooShort, NotFinite

_LEAST_SAMPLES = 64
_SURE_NATS = 12.0  # over the largest that chance makes of so many delays
_PASSES = 3
_LEAST_SHARE = 1 / 64  # of the band: what one weight is estimated from …
_CLEAR = 60.0  # … and more where the two have little in common: noise must not weigh itself


@dataclass(frozen=True, slots=True)
class Delay:
    """delay_s: how much later `second` is than `first`. coherence: |ρ|² at the peak, 1 for the same samples twice."""

    delay_s: float
    sigma_s: float
    coherence: float
    phase_rad: float
    bandwidth_hz: float  # RMS of what is common to both; the sharper the peak, the wider


def find_delay(
    first: NDArray[np.complex64],
    second: NDArray[np.complex64],
    rate_hz: float,
    *,
    max_delay_s: float,
    freq_difference_hz: float = 0.0,
) -> Delay | None:
    """first, second: (n,) complex64 from the same instant. None: no common signal within ± max_delay_s.

    freq_difference_hz: how much higher `second` is tuned wrong, known beforehand; it is taken off.
    Raises BadRate, BlockTooShort below 64 common samples, NotFinite.
    """
    a, b = _checked(first, second, rate_hz)
    if freq_difference_hz:
        b = b * np.exp(-2j * np.pi * freq_difference_hz / rate_hz * np.arange(len(b)))
    size = int(fft.next_fast_len(2 * len(a)))
    cross = np.conj(fft.fft(a, size)) * fft.fft(b, size)
    lag = _peak_lag(fft.ifft(cross), max(1, int(np.ceil(max_delay_s * rate_hz))), len(a))
    if lag is None:
        return None
    omega = np.asarray(2 * np.pi * np.fft.fftfreq(size), np.float64)  # radians a sample
    coarse = _refine(cross, omega, float(lag))
    energy = float(np.vdot(a, a).real * np.vdot(b, b).real) * size**2
    coherence = abs(_around(cross, omega, coarse)[0]) ** 2 / energy
    weighted = cross * _weights(cross * np.exp(1j * omega * coarse), _CLEAR / (float(coherence) * len(a)))
    delay = _refine(weighted, omega, coarse)
    value, _, curve = _around(weighted, omega, delay)
    return Delay(
        delay_s=delay / rate_hz,
        sigma_s=_sigma(weighted, omega, delay, size / len(a)) / rate_hz,
        coherence=min(float(coherence), 1.0),
        phase_rad=float(np.angle(value)),
        bandwidth_hz=float(np.sqrt(max(curve, 0.0))) / (2 * np.pi) * rate_hz,
    )


def _checked(
    first: NDArray[np.complex64], second: NDArray[np.complex64], rate_hz: float
) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    if not rate_hz > 0:
        raise BadRate(rate_hz=rate_hz, least_hz=0.0)
    count = min(len(first), len(second))
    if count < _LEAST_SAMPLES:
        raise BlockTooShort(have=count, need=_LEAST_SAMPLES)
    a, b = first[:count].astype(np.complex128), second[:count].astype(np.complex128)
    bad = int(np.count_nonzero(~np.isfinite(a)) + np.count_nonzero(~np.isfinite(b)))
    if bad:
        raise NotFinite(count=bad)
    return a, b


def _peak_lag(correlation: NDArray[np.complex128], reach: int, samples: int) -> int | None:
    """Lag of the largest value within ± reach, if it stands out of what chance makes of the others."""
    power = np.abs(correlation) ** 2
    reach = min(reach, len(power) // 2 - 1)
    lags = np.arange(-reach, reach + 1)
    near = power[lags]
    beside = max(reach, samples // 8)  # further out less and less of the two overlaps
    typical = float(np.median(power[np.arange(-beside, beside + 1)])) / np.log(2)
    if near.max() <= typical * (np.log(len(lags)) + _SURE_NATS):
        return None
    return int(lags[near.argmax()])


def _refine(cross: NDArray[np.complex128], omega: NDArray[np.float64], lag: float) -> float:
    """Newton steps on |R|², each no longer than half a sample."""
    for _ in range(_PASSES):
        _, slope, curve = _around(cross, omega, lag)
        if curve <= 0:
            break
        lag += float(np.clip(slope / curve, -0.5, 0.5))
    return lag


def _weights(turned: NDArray[np.complex128], share: float) -> NDArray[np.float64]:
    """What the two have in common at each frequency, over all that is there. turned: cross-spectrum, delay removed."""
    if share > 0.25:
        return np.ones(len(turned))
    width = max(3, int(len(turned) * max(share, _LEAST_SHARE)))
    kernel = np.ones(width) / width
    phase = np.exp(-1j * np.angle(turned.sum()))
    common = fft.fft(kernel, len(turned))
    centre = np.exp(2j * np.pi * np.fft.fftfreq(len(turned)) * (width // 2))
    level = fft.ifft(fft.fft((turned * phase).real) * common * centre).real
    power = fft.ifft(fft.fft(np.abs(turned) ** 2) * common * centre).real
    clear = np.maximum(level, 0.0)
    return np.asarray(clear / np.maximum(power, 1e-3 * power.max() + 1e-300))


def _sigma(weighted: NDArray[np.complex128], omega: NDArray[np.float64], lag: float, padding: float) -> float:
    """From the quadrature part, which is noise alone. In samples.

    padding: transform length ÷ samples: the lags near the peak carry more noise than their mean over all lags.
    """
    turned = weighted * np.exp(1j * omega * lag)
    value, _, curve = _around(weighted, omega, lag)
    if value == 0 or curve <= 0:
        return float("inf")
    turned = turned * np.exp(-1j * np.angle(value))
    middle = float((omega * turned.real).sum() / turned.real.sum())
    noise = float((((omega - middle) * turned.imag) ** 2).sum()) * padding
    return float(np.sqrt(noise)) / (abs(value) * curve)


def _around(cross: NDArray[np.complex128], omega: NDArray[np.float64], lag: float) -> tuple[complex, float, float]:
    """R at a lag; and of ln |R|, slope and falling curvature. At the peak the latter is the mean square frequency."""
    turned = cross * np.exp(1j * omega * lag)
    value = complex(turned.sum())
    if value == 0:
        return value, 0.0, 0.0
    first = complex((1j * omega * turned).sum()) / value
    second = complex((-(omega**2) * turned).sum()) / value
    return value, first.real, -(second.real + first.imag**2)
