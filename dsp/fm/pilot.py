"""The 19 kHz pilot tone: is it there, how far is it off, how strongly does it deviate the carrier. ITU-R BS.450."""

from dataclasses import dataclass

import numpy as np

from dsp.fm.mpx import PILOT_HZ, MpxSpectrum, band_bins

_SEARCH_HZ = 12.0  # ±2 Hz of the transmitter and 500 ppm of our own clock
_AROUND_HZ = 600.0  # nothing but noise and the skirts of programme lies so near
_LEAST_SNR = 40.0  # line against the mean noise bin beside it: chance 1e-14 in noise over all bins searched
_LEAST_DEVIATION_HZ = 500.0
_GUARD_HZ = ((15.6e3, 18.6e3), (19.4e3, 22.4e3))  # free of programme: BS.450
_MOST_BESIDE = 2.0  # RMS there, times the pilot; two stations at once or noise at 4 dB CNR make 0.8 of it, data 4 to 7
_EDGES = 1e-3  # turns over the look that the ends of the narrow band cost, however clean the pilot


@dataclass(frozen=True, slots=True)
class Pilot:
    freq_hz: float  # by the receiver's clock
    sigma_hz: float
    deviation_hz: float | None  # None: the multiplex came without a scale


def find_pilot(spectrum: MpxSpectrum) -> Pilot | None:
    """None: no line of 500 Hz deviation or more that stands out of what lies beside it.

    Nor where it is one of many: packets of data that repeat themselves make a line every few hertz or kilohertz.
    """
    first, values = band_bins(spectrum, centre_hz=PILOT_HZ, half_hz=_AROUND_HZ)
    # Hann window as a convolution of bins: the line's neighbours are noise, not its own skirt.
    smooth = values[1:-1] - 0.5 * (values[:-2] + values[2:])
    power = np.abs(smooth).astype(np.float64) ** 2
    freq_hz = (first + 1 + np.arange(len(power))) * spectrum.step_hz
    near = np.flatnonzero(np.abs(freq_hz - PILOT_HZ) <= _SEARCH_HZ + 2 * spectrum.step_hz)
    if not len(near):
        return None
    top = int(near[power[near].argmax()])
    beside = np.abs(freq_hz - freq_hz[top]) > max(30.0, 6 * spectrum.step_hz)
    noise = float(power[beside].mean()) if beside.any() else 0.0
    line_hz, amplitude = _line(spectrum, first + 1 + top)
    if power[top] <= _LEAST_SNR * noise or amplitude < _LEAST_DEVIATION_HZ or abs(line_hz - PILOT_HZ) > _SEARCH_HZ:
        return None
    if _guard_hz(spectrum) > _MOST_BESIDE * amplitude:
        return None
    # Cramér–Rao for one tone in noise; `noise` holds 1.5 bins of it after the window.
    snr = power[top] / max(noise / 1.5, 1e-30)
    sigma_hz = float(np.hypot(np.sqrt(6 / (2 * snr)) / np.pi, _EDGES)) / spectrum.seconds
    return Pilot(line_hz, sigma_hz, amplitude)


def _guard_hz(spectrum: MpxSpectrum) -> float:
    """RMS deviation on both sides of the pilot, where only noise should be."""
    power = 0.0
    for edges_hz in _GUARD_HZ:
        low, high = (round(edge_hz / spectrum.step_hz) for edge_hz in edges_hz)
        bins = spectrum.bins[low:high]
        power += float(np.vdot(bins, bins).real)
    return float(np.sqrt(2 * power / (float(spectrum.length) * spectrum.samples)))


def _line(spectrum: MpxSpectrum, near_bin: int) -> tuple[float, float]:
    """Frequency and amplitude of the tone near a bin, from the phase step between the two halves of the look.

    In bins: the transform of the second half less that of the first is what odd weights see; worked in the time domain
    of a narrow band it is plain.
    """
    half = max(8, int(np.ceil(20.0 / spectrum.step_hz)))
    bins = spectrum.bins[near_bin - half : near_bin + half + 1]
    size = 1 << (2 * len(bins) - 1).bit_length()
    row = np.zeros(size, np.complex128)
    row[: len(bins)] = bins
    samples = np.fft.ifft(np.roll(row, -half)) * (2 * size / spectrum.length)
    kept = samples[: max(4, int(size * spectrum.samples / spectrum.length))]
    rate_hz = size * spectrum.step_hz
    middle = kept[len(kept) // 16 : len(kept) - len(kept) // 16]
    slope = 0.0
    for _ in range(3):  # each pass removes what the last found, then halves the noise by looking further apart
        turned = middle * np.exp(-2j * np.pi * slope * np.arange(len(middle)) / rate_hz)
        third = len(turned) // 3
        step = np.angle(turned[-third:].mean() * np.conj(turned[:third].mean()))
        slope += float(step) * rate_hz / (2 * np.pi * (len(turned) - third))
    turned = middle * np.exp(-2j * np.pi * slope * np.arange(len(middle)) / rate_hz)
    return near_bin * spectrum.step_hz + slope, float(np.abs(turned.mean()))
