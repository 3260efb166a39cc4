"""Digital signals that are not GSM, as seen by a window of about 1 MHz. (count,) complex64 of power about 1."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from tests.benchmarks.other_signals import Maker, Samples, noise, turning, unit_power

_FOUR = np.exp(1j * np.pi / 4 * np.array([1, 3, 5, 7])).astype(np.complex64)
_CHIPS_HZ, _CHIPS_A_FRAME = 3.84e6, 38_400


def ofdm(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """The middle of an LTE downlink: 15 kHz apart, 4.7 µs of prefix, pilots in every second symbol, a synchronisation
    symbol each 5 ms, blocks of 1 ms by 180 kHz on and off; 10 to 20 dB over noise."""
    size = round(rate_hz / 15e3)
    prefix = round(4.7e-6 * rate_hz)
    symbols = -(-count // (size + prefix))
    bins = _FOUR[rng.integers(0, 4, (symbols, size))]
    on = rng.random((-(-symbols // 14), -(-size // 12))) < rng.uniform(0.1, 1)
    bins *= np.repeat(np.repeat(on, 14, axis=0)[:symbols], 12, axis=1)[:, :size]
    bins[::7, ::6] = _FOUR[rng.integers(0, 4, size)][::6]
    bins[::70] = turning(25 * np.arange(size) * (np.arange(size) + 1) / 126.0)
    time = scipy.fft.ifft(bins, axis=1)
    wave = np.concatenate([time[:, -prefix:], time], axis=1).ravel()[:count]
    return unit_power(unit_power(wave) + noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(10, 20) / 20)))


def wcdma(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Part of a 3.84 Mchip/s downlink: scrambling repeated each 10 ms, a constant pilot, data, and the
    synchronisation chips at the head of every slot; 0 to 20 dB over noise."""
    frames = 3 * (int(count / rate_hz * 100) // 3 + 1)  # of 10 ms; by threes the transforms are fast
    scrambling = _FOUR[rng.integers(0, 4, _CHIPS_A_FRAME)]
    pilot = np.exp(1j * np.pi / 4)
    data = np.repeat(_FOUR[rng.integers(0, 4, frames * _CHIPS_A_FRAME // 64)], 64).reshape(frames, -1)
    chips = scrambling * (0.4 * pilot + rng.uniform(0.2, 1) * data).astype(np.complex64)
    slots = chips.reshape(-1, _CHIPS_A_FRAME // 15)
    slots[:, :256] += 0.5 * _FOUR[rng.integers(0, 4, 256)]
    at_hz = rng.uniform(-2.3e6, 2.3e6)
    wave = _part(chips.ravel(), at_hz, count=count, rate_hz=rate_hz)
    return unit_power(unit_power(wave) + noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(0, 20) / 20)))


def _part(chips: Samples, at_hz: float, *, count: int, rate_hz: float) -> Samples:
    """What a window of rate_hz sees of root-raised-cosine chips, at_hz from their middle."""
    seconds = len(chips) / _CHIPS_HZ
    width = round(seconds * rate_hz)
    spectrum = scipy.fft.fft(chips)  # repeats each chip rate, as the pulse's excess band wants it
    bins = np.arange(-(width // 2), width - width // 2) + round(at_hz * seconds)
    freq_hz = np.abs(bins / seconds)
    rolled = np.clip((freq_hz - 0.39 * _CHIPS_HZ) / (0.22 * _CHIPS_HZ), 0, 1)
    seen = spectrum[bins % len(chips)] * np.cos(np.pi / 2 * rolled)
    return np.asarray(scipy.fft.ifft(scipy.fft.ifftshift(seen))[:count], np.complex64)


def tetra(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """One to ten π/4-DQPSK carriers of 18 ksymbol/s on 25 kHz, with slots of 14.17 ms that repeat their training and
    carry a frequency correction field (eight symbols of one tone, many of another), some keyed."""
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(10, 40) / 20))
    t = np.arange(count) / rate_hz
    for _ in range(rng.integers(1, 11)):
        steps = rng.integers(0, 4, (int(count / rate_hz * 18e3) // 255 + 2, 255)) * 2 + 1
        steps[:, 100:111] = steps[0, 100:111]
        steps[::4, 7:11], steps[::4, 11:43], steps[::4, 43:47] = 7, 1, 7
        phase = np.cumsum(steps.ravel()) / 8.0
        wave = _pulsed(turning(phase), 18e3, count=count, rate_hz=rate_hz)
        if rng.random() < 0.4:
            wave *= np.repeat(rng.random(len(steps)) < 0.5, int(rate_hz * 255 / 18e3) + 1)[:count]
        freq_hz = 25e3 * round(rng.uniform(-0.45, 0.45) * rate_hz / 25e3)
        total += wave * turning(freq_hz * t) * np.float32(10 ** (-rng.uniform(0, 25) / 20))
    return unit_power(total)


def _pulsed(symbols: Samples, symbol_hz: float, *, count: int, rate_hz: float) -> Samples:
    """Symbols through a smooth pulse two symbols long, by interpolation between samples eight a symbol."""
    fine = np.zeros(8 * len(symbols), np.complex64)
    fine[::8] = symbols
    pulse = np.hanning(33).astype(np.float32)
    fine = np.convolve(fine, pulse, mode="same")
    at = np.arange(count) * (8 * symbol_hz / rate_hz)
    base = at.astype(np.int64)
    part = (at - base).astype(np.float32)
    return unit_power(fine[base] * (1 - part) + fine[base + 1] * part)


def dect(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """Bursts of 0.37 ms of 1.152 Mbit/s GFSK in a few of 24 slots of 10 ms, each with the same preamble."""
    bits_hz = 1.152e6
    total_bits = int(count / rate_hz * bits_hz) + 2
    bits = rng.integers(0, 2, total_bits, np.int8)
    frames = np.arange(total_bits) % 11_520
    slot, inside = frames // 480, frames % 480
    preamble = rng.integers(0, 2, 480, np.int8)
    bits = np.where(inside < 32, preamble[inside], bits)
    on = np.isin(slot, rng.choice(24, rng.integers(1, 8), replace=False)) & (inside < 424)
    swing = np.convolve(2.0 * bits - 1, np.array([0.25, 0.5, 0.25]), mode="same")
    wave = turning(0.25 * np.cumsum(swing)) * on
    at = np.arange(count) * (bits_hz / rate_hz)
    total = wave[at.astype(np.int64)] + noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(0, 40) / 20))
    return unit_power(total)


def machines(rng: np.random.Generator, count: int, rate_hz: float) -> Samples:
    """FSK telemetry: two to four tones at 1.2 to 200 kbit/s, in packets that repeat themselves."""
    total = noise(rng, count, rate_hz) * np.float32(10 ** (-rng.uniform(5, 40) / 20))
    for _ in range(rng.integers(1, 5)):
        baud = 10 ** rng.uniform(3.1, 5.3)
        packet: NDArray[np.int64] = rng.integers(0, int(rng.choice([2, 4])), int(rng.choice([64, 256, 1024])))
        said = np.tile(packet, int(count / rate_hz * baud / len(packet)) + 2)
        tone_hz = said[(np.arange(count) * (baud / rate_hz)).astype(np.int64)] * baud * rng.choice([0.5, 1.0])
        turns = np.cumsum(tone_hz + rng.uniform(-0.4, 0.4) * rate_hz) / rate_hz
        total += turning(turns) * np.float32(10 ** (-rng.uniform(0, 25) / 20))
    return unit_power(total)


SIGNALS: dict[str, Maker] = {
    "OFDM (LTE-like)": ofdm,
    "WCDMA-like": wcdma,
    "π/4-DQPSK bursts (TETRA-like)": tetra,
    "GFSK bursts (DECT-like)": dect,
    "FSK telemetry": machines,
}
