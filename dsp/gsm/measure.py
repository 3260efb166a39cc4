"""How a cell arrived, from bursts whose every bit is known because they were decoded: carrier, level, noise, timing.

What was decoded is sent again, exactly, and compared with what came. Estimators are the first step of maximum
likelihood from a start already within a fraction of a symbol and of a turn per burst.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.acquire import FrameClock
from dsp.gsm.equaliser import DELAYS, ECHOES, MARGIN, NOISE_BANDWIDTH_HZ, SPAN, Complex
from dsp.gsm.frame import BURST_BITS, SYMBOL_HZ
from dsp.gsm.gmsk import phase_step
from dsp.gsm.slots import PER_SYMBOL, channel_filter, unit

_LEAST_FOR_SCATTER = 8
_TIMING_STEPS = 2
_MODEL_HZ = 0.3  # what the estimate of the carrier is off by without any noise
_INSIDE = slice(PER_SYMBOL * (MARGIN + 3), PER_SYMBOL * (MARGIN + BURST_BITS - 3))
_COUNT = PER_SYMBOL * SPAN


@dataclass(frozen=True, slots=True, eq=False)
class KnownBursts:
    """frames : (n,) by the cell's clock; samples : (n, 2·SPAN); bits : (n, 148)."""

    frames: NDArray[np.int64]
    samples: Complex
    bits: NDArray[np.uint8]

    def with_more(self, more: "KnownBursts") -> "KnownBursts":
        return KnownBursts(
            np.concatenate([self.frames, more.frames]),
            np.concatenate([self.samples, more.samples]),
            np.concatenate([self.bits, more.bits]),
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """carrier_hz from the middle of the window; arrival of the start of `frame`, in samples of the block."""

    carrier_hz: float
    carrier_sigma_hz: float
    power: float
    noise: float  # in 200 kHz
    frame: int
    frame_sample: float
    frame_sample_sigma: float
    samples_per_frame: float


def measure(known: KnownBursts, clock: FrameClock, carrier_hz: float) -> Measured:
    """Needs at least one burst."""
    spectrum = _sent_again(known.bits)
    came = known.samples[:, _INSIDE]
    late: NDArray[np.float64] = np.zeros(len(known.frames))
    for _ in range(_TIMING_STEPS):
        sent, slope = _delayed(spectrum, late)
        step_late, timing_weight = _delays(sent[:, _INSIDE], slope[:, _INSIDE], came)
        at_middle, drift, middle, late_sigma = _line(known.frames, late + step_late, timing_weight)
        late = np.asarray(at_middle + drift * (known.frames - middle), np.float64)
    expected, power, noise = _through_echoes(sent, known.samples)
    turn_hz, turn_weight = _turns(expected, known.samples[:, _FULL])
    frame = round(middle)
    step = clock.samples_per_symbol
    at = clock.first + clock.samples_per_frame * frame + (at_middle + drift * (frame - middle)) * step
    mean_hz, sigma_hz = _mean(turn_hz, turn_weight)
    return Measured(
        carrier_hz=carrier_hz + mean_hz,
        carrier_sigma_hz=float(np.hypot(sigma_hz, _MODEL_HZ)),
        power=power,
        noise=noise,
        frame=frame,
        frame_sample=at,
        frame_sample_sigma=late_sigma * step,
        samples_per_frame=clock.samples_per_frame + drift * step,
    )


_TIMES = np.arange(_COUNT) / PER_SYMBOL - MARGIN  # symbols after the burst's start
_STEPS = phase_step(_TIMES[None, :] - np.arange(-MARGIN, SPAN - MARGIN)[:, None]).astype(np.float32)
_FREQ_HZ = scipy.fft.fftfreq(_COUNT, 1 / (PER_SYMBOL * SYMBOL_HZ))
_SHAPE = channel_filter(_FREQ_HZ).astype(np.complex64)


def _sent_again(bits: NDArray[np.uint8]) -> Complex:
    """Spectra (n, 2·SPAN) of the bursts as they pass the channel filter. Zeros are sent outside."""
    padded = np.zeros((len(bits), SPAN + 1), np.float32)
    padded[:, MARGIN + 1 : MARGIN + 1 + BURST_BITS] = bits
    turns = 1 - 2 * np.abs(padded[:, 1:] - padded[:, :-1])
    return np.asarray(scipy.fft.fft(unit((turns @ _STEPS) / 4), axis=1) * _SHAPE, np.complex64)


def _delayed(spectrum: Complex, late: NDArray[np.float64]) -> tuple[Complex, Complex]:
    """The bursts, each late by so many symbols, and their derivative per symbol."""
    turned = spectrum * unit(-late[:, None] * (_FREQ_HZ / SYMBOL_HZ))
    slope = turned * (2j * np.pi * _FREQ_HZ / SYMBOL_HZ).astype(np.complex64)
    return np.asarray(scipy.fft.ifft(turned, axis=1)), np.asarray(scipy.fft.ifft(slope, axis=1))


_FULL = slice(PER_SYMBOL * (MARGIN + 9), PER_SYMBOL * (MARGIN + BURST_BITS - 5))  # rows all echoes reach


def _through_echoes(sent: Complex, came: Complex) -> tuple[Complex, float, float]:
    """By least squares over the echoes of each burst: what should have come (of the rows _FULL), the carrier's power
    before the filter, the noise after it."""
    columns = np.stack([np.roll(sent, PER_SYMBOL * d, axis=1)[:, _FULL] for d in DELAYS.tolist()], axis=1)
    across = columns.conj()
    gram = across @ columns.transpose(0, 2, 1)  # (n, ECHOES, ECHOES)
    gram += np.eye(ECHOES, dtype=np.complex64) * np.float32(1e-4 * gram[:, 0, 0].real.mean())
    echoes = np.linalg.solve(gram, across @ came[:, _FULL, None])
    expected = (echoes.transpose(0, 2, 1) @ columns)[:, 0]
    count = expected.shape[1]
    white = PER_SYMBOL * SYMBOL_HZ / NOISE_BANDWIDTH_HZ
    rest = float((np.abs(came[:, _FULL] - expected) ** 2).mean())
    noise = max(rest * count / (count - white * ECHOES), 1e-12)
    heard = float((np.abs(expected) ** 2).mean())
    own = float((np.abs(sent[:, _FULL]) ** 2).mean())  # what the filter leaves of a carrier of power 1
    power = max(heard - noise * ECHOES * white / count, 1e-3 * heard) / own
    return np.asarray(expected, np.complex64), power, noise


def _delays(sent: Complex, slope: Complex, came: Complex) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How many symbols late each burst is, and the weight of that: one step towards the strongest correlation."""
    overlap = (sent.conj() * came).sum(axis=1)
    rising = -(slope.conj() * came).sum(axis=1)
    weight = np.abs(overlap) ** 2 * (np.abs(slope) ** 2).sum(axis=1) / (np.abs(sent) ** 2).sum(axis=1)
    weight = np.maximum(weight, 1e-30).astype(np.float64)
    return (overlap.conj() * rising).real.astype(np.float64) / weight, weight


def _turns(expected: Complex, came: Complex) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By how many Hz each burst turns against what is expected, and the weight of that."""
    product = expected.conj() * came
    level = np.abs(expected) ** 2
    t = np.arange(product.shape[1]) / (PER_SYMBOL * SYMBOL_HZ)
    centre = (level * t).sum(axis=1) / np.maximum(level.sum(axis=1), 1e-30)
    away = t - centre[:, None]
    whole, moment = product.sum(axis=1), (product * away).sum(axis=1)
    weight = np.maximum(np.abs(whole) * (level * away**2).sum(axis=1), 1e-30)
    size = np.maximum(np.abs(whole), 1e-30)
    return (whole.conj() * moment).imag / weight / (2 * np.pi), np.asarray(weight * size, np.float64)


def _mean(values: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float]:
    """Weighted mean and its standard deviation by the scatter of the values."""
    mean = float(np.average(values, weights=weight))
    share = weight / weight.sum()
    scatter = float((share**2 * (values - mean) ** 2).sum())
    effective = 1 / float((share**2).sum())
    return mean, float(np.sqrt(scatter * effective / max(effective - 1, 0.5)))


def _line(
    frames: NDArray[np.int64], values: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[float, float, float, float]:
    """Weighted line through values: (value at the middle, rise per frame, the middle, sigma of the value there)."""
    middle = float(np.average(frames, weights=weight))
    away = frames - middle
    spread = float((weight * away**2).sum())
    at_middle = float(np.average(values, weights=weight))
    few = len(frames) < _LEAST_FOR_SCATTER or spread <= 0
    rise = 0.0 if few else float((weight * away * values).sum()) / spread
    _, sigma = _mean(values - rise * away, weight)
    return at_middle, rise, middle, sigma
