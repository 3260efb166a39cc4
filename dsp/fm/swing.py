"""How a carrier's frequency moves: what tells a programme from voice channels, data and several lines in one channel.

A broadcast programme without pilot moves the carrier below 15 kHz and nowhere above, and lingers at no edge of its
swing. Data keys it between levels; several narrow carriers in one channel, whichever is the strongest, throw the
discriminator about over the whole multiplex. ITU-R BS.450 §1 and §2 (multiplex), SM.1600 (kinds of modulation).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.fm.mpx import TOP_HZ, MpxSpectrum, real_length
from dsp.fm.quality import noise_deviation_hz
from dsp.fm.timbre import timbre_change_db

_PROGRAMME_HZ = (30.0, 15e3)
_ABOVE_HZ = (23e3, 53e3)  # where only a stereo difference lies, which has a pilot
_RATE_HZ = 40e3
_EDGE = 0.75  # of half the swing: beyond it lies 46 % of a sine, 0 to 20 % of a programme, 60 % and more of keying
_TONE_BINS_HZ = 6.0


@dataclass(frozen=True, slots=True)
class Swing:
    """Of the discriminator's output, in Hz.

    usual_hz, peak_hz : exceeded 10 % and 0.5 % of the time by what lies under 15 kHz
    programme_hz      : RMS under 15 kHz, noise taken off
    above_hz          : RMS of 23 to 53 kHz, noise taken off
    edge_share        : of the time near either edge of the swing
    tone_share        : of the power under 15 kHz in its strongest line
    noise_hz          : RMS of the noise under 15 kHz
    timbre_db         : by how much the shape of its spectrum changes within the look; None: too short, or nothing
    """

    usual_hz: float
    peak_hz: float
    programme_hz: float
    above_hz: float
    edge_share: float
    tone_share: float
    noise_hz: float
    timbre_db: float | None = None


def measure_swing(spectrum: MpxSpectrum) -> Swing:
    """`spectrum` in Hz of deviation about the carrier."""
    noise_hz = noise_deviation_hz(spectrum)
    power = _power(spectrum, _PROGRAMME_HZ)
    programme = float(power.sum())
    low = _programme(spectrum)
    size = np.abs(low)
    usual_hz, peak_hz = (float(each) for each in np.quantile(size, (0.9, 0.995)))
    return Swing(
        usual_hz=usual_hz,
        peak_hz=peak_hz,
        programme_hz=_without_noise(programme, noise_hz, _PROGRAMME_HZ),
        above_hz=_without_noise(float(_power(spectrum, _ABOVE_HZ).sum()), noise_hz, _ABOVE_HZ),
        edge_share=_edge_share(low),
        tone_share=_strongest(power, spectrum.step_hz) / max(programme, 1e-30),
        noise_hz=noise_hz * _share_of_noise(_PROGRAMME_HZ),
        timbre_db=timbre_change_db(low, len(low) / spectrum.seconds),
    )


def _power(spectrum: MpxSpectrum, band_hz: tuple[float, float]) -> NDArray[np.float64]:
    """(bins,) mean square of each bin."""
    low, high = (round(edge_hz / spectrum.step_hz) for edge_hz in band_hz)
    bins = spectrum.bins[low:high]
    scale = 2 / (float(spectrum.length) * spectrum.samples)
    return np.asarray((bins.real**2 + bins.imag**2).astype(np.float64) * scale)


def _without_noise(power: float, noise_hz: float, band_hz: tuple[float, float]) -> float:
    """noise_hz: RMS up to 60 kHz; its density grows with f²."""
    return float(np.sqrt(max(power - (noise_hz * _share_of_noise(band_hz)) ** 2, 0.0)))


def _share_of_noise(band_hz: tuple[float, float]) -> float:
    return float(np.sqrt((band_hz[1] ** 3 - band_hz[0] ** 3) / TOP_HZ**3))


def _programme(spectrum: MpxSpectrum) -> NDArray[np.float32]:
    size = real_length(spectrum, _RATE_HZ)
    row = np.zeros(size // 2 + 1, np.complex64)
    last = int(_PROGRAMME_HZ[1] / spectrum.step_hz)
    row[:last] = spectrum.bins[:last]
    samples = fft.irfft(row, size) * np.float32(size / spectrum.length)
    return np.asarray(samples[: int(spectrum.seconds * size * spectrum.step_hz)], np.float32)


def _edge_share(low: NDArray[np.float32]) -> float:
    """Near the edges that 2 % of the time lie beyond on either side."""
    first, last = (float(each) for each in np.quantile(low, (0.02, 0.98)))
    middle, half = (first + last) / 2, (last - first) / 2
    return float(np.mean(np.abs(low - middle) > _EDGE * half))


def _strongest(power: NDArray[np.float64], step_hz: float) -> float:
    if not len(power):
        return 0.0
    top, reach = int(power.argmax()), max(1, round(_TONE_BINS_HZ / step_hz))
    return float(power[max(0, top - reach) : top + reach + 1].sum())
