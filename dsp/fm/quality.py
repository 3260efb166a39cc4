"""Deviation and modulation power of a station, and whether they may be stated. ITU-R SM.1268, BS.412.

A discriminator follows the strongest thing in its channel, noise clicks included: below the FM threshold, beside a
strong neighbour or behind a clipped converter it shows deviation that nobody transmitted. So the distribution is stated
only where the carrier stands well over everything else, and what noise adds to its tail is taken off.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.fm.deviation_spread import DeviationSpread, exceeded_hz, fine_counts, spread_of
from dsp.fm.discriminator import Envelope
from dsp.fm.modulation_minute import power_dbr
from dsp.fm.mpx import TOP_HZ, MpxSpectrum, real_length

LEAST_CNR_DB = 20.0
_LEAST_SINR_DB = 18.0
MOST_CLIPPED_SHARE = 1e-3
_LEAST_SECONDS = 0.5
_LEAST_STEADY_SHARE = 0.8
_FADED = 0.1  # a frame this far under the mean power is not looked at …
_MARGIN_DB = 7.0  # … nor one whose own C/N is this far under the least one
_NOISE_BAND_HZ = (60.5e3, 64e3)  # nothing is modulated here: above RDS, below RDS2 and the services at 67 kHz and up
_EXCEEDED = 1e-3


@dataclass(frozen=True, slots=True)
class Modulation:
    """deviation_hz: exceeded 0.1 % of the time, noise taken off. `reason`: why there is none.

    spread       : of all the look's deviations
    squares_hz2  : mean squares of equal parts of the look of about a second, noise taken off
    """

    deviation_hz: float | None
    power_dbr: float | None
    noise_hz: float | None  # RMS of what noise adds up to 60 kHz
    reason: str | None
    spread: DeviationSpread | None = None
    squares_hz2: tuple[float, ...] = ()


def measure_modulation(
    spectrum: MpxSpectrum, envelope: Envelope, *, cnr_db: float, clipped_share: float | None
) -> Modulation:
    noise_hz = noise_deviation_hz(spectrum)
    steady = _steady(envelope, cnr_db)
    reason = _reason(spectrum.seconds, envelope, cnr_db, clipped_share, float(steady.mean()) if len(steady) else 0.0)
    if reason is not None:
        return Modulation(None, None, noise_hz, reason)
    mpx_hz, rate_hz = baseband(spectrum)
    size = envelope.frame_samples * rate_hz / spectrum.rate_hz
    kept = mpx_hz if steady.all() else mpx_hz[_in_steady_frames(len(mpx_hz), size, steady)]
    squares = _squares(kept, max(1, round(spectrum.seconds)), noise_hz)
    counts = fine_counts(np.abs(kept))
    seen_hz = exceeded_hz(counts, _EXCEEDED)
    true_hz = _without_noise(seen_hz, exceeded_hz(counts, 10 * _EXCEEDED), noise_hz)
    return Modulation(
        deviation_hz=true_hz,
        power_dbr=power_dbr(float(np.mean(squares))),
        noise_hz=noise_hz,
        reason=None,
        spread=spread_of(counts, seconds=len(kept) / rate_hz, true_hz=true_hz, seen_hz=seen_hz),
        squares_hz2=squares,
    )


def _in_steady_frames(count: int, frame_samples: float, steady: NDArray[np.bool_]) -> NDArray[np.bool_]:
    frame = np.minimum((np.arange(count) / frame_samples).astype(np.int64), len(steady) - 1)
    return np.asarray(steady[frame])


def _squares(mpx_hz: NDArray[np.float32], parts: int, noise_hz: float) -> tuple[float, ...]:
    size = len(mpx_hz) // parts
    rows = mpx_hz[: size * parts].reshape(parts, size)
    sums = np.einsum("ij,ij->i", rows, rows, dtype=np.float64, casting="same_kind") / max(size, 1)
    return tuple(float(max(each - noise_hz**2, 0.0)) for each in sums)


def baseband(spectrum: MpxSpectrum) -> tuple[NDArray[np.float32], float]:
    """The multiplex up to 60 kHz, at its true deviation; and its rate."""
    size = real_length(spectrum, 2.5 * TOP_HZ)
    kept = min(len(spectrum.bins), int(TOP_HZ / spectrum.step_hz) + 1)
    row = np.zeros(size // 2 + 1, np.complex64)
    row[:kept] = spectrum.bins[:kept]
    samples = fft.irfft(row, size) * np.float32(size / spectrum.length)
    rate_hz = size * spectrum.step_hz
    return np.asarray(samples[: int(spectrum.seconds * rate_hz)], np.float32), rate_hz


def noise_deviation_hz(spectrum: MpxSpectrum) -> float:
    """RMS deviation up to 60 kHz that the noise above it implies: FM noise has a density that grows with f²."""
    low, high = (round(edge_hz / spectrum.step_hz) for edge_hz in _NOISE_BAND_HZ)
    bins = spectrum.bins[low:high]
    if not len(bins):
        return 0.0
    freq_hz = (low + np.arange(len(bins))) * spectrum.step_hz
    level = float(np.median(np.abs(bins) ** 2 / freq_hz**2)) / np.log(2)  # mean of an exponential from its median
    # bins ÷ length are amplitudes of half the spectrum: power Σ 2 |bin|² ÷ length², and padding holds none of it.
    scale = 2 / (spectrum.length * spectrum.samples * spectrum.step_hz)
    return float(np.sqrt(level * scale * TOP_HZ**3 / 3))


def _steady(envelope: Envelope, cnr_db: float) -> NDArray[np.bool_]:
    power = envelope.frame_power
    mean = float(power.mean()) if len(power) else 0.0
    least = max(_FADED, 10 ** ((LEAST_CNR_DB - _MARGIN_DB - cnr_db) / 10))
    return np.asarray(power > least * mean)


def _reason(
    seconds: float, envelope: Envelope, cnr_db: float, clipped_share: float | None, steady_share: float
) -> str | None:
    if clipped_share is not None and clipped_share > MOST_CLIPPED_SHARE:
        return "clipped"
    if cnr_db < LEAST_CNR_DB or steady_share < _LEAST_STEADY_SHARE:
        return "weak"
    if envelope.sinr_db is None or envelope.sinr_db < _LEAST_SINR_DB:
        return "neighbour"
    return "short" if seconds < _LEAST_SECONDS else None


def _without_noise(point_hz: float, near_hz: float, noise_hz: float) -> float:
    """The 99.9 % point less what Gaussian noise adds to it. near_hz: the 99 % point.

    Where the tail falls off like exp(−x / s), adding noise of sigma σ shifts it by σ² ÷ 2s; where noise is all there
    is, its own 99.9 % point is 3.29 σ. The larger of the two is taken off, 3 σ at most beside a hard edge (a tone).
    """
    slope = max((point_hz - near_hz) / float(np.log(10)), 1e-3)
    beside_signal = min(noise_hz**2 / (2 * slope), 3.0 * noise_hz)
    alone = point_hz - float(np.sqrt(max(point_hz**2 - (3.29 * noise_hz) ** 2, 0.0)))
    return float(max(point_hz - max(beside_signal, alone), 0.0))
