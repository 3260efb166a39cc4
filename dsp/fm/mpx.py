"""The stereo multiplex cut into its bands by one Fourier transform. ITU-R BS.450 §2 (levels and frequencies).

  30 Hz – 15 kHz  left + right     19 kHz  pilot     23 – 53 kHz  left − right     57 kHz ± 2.4 kHz  RDS

A discriminator that takes the phase step from sample to sample averages the frequency over that step: the droop
sinc(f / rate) is put right here, so every band has its true deviation.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from dsp.errors import BadRate, BlockTooShort

LEAST_RATE_HZ = 128e3  # twice the upper edge of RDS, with room for the filter that came before
PILOT_HZ = 19e3
TOP_HZ = 60e3  # nothing we measure lies above
_LEAST_SECONDS = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class MpxSpectrum:
    """Half the Fourier transform of a multiplex, in Hz of deviation (bin values ÷ `length` are amplitudes).

    bins : (length // 2 + 1,) complex64
    """

    bins: NDArray[np.complex64]
    length: int
    samples: int  # before padding
    rate_hz: float

    @property
    def seconds(self) -> float:
        return self.samples / self.rate_hz

    @property
    def step_hz(self) -> float:
        return self.rate_hz / self.length


def transform(mpx_hz: NDArray[np.float32], rate_hz: float) -> MpxSpectrum:
    """mpx_hz: (n,) deviation in Hz as a phase-step discriminator gives it.

    Raises BadRate below 128 kS/s and BlockTooShort below 20 ms.
    """
    if rate_hz < LEAST_RATE_HZ:
        raise BadRate(rate_hz=rate_hz, least_hz=LEAST_RATE_HZ)
    need = int(np.ceil(_LEAST_SECONDS * rate_hz))
    if len(mpx_hz) < need:
        raise BlockTooShort(have=len(mpx_hz), need=need)
    length = 2 * fft.next_fast_len((len(mpx_hz) + int(1e-3 * rate_hz) + 1) // 2, real=True)
    bins = fft.rfft(mpx_hz, length)
    top = min(len(bins), int(TOP_HZ * 1.05 * length / rate_hz))
    bins[:top] *= _undroop(top, length)
    return MpxSpectrum(bins, length, len(mpx_hz), rate_hz)


@lru_cache(maxsize=4)
def _undroop(top: int, length: int) -> NDArray[np.float32]:
    return (1 / np.sinc(np.arange(top) / length)).astype(np.float32)


def sum_audio(spectrum: MpxSpectrum, *, out_rate_hz: float) -> tuple[NDArray[np.float32], float]:
    """Left + right as deviation, up to 0.45 of the rate that comes with it; what lies under 50 Hz is left out."""
    size = real_length(spectrum, out_rate_hz)
    row = np.zeros(size // 2 + 1, np.complex64)
    first, last = int(np.ceil(50.0 / spectrum.step_hz)), min(int(0.45 * size), len(spectrum.bins))
    row[first:last] = spectrum.bins[first:last]
    samples = fft.irfft(row, size) * np.float32(size / spectrum.length)
    rate_hz = size * spectrum.step_hz
    return np.asarray(samples[: int(spectrum.seconds * rate_hz)], np.float32), rate_hz


def band_bins(spectrum: MpxSpectrum, *, centre_hz: float, half_hz: float) -> tuple[int, NDArray[np.complex64]]:
    """First bin number and the bins of centre ± half."""
    first = max(0, round((centre_hz - half_hz) / spectrum.step_hz))
    last = min(len(spectrum.bins), round((centre_hz + half_hz) / spectrum.step_hz) + 1)
    return first, spectrum.bins[first:last]


def to_time(
    spectrum: MpxSpectrum, first: int, values: NDArray[np.complex64], *, centre_hz: float, out_rate_hz: float
) -> NDArray[np.complex64]:
    """Bins back to samples, the bin nearest `centre_hz` at zero frequency, the padding cut off again."""
    size = out_length(spectrum, out_rate_hz)
    centre = round(centre_hz / spectrum.step_hz)
    row = np.zeros(size, np.complex64)
    row[(first - centre + np.arange(len(values))) % size] = values
    out: NDArray[np.complex64] = fft.ifft(row) * np.float32(2 * size / spectrum.length)
    return out[: int(spectrum.seconds * band_rate_hz(spectrum, out_rate_hz))]


def out_length(spectrum: MpxSpectrum, out_rate_hz: float) -> int:
    return int(fft.next_fast_len(int(np.ceil(out_rate_hz / spectrum.step_hz))))


def real_length(spectrum: MpxSpectrum, out_rate_hz: float) -> int:
    """Even, and free of the primes that make a real transform ten times slower."""
    return 2 * int(fft.next_fast_len(int(np.ceil(out_rate_hz / spectrum.step_hz / 2)), real=True))


def band_rate_hz(spectrum: MpxSpectrum, out_rate_hz: float) -> float:
    """The rate `band` really gives: the first convenient one not below `out_rate_hz`."""
    return out_length(spectrum, out_rate_hz) * spectrum.step_hz


def bin_centre_hz(spectrum: MpxSpectrum, centre_hz: float) -> float:
    """What `band` really puts at zero frequency."""
    return round(centre_hz / spectrum.step_hz) * spectrum.step_hz
