"""Windows of the FM band put together for tests: made stations, noise, and a receiver's faults."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast, Rds
from recordings.fm.transmitter import FmTransmitter

CENTRE_HZ = 98e6
NOISE_DBFS_200K = -70.0
_MORE_SECONDS = 0.02  # made and thrown away: the transform wraps round there

Source = Callable[[int], NDArray[np.complex64]]
STATION_RATE_HZ = FmTransmitter.rate_hz


@dataclass(frozen=True)
class Sent:
    """A station, or any other source of unit power at 456 kS/s, in a window."""

    offset_hz: float
    cnr_db: float  # in 200 kHz
    what: FmBroadcast | Source
    seed: int = 1


def rds(pi: int = 0x1234, **fields: object) -> Rds:
    return Rds(**({"pi": pi, "ps": "TESTFM", "rt": "A made station"} | fields))  # type: ignore[arg-type]


def bare(count: int) -> NDArray[np.complex64]:
    return np.ones(count, np.complex64)


def digital(count: int) -> NDArray[np.complex64]:
    """A block of many carriers 120 kHz wide: what a digital radio signal looks like."""
    rng = np.random.default_rng(8)
    bins = rng.standard_normal(count) + 1j * rng.standard_normal(count)
    bins[np.abs(np.fft.fftfreq(count, 1 / STATION_RATE_HZ)) > 60e3] = 0
    signal = np.fft.ifft(bins)
    return np.asarray(signal / np.sqrt(np.mean(np.abs(signal) ** 2)), np.complex64)


def make_window(
    sent: Sequence[Sent],
    *,
    seconds: float,
    rate_hz: float = 2.4e6,
    seed: int = 0,
    first_s: float = 0.0,
    image_db: float | None = None,
    dc: complex = 0.0,
    roll_off: float | None = None,
) -> IqBlock:
    """roll_off: the receiver's filter falls by 30 dB from this share of the rate to the edge of the window."""
    rng = np.random.default_rng(seed)
    count = round((seconds + _MORE_SECONDS) * rate_hz)
    count = round(count * STATION_RATE_HZ / rate_hz) * round(rate_hz) // round(STATION_RATE_HZ)
    bins = np.zeros(count, np.complex64)
    for each in sent:
        _add(bins, each, rate_hz, first_s)
    sigma = np.sqrt(10 ** (NOISE_DBFS_200K / 10) / 200e3 * rate_hz * count / 2)
    bins.real += sigma * rng.standard_normal(count, dtype=np.float32)
    bins.imag += sigma * rng.standard_normal(count, dtype=np.float32)
    if roll_off is not None:
        place = np.abs(np.fft.fftfreq(count))
        bins *= 10 ** (-1.5 * np.clip((place - roll_off) / (0.5 - roll_off), 0, 1)).astype(np.float32)
    samples = np.asarray(fft.ifft(bins), np.complex64)[: round(seconds * rate_hz)]
    if image_db is not None:
        samples = samples + np.complex64(10 ** (image_db / 20) * np.exp(0.7j)) * np.conj(samples)
    return IqBlock(np.asarray(samples + np.complex64(dc), np.complex64), rate_hz, CENTRE_HZ, time_utc_ns=10**18)


def _add(bins: NDArray[np.complex64], sent: Sent, rate_hz: float, first_s: float) -> None:
    count = round(len(bins) * STATION_RATE_HZ / rate_hz)
    if isinstance(sent.what, FmBroadcast):
        samples = FmTransmitter(sent.what, seed=sent.seed).baseband(round(first_s * STATION_RATE_HZ), count)
    else:
        samples = sent.what(count)
    spectrum = fft.fft(samples)
    shift = round(sent.offset_hz * len(bins) / rate_hz)
    index = np.fft.fftfreq(count, 1 / count).astype(np.int64) + shift
    inside = np.abs(index) < len(bins) // 2  # the receiver's filter lets nothing else in
    amplitude = 10 ** ((sent.cnr_db + NOISE_DBFS_200K) / 20)
    bins[index[inside]] += spectrum[inside] * np.float32(amplitude * len(bins) / count)
