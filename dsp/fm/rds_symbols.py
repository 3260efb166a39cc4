"""From the multiplex to soft RDS bits. IEC 62106 §4 (subcarrier, symbols, spectrum shaping).

The symbol clock is the subcarrier ÷ 48, so one frequency gives both. It comes from the pilot when the subcarrier is
locked to it, else from the line that squaring makes of a suppressed carrier; RDS without a pilot works the same way.
Everything is estimated over the whole look before the first bit is decided: there is no lock to wait for or to lose.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.fm.mpx import MpxSpectrum, band_bins, band_rate_hz, bin_centre_hz, to_time
from dsp.fm.pilot import Pilot

SUBCARRIER_HZ = 57e3
SYMBOLS_PER_S = 1187.5
_CYCLES_PER_SYMBOL = 48
_HALF_BAND_HZ = 2 * SYMBOLS_PER_S
_RATE_HZ = 16 * SYMBOLS_PER_S  # of the filtered subcarrier: linear interpolation is then 1 % true
_SEARCH_HZ = 18.0  # ±6 Hz of the transmitter and 200 ppm of our clock
_OWN_LINE = 3.0  # the squared line elsewhere must be so much stronger than at the pilot's place to be believed
_PHASE_SECONDS = 0.5
_TIMING_SECONDS = 1.0
# Peak deviation ÷ RMS deviation of the shaped biphase signal over random data (test_rds_symbols derives it).
PEAK_OVER_RMS = 2.06


@dataclass(frozen=True, slots=True, eq=False)
class RdsSymbols:
    """soft: (n,) float32, one value a symbol before differential decoding, in units of the noise's RMS.

    rms_hz   : deviation of the RDS signal, RMS, noise taken off
    snr_db   : symbol energy to noise density, the noise as seen in the quadrature arm
    offset_hz: subcarrier against 57 kHz by the receiver's clock
    """

    soft: NDArray[np.float32]
    rms_hz: float
    snr_db: float
    offset_hz: float

    @property
    def bits(self) -> NDArray[np.uint8]:
        """(n − 1,) data bits: 1 where the symbol turned."""
        return np.asarray((self.soft[1:] > 0) != (self.soft[:-1] > 0), np.uint8)

    @property
    def peak_hz(self) -> float:
        """Peak deviation, as coders are set: of the shaped signal over all data."""
        return PEAK_OVER_RMS * self.rms_hz


def demodulate(spectrum: MpxSpectrum, pilot: Pilot | None) -> RdsSymbols | None:
    """Soft bits of whatever stands at 57 kHz, noise too; None when the look holds fewer than 26 symbols."""
    filtered = _matched(spectrum)  # 19 kHz, our clock
    if len(filtered) < 26 * 16:
        return None
    rate_hz = band_rate_hz(spectrum, _RATE_HZ)
    centre_hz = bin_centre_hz(spectrum, SUBCARRIER_HZ)
    carrier_hz = centre_hz + _offset_hz(filtered, rate_hz, None if pilot is None else 3 * pilot.freq_hz - centre_hz)
    turned = filtered * _turn(len(filtered), centre_hz - carrier_hz, rate_hz)
    symbols = _sample(turned, rate_hz, carrier_hz / _CYCLES_PER_SYMBOL)  # 1187.5 Hz, the transmitter's clock
    aligned = symbols * np.exp(-1j * _phase(symbols)).astype(np.complex64)
    return _decide(aligned, carrier_hz - SUBCARRIER_HZ, _gain())


def _shape(freq_hz: NDArray[np.floating]) -> NDArray[np.float32]:
    """Spectrum of one biphase symbol at the transmitter, its imaginary unit left out: odd about the subcarrier."""
    x = freq_hz / SYMBOLS_PER_S
    inside = np.abs(x) <= 2
    return np.where(inside, np.cos(np.pi * x / 4) * np.sin(np.pi * x / 2), 0.0).astype(np.float32)


def _gain() -> float:
    """Ratio of the matched filter's peak to the RMS of the signal that caused it, for equally likely symbols."""
    # Amplitude a: the signal has the power spectrum a² R |H|², hence power a² R ∫|H|² df; the peak is a ∫|H|² df.
    x = np.linspace(-2, 2, 4001)
    energy = float(np.trapezoid(_shape(x * SYMBOLS_PER_S).astype(np.float64) ** 2, x)) * SYMBOLS_PER_S
    return float(np.sqrt(energy / SYMBOLS_PER_S))


