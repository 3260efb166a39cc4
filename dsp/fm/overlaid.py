"""Two receivers' phases of one station laid over each other: how far each stretch still pulls, and how much it knows.

Where noise is white and both have the same signal, the delay of maximum likelihood is where the mean square difference
of the phases is least. What is noise alone, at frequencies where there is no signal, is kept out by a Wiener weight.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.fm.phase_steps import MPX_HZ, PhaseSteps, expected_noise_rad2, phases
from dsp.read_between import read_between

SEGMENT_S = 0.04
LOWEST_HZ = 150.0
_SMOOTH_BINS = 5
LEAST_SEGMENTS = 8
_CLICK_SAMPLES = 12

Complex = NDArray[np.complex128]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaid:
    """Of K stretches of one station, each half over the next.

    middle_s : (K,) by the first receiver's snippet time
    pull     : (K,) derivative of the log-likelihood by the lag, 1/s
    knows    : (K,) its negative second derivative, 1/s²
    cross    : (f,) weighted cross-spectrum of all: the log-likelihood at a lag τ off is its real part turned by ω τ
    omega    : (f,) rad/s
    rough    : as cross, with weights that do not yet rely on the lag, but on the noise that the envelopes show
    noise_rad: RMS of what is left of one receiver's phase, within the multiplex's band
    """

    middle_s: NDArray[np.float64]
    pull: NDArray[np.float64]
    knows: NDArray[np.float64]
    cross: Complex
    omega: NDArray[np.float64]
    rough: Complex
    noise_rad: float


def overlay(first: PhaseSteps, second: PhaseSteps, *, lag_s: float, rise: float, about_s: float) -> Overlaid | None:
    """The second is read lag_s + rise · (t − about_s) later than the first's t. None: they hardly overlap."""
    a = phases(first)
    t = first.first_s + np.arange(len(a)) / first.rate_hz
    at = (t + lag_s + rise * (t - about_s) - second.first_s) * second.rate_hz
    b = read_between(phases(second), at)
    both = np.flatnonzero(np.isfinite(b))
    b = _without_clicks(a, b)
    size = round(SEGMENT_S * first.rate_hz)
    if len(both) < (LEAST_SEGMENTS + 1) * size // 2:
        return None
    begin = int(both[0])
    count = (len(both) - size) // (size // 2) + 1
    rows = begin + np.arange(count)[:, None] * (size // 2) + np.arange(size)[None, :]
    expected_rad2 = (expected_noise_rad2(first) + expected_noise_rad2(second)) / 2
    return _of_segments((_spectra(a[rows]), _spectra(b[rows])), t[rows].mean(axis=1), first.rate_hz, expected_rad2)


def _without_clicks(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Near its threshold a discriminator slips by whole turns; the other receiver does not, at the same moment."""
    apart = b - a
    count = len(apart) // _CLICK_SAMPLES
    blocks = apart[: count * _CLICK_SAMPLES].reshape(count, _CLICK_SAMPLES)
    known = np.isfinite(blocks).all(axis=1)
    if not known.any():
        return b
    mean = blocks[known].mean(axis=1)
    wrapped = np.angle(np.exp(1j * blocks[known]).mean(axis=1))
    turns = np.zeros(count)
    turns[known] = np.rint((mean - np.unwrap(wrapped)) / (2 * np.pi))
    whole = np.append(np.repeat(turns, _CLICK_SAMPLES), np.full(len(b) - count * _CLICK_SAMPLES, turns[known][-1]))
    return np.asarray(b - 2 * np.pi * whole)


def _spectra(rows: NDArray[np.float64]) -> Complex:
    """(K, f) of stretches, each without its line, under a Hann window of mean square 1."""
    size = rows.shape[1]
    x = (np.arange(size) - (size - 1) / 2) / size
    level = rows.mean(axis=1, keepdims=True)
    slope = ((rows - level) @ x / (x @ x))[:, None]
    window = (1 + np.cos(2 * np.pi * x)) * np.sqrt(2 / 3)
    return np.asarray(scipy.fft.rfft((rows - level - slope * x) * window, axis=1))


def _of_segments(
    spectra: tuple[Complex, Complex], middle_s: NDArray[np.float64], rate_hz: float, expected_rad2: float
) -> Overlaid:
    a, b = spectra
    size = round(SEGMENT_S * rate_hz)
    freq_hz = scipy.fft.rfftfreq(size, 1 / rate_hz)
    used = (freq_hz >= LOWEST_HZ) & (freq_hz <= MPX_HZ)
    a, b, omega = a[:, used], b[:, used], 2 * np.pi * freq_hz[used]
    product = np.conj(a) * b
    noise = _smooth((np.abs(b - a) ** 2).mean(axis=0) / 2)
    weight = _wiener(_smooth(product.real.mean(axis=0)), noise)
    turned = product * weight
    common = np.sqrt(_smooth(np.abs(product.mean(axis=0)) ** 2))  # whatever the lag
    power = _smooth((np.abs(a) ** 2 + np.abs(b) ** 2).mean(axis=0) / 2)
    by_chance = power * np.sqrt(2 / len(product))
    expected = np.full(len(omega), expected_rad2 * size * rate_hz / (2 * MPX_HZ))
    return Overlaid(
        middle_s=middle_s,
        pull=-(turned.imag @ omega),
        knows=turned.real @ omega**2,
        cross=turned.sum(axis=0),
        omega=omega,
        rough=product.sum(axis=0) * _wiener(common - by_chance, expected),
        noise_rad=float(np.sqrt(2 * noise.sum())) / size,
    )


def _wiener(signal: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
    kept = np.maximum(signal, 0.0)
    return np.asarray(kept / (noise * (kept + noise / 2)))


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    kernel = np.ones(_SMOOTH_BINS)
    return np.asarray(np.convolve(values, kernel, "same") / np.convolve(np.ones(len(values)), kernel, "same"))


def likelihood(cross: Complex, omega: NDArray[np.float64], later_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m,) nats of the lag being later by so much than what was laid over."""
    return np.asarray([float((cross * np.exp(1j * omega * later)).real.sum()) for later in later_s])
