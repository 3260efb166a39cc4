"""Roughly how much later one receiver has a programme than another: what their clocks differ by, found by ear.

Only speech, music and difference signal count: the pilot repeats itself every 53 µs and would say yes to everything.
"""

from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.fm.phase_steps import PhaseSteps, phases

LEAST_OVERLAP_S = 0.1
_BAND_HZ = (150.0, 15e3)
_SIDE_HZ = (23e3, 53e3)
_SIDE_SHARE = 0.25  # its noise is greater: what the difference signal counts beside the sum
_BESIDE_S = 100e-6  # nearer than this is the same peak
_SURE = 6.0  # standard deviations
_CHANCE = 1.5  # over the largest that chance makes of so many lags


@dataclass(frozen=True, slots=True)
class CoarseLag:
    """lag_s : snippet time of the second minus that of the first, for the same moment of the programme.

    coefficient : of correlation there
    rival  : the greatest elsewhere in the window, at rival_s
    doubt  : error of the difference of these two
    chance : what the greatest of so many lags is without anything in common
    """

    lag_s: float
    coefficient: float
    rival: float
    rival_s: float
    doubt: float
    chance: float

    @property
    def found(self) -> bool:
        return self.coefficient > _CHANCE * self.chance

    @property
    def alone(self) -> bool:
        return self.coefficient - self.rival > _SURE * self.doubt


def coarse_lag(first: PhaseSteps, second: PhaseSteps, *, near_s: float, within_s: float) -> CoarseLag | None:
    """Looked for at near_s ± within_s. None: hardly any overlap there, or one is silence altogether."""
    a, b = _programme(first), _programme(second)
    rate_hz = first.rate_hz
    size = int(scipy.fft.next_fast_len(len(a) + len(b), real=True))
    spectra = [np.asarray(scipy.fft.rfft(each, size)) for each in (a, b)]
    raw = np.asarray(scipy.fft.irfft(np.conj(spectra[0]) * spectra[1], size))
    offset = (second.first_s - first.first_s) * rate_hz  # lag in samples of the two grids, less than what is asked
    low = int(np.ceil((near_s - within_s) * rate_hz - offset))
    high = int(np.floor((near_s + within_s) * rate_hz - offset))
    lags = np.arange(max(low, LEAST_LAG - len(a)), min(high, len(b) - LEAST_LAG) + 1)
    if not len(lags):
        return None
    begin, end = np.maximum(0, lags), np.minimum(len(b), len(a) + lags)
    energy = _between(a, begin - lags, end - lags) * _between(b, begin, end)
    if not np.all(energy > 0):
        return None
    coefficients = raw[lags % size] / np.sqrt(energy)
    return _judged(coefficients, lags, offset, rate_hz, overlap=end - begin)


LEAST_LAG = 15_000  # samples of overlap: LEAST_OVERLAP_S


def _judged(
    coefficients: NDArray[np.float64],
    lags: NDArray[np.int64],
    offset: float,
    rate_hz: float,
    *,
    overlap: NDArray[np.int64],
) -> CoarseLag:
    best = int(np.argmax(coefficients))
    peak = float(coefficients[best])
    beside = np.abs(lags - lags[best]) > _BESIDE_S * rate_hz
    others = np.where(beside, coefficients, -1.0)
    rival = int(np.argmax(others))
    free = 2 * _BAND_HZ[1] * float(overlap[best]) / rate_hz  # independent values
    # what stands in both for certain scatters like programme, not like noise: the median lag says how much
    typical = float(np.median(np.abs(coefficients))) / 0.6745 if len(lags) > 100 else 1 / np.sqrt(free)
    chance = max(typical, 1 / np.sqrt(free)) * np.sqrt(2 * np.log(max(len(lags), 2)))
    doubt = np.sqrt(2 * max(1 - min(peak, 1.0), 1e-4) / free)
    return CoarseLag(
        lag_s=(float(lags[best]) + _between_samples(coefficients, best) + offset) / rate_hz,
        coefficient=peak,
        rival=max(float(others[rival]), 0.0),
        rival_s=(float(lags[rival]) + offset) / rate_hz,
        doubt=float(doubt),
        chance=float(min(chance, 0.6)),
    )


def _between_samples(values: NDArray[np.float64], best: int) -> float:
    """Where a parabola through the peak and its neighbours has its top."""
    if not 0 < best < len(values) - 1:
        return 0.0
    left, top, right = values[best - 1 : best + 2]
    bend = 2 * top - left - right
    return float((right - left) / (2 * bend)) if bend > 0 else 0.0


def _programme(steps: PhaseSteps) -> NDArray[np.float64]:
    """(n,) deviation of the programme alone, in turns a sample."""
    turns = np.diff(phases(steps), prepend=0.0)
    spectrum = np.asarray(scipy.fft.rfft(turns))
    freq_hz = scipy.fft.rfftfreq(len(turns), 1 / steps.rate_hz)
    spectrum *= _inside(freq_hz, _BAND_HZ) + _SIDE_SHARE * _inside(freq_hz, _SIDE_HZ)
    return np.asarray(scipy.fft.irfft(spectrum, len(turns)))


def _inside(freq_hz: NDArray[np.float64], band: tuple[float, float]) -> NDArray[np.bool_]:
    return (freq_hz >= band[0]) & (freq_hz <= band[1])


def _between(values: NDArray[np.float64], begin: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
    """Energy of values[begin:end], for arrays of both."""
    summed = np.concatenate([[0.0], np.cumsum(values**2)])
    return np.asarray(summed[end] - summed[begin])
