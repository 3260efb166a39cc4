"""Signals that are not GSM cells, for counting false ones: each as (count,) complex64 of power about 1.

Bare carriers, noise of many colours, clicks, and speech on FM. What looks more like a cell stands in
`other_signals_digital` and `other_signals_gsm`; `gsm_false_cells` listens to them all.
"""

from collections.abc import Callable

import numpy as np
import scipy.fft
from numpy.typing import NDArray

Samples = NDArray[np.complex64]
Maker = Callable[[np.random.Generator, int, float], Samples]  # generator, samples, rate in Hz

FRAME_S = 1250 / (1_625_000 / 6)
FCCH_PATTERN = (0, 10, 20, 30, 40)  # of 51 frames


def noise(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    del rate_hz
    return np.asarray(rng.standard_normal(2 * count, np.float32).view(np.complex64) * np.float32(np.sqrt(0.5)))


def coloured_noise(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Humps 1 kHz to 300 kHz wide, and a floor 10 to 40 dB below them, swelling and fading in time."""
    freq_hz = scipy.fft.fftfreq(count, 1 / rate_hz).astype(np.float32)
    shape = np.full(count, 10 ** (-rng.uniform(1, 4) / 2), np.float32)
    for _ in range(rng.integers(1, 6)):
        width, middle = 10 ** rng.uniform(3, 5.5), rng.uniform(-0.45, 0.45) * rate_hz
        shape += np.exp(-(((freq_hz - np.float32(middle)) / np.float32(width)) ** 2))
    hue = scipy.fft.ifft(scipy.fft.fft(noise(rng, count, rate_hz)) * shape)
    period_s = 10 ** rng.uniform(-2, 0)
    swell = np.sin(np.arange(count, dtype=np.float32) * np.float32(2 * np.pi / (rate_hz * period_s)))
    return unit_power(hue * (1 + np.float32(0.9) * swell))


def carriers(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """One to twelve carriers, 0 to 40 dB apart, drifting up to 5 kHz/s; noise 10 to 50 dB below the strongest."""
    t = np.arange(count) / rate_hz
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(10, 50) / 20))
    for _ in range(rng.integers(1, 13)):
        freq_hz, drift = rng.uniform(-0.5, 0.5) * rate_hz, rng.choice([0, 20, 300, 5000]) * rng.uniform(-1, 1)
        total += turning((freq_hz + 0.5 * drift * t) * t) * np.float32(10 ** (-rng.uniform(0, 40) / 20))
    return unit_power(total)


def keyed_carriers(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Carriers switched on and off: by chance, in even time, and as a cell's frequency bursts are, without a cell."""
    frames = np.arange(count) / rate_hz / FRAME_S
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(5, 40) / 20))
    for _ in range(rng.integers(1, 6)):
        freq_hz = rng.uniform(-0.45, 0.45) * rate_hz
        key = _KEYS[rng.integers(len(_KEYS))](rng, frames + rng.uniform(0, 51))
        total += turning(freq_hz * np.arange(count) / rate_hz) * key * np.float32(10 ** (-rng.uniform(0, 20) / 20))
    return unit_power(total)


def _by_chance(rng: np.random.Generator, frames: NDArray[np.float64]) -> NDArray[np.float32]:
    slots = rng.random(int(frames[-1] * 8) + 2) < rng.uniform(0.02, 0.5)
    return slots[(frames * 8).astype(np.int64)].astype(np.float32)


def _in_even_time(rng: np.random.Generator, frames: NDArray[np.float64]) -> NDArray[np.float32]:
    period = rng.choice([0.217, 1.0, 2.17, 10.0, 10.2, 21.7, 51.0])  # frames; 0.217 is 1 ms
    return (frames % period < rng.choice([0.125, 0.3, 0.5]) * min(period, 1.0)).astype(np.float32)


def _as_frequency_bursts(rng: np.random.Generator, frames: NDArray[np.float64]) -> NDArray[np.float32]:
    del rng
    inside = np.isin(frames.astype(np.int64) % 51, np.array(FCCH_PATTERN))
    return (inside & (frames % 1 < 148 / 1250)).astype(np.float32)


