"""Windows of made cells: each transmitter resampled to the window, offset, scaled, noise added."""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.frame import SYMBOL_HZ
from dsp.iq import IqBlock
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.transmitter import GsmTransmitter


@dataclass(frozen=True)
class OnAir:
    """A cell at `offset_hz` from the middle of the window; eb_n0_db against noise of density 1/rate."""

    broadcast: GsmBroadcast
    offset_hz: float = 0.0
    level_db: float = 0.0
    seed: int = 1
    start_s: float = 0.0
    taps: tuple[tuple[float, float], ...] = ((0.0, 0.0),)  # (delay s, dB)
    doppler_hz: float = 0.0


def window(
    cells: list[OnAir],
    *,
    rate_hz: float,
    seconds: float,
    eb_n0_db: float | None,
    seed: int = 0,
    centre_hz: float = 940e6,
    clock_ppm: float = 0.0,
) -> IqBlock:
    """Eb/N0 holds for a cell of level 0 dB. clock_ppm: the receiver's oscillator runs slow by so much, so that its
    samples are few and every carrier seems high."""
    count = round(seconds * rate_hz)
    total = np.zeros(count, np.complex64)
    for k, cell in enumerate(cells):
        rng = np.random.default_rng((seed, k, 7))
        total += _received(cell, rng, rate_hz=rate_hz, count=count, centre_hz=centre_hz, clock_ppm=clock_ppm)
    if eb_n0_db is not None:
        rng = np.random.default_rng((seed, 1))
        density = 10 ** (-eb_n0_db / 10) / SYMBOL_HZ  # a cell of level 0 has power 1
        noise = rng.standard_normal((count, 2)) @ np.array([1, 1j])
        total += noise * np.sqrt(density * rate_hz / 2)
    scale = np.float32(10 ** (SCALE_DBFS / 20))
    return IqBlock(samples=np.asarray(scale * total, np.complex64), rate_hz=rate_hz, centre_hz=centre_hz)


SCALE_DBFS = -40.0  # of a cell of level 0


def _received(
    cell: OnAir, rng: np.random.Generator, *, rate_hz: float, count: int, centre_hz: float, clock_ppm: float
) -> NDArray[np.complex64]:
    transmitter = GsmTransmitter(cell.broadcast, seed=cell.seed)
    true_rate = rate_hz * (1 - 1e-6 * clock_ppm)
    margin = 2048
    count_in = scipy.fft.next_fast_len(int(count / true_rate * transmitter.rate_hz) + 2 * margin)
    first = round(cell.start_s * transmitter.rate_hz) - margin
    sent = transmitter.baseband(first, count_in).astype(np.complex64)
    sent = _channel(sent, cell, transmitter.rate_hz, rng)
    spectrum = scipy.fft.fft(sent)
    # so finely that a cubic between the samples is true to −75 dB
    factor = 4
    padded = np.zeros(count_in * factor, np.complex64)
    half = count_in // 2
    padded[:half], padded[-(count_in - half) :] = spectrum[:half], spectrum[half:]
    fine = scipy.fft.ifft(padded) * np.float32(factor)
    at = (np.arange(count) / true_rate * transmitter.rate_hz + margin) * factor
    out = _cubic(fine, at)
    seen_hz = cell.offset_hz + (centre_hz + cell.offset_hz) * 1e-6 * clock_ppm
    turns = (seen_hz / rate_hz * np.arange(count)) % 1
    mixer = np.exp(2j * np.pi * turns.astype(np.float32)).astype(np.complex64)
    return out * mixer * np.float32(10 ** (cell.level_db / 20))


def _cubic(fine: NDArray[np.complex64], at: NDArray[np.float64]) -> NDArray[np.complex64]:
    base = at.astype(np.int64)
    u = (at - base).astype(np.float32)
    a, b, c, d = (fine[base + k] for k in (-1, 0, 1, 2))
    return b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)))


def _channel(
    sent: NDArray[np.complex64], cell: OnAir, rate_hz: float, rng: np.random.Generator
) -> NDArray[np.complex64]:
    if cell.taps == ((0.0, 0.0),) and not cell.doppler_hz:
        return sent
    power = np.array([10 ** (db / 10) for _, db in cell.taps])
    out = np.zeros_like(sent)
    for (delay_s, _), share in zip(cell.taps, power / power.sum(), strict=True):
        shifted = np.roll(sent, round(delay_s * rate_hz))
        out += np.sqrt(share) * _jakes(len(sent), cell.doppler_hz / rate_hz, rng) * shifted
    return out


def _jakes(count: int, doppler: float, rng: np.random.Generator) -> NDArray[np.complex64]:
    """Rayleigh fading: many waves from all sides, computed slowly and interpolated."""
    if not doppler:
        return np.full(count, np.exp(2j * np.pi * rng.random()))
    coarse = np.arange(0, count + 512, 256)
    angle, phase = rng.uniform(0, 2 * np.pi, (2, 64))
    waves = np.exp(1j * (2 * np.pi * doppler * np.cos(angle)[:, None] * coarse + phase[:, None])).sum(axis=0) / 8
    at = np.arange(count)
    return np.interp(at, coarse, waves.real) + 1j * np.interp(at, coarse, waves.imag)