def _matched(spectrum: MpxSpectrum) -> NDArray[np.complex64]:
    first, values = band_bins(spectrum, centre_hz=SUBCARRIER_HZ, half_hz=_HALF_BAND_HZ)
    freq_hz = (first + np.arange(len(values))) * spectrum.step_hz - SUBCARRIER_HZ
    return to_time(spectrum, first, values * _shape(freq_hz), centre_hz=SUBCARRIER_HZ, out_rate_hz=_RATE_HZ)


def _turn(count: int, freq_hz: float, rate_hz: float) -> NDArray[np.complex64]:
    return np.asarray(np.exp(2j * np.pi * freq_hz / rate_hz * np.arange(count)), np.complex64)


def _offset_hz(filtered: NDArray[np.complex64], rate_hz: float, by_pilot_hz: float | None) -> float:
    """Subcarrier against the middle of the band: the pilot's third harmonic, or the line of the squared signal."""
    size = int(fft.next_fast_len(2 * len(filtered)))
    power = np.abs(fft.fft(filtered * filtered, size)) ** 2
    step_hz = rate_hz / size / 2  # squaring doubles the offset
    reach = int(_SEARCH_HZ / step_hz)
    index = np.arange(-reach, reach + 1)
    near = power[index]
    top = int(near.argmax())
    if by_pilot_hz is not None:
        at_pilot = abs(index * step_hz - by_pilot_hz) <= 2.5 * step_hz
        if at_pilot.any() and near[top] < _OWN_LINE * near[at_pilot].max():
            return by_pilot_hz
    if 0 < top < len(near) - 1:
        left, mid, right = (float(v) for v in np.sqrt(near[top - 1 : top + 2]))
        bend = left - 2 * mid + right
        return float(index[top] + (0.5 * (left - right) / bend if bend < 0 else 0.0)) * step_hz
    return float(index[top]) * step_hz


def _sample(turned: NDArray[np.complex64], rate_hz: float, symbols_per_s: float) -> NDArray[np.complex64]:
    """One value a symbol, each at the instant where its energy is greatest."""
    width = rate_hz / symbols_per_s  # samples a symbol, not a whole number
    count = int(len(turned) / width) - 1
    energy = turned.real**2 + turned.imag**2
    clock = np.exp(-2j * np.pi / width * np.arange(len(turned))).astype(np.complex64)
    pieces = max(1, round(count / (_TIMING_SECONDS * SYMBOLS_PER_S)))
    edges = np.linspace(0, len(turned), pieces + 1).astype(int)
    lines = np.add.reduceat(energy * clock, edges[:-1])
    late = np.unwrap(-np.angle(_neighbours(lines))) / (2 * np.pi)
    middle = (edges[:-1] + edges[1:]) / (2 * width)
    k = np.arange(count)
    at = (k + np.interp(k, middle, late)) * width
    at = at[(at >= 0) & (at < len(turned) - 1)]
    low = at.astype(np.int64)
    share = (at - low).astype(np.float32)
    return np.asarray(turned[low] * (1 - share) + turned[low + 1] * share)


def _neighbours(lines: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Each with those beside it: timing moves slowly."""
    padded = np.concatenate([lines[:1], lines, lines[-1:]])
    return np.asarray(padded[:-2] + 2 * padded[1:-1] + padded[2:])


def _phase(symbols: NDArray[np.complex64]) -> NDArray[np.float64]:
    """Carrier phase at each symbol, from squares averaged over half a second; a turn by π does not matter here."""
    squares = (symbols * symbols).astype(np.complex128)
    width = max(1, min(len(symbols), int(_PHASE_SECONDS * SYMBOLS_PER_S)))
    sums = np.concatenate([[0], np.cumsum(squares)])
    k = np.arange(len(symbols))
    low = np.clip(k - width // 2, 0, len(symbols) - width)
    phase: NDArray[np.float64] = np.unwrap(np.angle(sums[low + width] - sums[low])) / 2
    return phase


def _decide(aligned: NDArray[np.complex64], offset_hz: float, gain: float) -> RdsSymbols:
    noise = float(np.mean(aligned.imag.astype(np.float64) ** 2))
    level = float(np.mean(aligned.real.astype(np.float64) ** 2)) - noise
    soft = aligned.real / np.float32(np.sqrt(noise) + 1e-30)
    # A matched filter of unit-energy shape: amplitude² ÷ (2 σ²) of one arm is Es/N0.
    snr_db = 10 * float(np.log10(max(level, 1e-30) / max(2 * noise, 1e-30)))
    rms_hz = float(np.sqrt(max(level, 0.0))) / gain / np.sqrt(2)
    return RdsSymbols(np.asarray(soft, np.float32), rms_hz, snr_db, offset_hz)