_KEYS = (_by_chance, _in_even_time, _as_frequency_bursts)


def impulses(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Clicks by chance and in step with mains and frames, ringing for 1 µs to 1 ms, 20 to 60 dB over noise."""
    clicks = np.zeros(count, np.complex64)
    for _ in range(rng.integers(1, 4)):
        period = rate_hz * rng.choice([1 / 100, 1 / 1000, FRAME_S, 10 * FRAME_S, 51 * FRAME_S])
        even = np.arange(rng.uniform(0, period), count, period).astype(np.int64)
        at = even if rng.random() < 0.5 else rng.integers(0, count, len(even))
        clicks[at] += np.exp(2j * np.pi * rng.random(len(at))) * np.exp(rng.standard_normal(len(at)))
    ring_s, ring_hz = 10 ** rng.uniform(-6, -3), rng.uniform(-0.4, 0.4) * rate_hz
    turn = (2 * np.pi * ring_s * (scipy.fft.fftfreq(count, 1 / rate_hz) - ring_hz)).astype(np.float32)
    ringing = unit_power(scipy.fft.ifft(scipy.fft.fft(clicks) / (1 + np.complex64(1j) * turn)))
    return unit_power(ringing + noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(0, 40) / 20)))


def broadcast_fm(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """One to four stations of 50 to 75 kHz deviation with pilot, up to 40 dB over noise."""
    return _stations(rng, count, rate_hz, deviations_hz=(50e3, 75e3), pilot=0.1, most=4)


def narrow_fm(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """One to twelve voice channels of 0.5 to 5 kHz deviation, keyed, up to 40 dB over noise."""
    return _stations(rng, count, rate_hz, deviations_hz=(500.0, 5e3), pilot=0.0, most=12)


def _stations(
    rng: np.random.Generator, count: int, rate_hz: float, *, deviations_hz: tuple[float, float], pilot: float, most: int
) -> Samples:
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(10, 40) / 20))
    t = np.arange(count) / rate_hz
    pilot_wave = pilot * turning(19e3 * t).imag
    for _ in range(rng.integers(1, most + 1)):
        swing_hz = np.cumsum(_speech(rng, count, rate_hz) + pilot_wave) / rate_hz
        wave = turning(rng.uniform(-0.45, 0.45) * rate_hz * t + rng.uniform(*deviations_hz) * swing_hz)
        total += wave * np.float32(10 ** (-rng.uniform(0, 30) / 20))
    return unit_power(total)


def _speech(rng: np.random.Generator, count: int, rate_hz: float) -> NDArray[np.float64]:
    """Louder and softer noise up to 4 kHz, with pauses: −1 to 1."""
    step = int(rate_hz / 8e3)
    values = count // step + 2
    loudness = np.repeat(rng.random(values // 1000 + 1), 1000)[:values]
    coarse = rng.standard_normal(values) * loudness
    return np.asarray(np.clip(0.5 * np.interp(np.arange(count) / step, np.arange(len(coarse)), coarse), -1, 1))


def turning(turns: NDArray[np.float64]) -> Samples:
    """exp(2πi · turns), in single precision: this is where the time goes."""
    angle = (turns - np.rint(turns)).astype(np.float32)
    angle *= np.float32(2 * np.pi)
    out = np.empty(angle.shape, np.complex64)
    np.cos(angle, out=out.real)
    np.sin(angle, out=out.imag)
    return out


def unit_power(samples: NDArray[np.complexfloating]) -> Samples:
    power = float(np.mean(samples.real**2 + samples.imag**2))
    return np.asarray(samples / np.sqrt(max(power, 1e-30)), np.complex64)


SIGNALS: dict[str, Maker] = {
    "white noise": noise,
    "coloured noise": coloured_noise,
    "bare carriers, drifting": carriers,
    "keyed carriers": keyed_carriers,
    "impulses": impulses,
    "FM broadcast": broadcast_fm,
    "narrow FM": narrow_fm,
}
