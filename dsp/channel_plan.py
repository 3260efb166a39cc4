"""How a wide window is cut into stretches, and what one channel needs of each of them.

Overlap-save: the ends of a stretch, as long as the channel's filter reaches, are thrown away.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.fft
import scipy.special
from numpy.typing import NDArray

STOP_DB = 80.0
TOGETHER = 4  # transforms at once: side by side they cost little more than one, and stay in the cache
_STRETCH = 1 << 15  # samples a transform, about
_LARGEST_STEP = 1 << 15  # numerator and denominator of the rate change


@dataclass(frozen=True, slots=True)
class Band:
    """One channel: half-width pass_hz around offset_hz from the middle of the window; nothing beyond stop_hz."""

    offset_hz: float
    out_rate_hz: float
    pass_hz: float
    stop_hz: float


def rate_ratio(out_rate_hz: float, rate_hz: float) -> Fraction:
    return Fraction(out_rate_hz / rate_hz).limit_denominator(_LARGEST_STEP)


@dataclass(frozen=True, slots=True, eq=False)
class Tuned:
    """What one band needs in every stretch: which bins, with which weight, from where, and what turns the rest away.

    up, down          : `down` samples of the window are `up` of the channel
    count             : samples of the channel in a stretch, of which `step` from `lead` on are good
    first_bin, weight : the bins of the stretch, lowest first, filter and scale in one
    place             : where the first of them goes in the narrow transform
    turn              : (step,) complex64, for a stretch that begins at time 0
    """

    up: int
    down: int
    rate_hz: float  # of the window
    offset_hz: float
    taken_hz: float
    count: int
    lead: int
    step: int
    first_bin: int
    place: int
    weight: NDArray[np.float32]
    turn: NDArray[np.complex64]

    def extract(self, spectra: NDArray[np.complex64], first: int) -> NDArray[np.complex64]:
        """spectra: (stretches, size), the first of them for the sample number `first` → (stretches · step,)."""
        values = _ring(spectra, self.first_bin, len(self.weight)) * self.weight
        narrow = np.zeros((len(spectra), self.count), np.complex64)
        place = self.place
        while values.shape[1]:  # round the ring: the skirts beyond half the new rate fold
            taken = min(values.shape[1], self.count - place)
            narrow[:, place : place + taken] += values[:, :taken]
            values, place = values[:, taken:], 0
        pieces = scipy.fft.ifft(narrow, axis=1, overwrite_x=True)[:, self.lead : self.lead + self.step]
        pieces = pieces * self.turn
        pieces *= self._phases(first, len(spectra))[:, None]
        return np.asarray(pieces.reshape(-1), np.complex64)

    def _phases(self, first: int, stretches: int) -> NDArray[np.complex64]:
        """The phase at which each stretch began."""
        at = first + np.arange(stretches) * (self.step // self.up * self.down)
        begin = at - self.lead // self.up * self.down
        turns = ((self.taken_hz - self.offset_hz) * at - self.taken_hz * begin) / self.rate_hz
        return np.asarray(np.exp(2j * np.pi * (turns - np.rint(turns))), np.complex64)


@dataclass(frozen=True, slots=True)
class StretchPlan:
    """Stretches of `size` samples of the window, each `step` after the last; the first and last `lead` are spoilt."""

    rate_hz: float
    size: int
    lead: int

    @property
    def step(self) -> int:
        return self.size - 2 * self.lead

    @staticmethod
    def of(rate_hz: float, bands: Sequence[Band]) -> "StretchPlan":
        ratios = {rate_ratio(band.out_rate_hz, rate_hz) for band in bands}
        common = math.lcm(*(ratio.denominator for ratio in ratios))
        reach = max(math.ceil(_reach_seconds(band.pass_hz, band.stop_hz) * rate_hz) for band in bands)
        lead = -(-reach // common)  # in steps of `common` input samples
        steps = _fast_steps(max(16 * lead, -(-_STRETCH // common)), common, ratios)
        return StretchPlan(rate_hz, steps * common, lead * common)

    def stretches(self, samples: NDArray[np.complex64], first: int) -> NDArray[np.complex64]:
        """(4, size) or fewer, zeros before the beginning and after the end."""
        count = min(TOGETHER, -(-(len(samples) - first) // self.step))
        out = np.zeros((count, self.size), np.complex64)
        for i, row in enumerate(out):
            begin = first + i * self.step - self.lead
            low, high = max(begin, 0), min(begin + self.size, len(samples))
            if low < high:
                row[low - begin : high - begin] = samples[low:high]
        return out

    def tune(self, band: Band) -> Tuned:
        ratio = rate_ratio(band.out_rate_hz, self.rate_hz)
        up, down = ratio.numerator, ratio.denominator
        count, step = self.size // down * up, self.step // down * up
        width = self.rate_hz / self.size
        response = _filter(band.pass_hz, band.stop_hz, width)
        middle = round(band.offset_hz / width)
        half = len(response) // 16
        bins = np.arange(middle - half, middle + half + 1)
        bins = bins[np.abs(bins) < self.size / 2]
        weight = np.interp(np.abs(bins - band.offset_hz / width) * 16, np.arange(len(response)), response)
        turns = (middle * width - band.offset_hz) / (self.rate_hz * up / down) * np.arange(step)
        return Tuned(
            up=up,
            down=down,
            rate_hz=self.rate_hz,
            offset_hz=band.offset_hz,
            taken_hz=middle * width,
            count=count,
            lead=self.lead // down * up,
            step=step,
            first_bin=int(bins[0]) if len(bins) else 0,
            place=int(bins[0] - middle) % count if len(bins) else 0,
            weight=(weight * (count / self.size)).astype(np.float32),
            turn=np.exp(2j * np.pi * (turns - np.rint(turns))).astype(np.complex64),
        )


def _ring(spectra: NDArray[np.complex64], first: int, count: int) -> NDArray[np.complex64]:
    """`count` bins of each row from number `first` on, which may be negative."""
    if first >= 0 or first + count <= 0:
        first %= spectra.shape[1]
        return spectra[:, first : first + count]
    return np.concatenate([spectra[:, first:], spectra[:, : first + count]], axis=1)


def _fast_steps(least: int, common: int, ratios: Iterable[Fraction]) -> int:
    """At least so many that all transforms have small factors, as far as the ratios' own allow it."""
    steps = int(scipy.fft.next_fast_len(least))
    lengths = [common, *(common // ratio.denominator * ratio.numerator for ratio in ratios)]
    return min(
        range(steps, steps + max(1, steps // 8)), key=lambda n: (sum(_roughness(n * each) for each in lengths), n)
    )


def _roughness(length: int) -> int:
    """The largest prime factor, but nothing under 11 is rough."""
    for prime in (2, 3, 5, 7, 11):
        while length % prime == 0:
            length //= prime
    return length


def _reach_seconds(pass_hz: float, stop_hz: float) -> float:
    """How far the filter's impulse response reaches either side: Kaiser's rule."""
    return (STOP_DB - 7.95) / (2.285 * 2 * np.pi * (stop_hz - pass_hz)) / 2 + 1 / (stop_hz - pass_hz)


def _filter(pass_hz: float, stop_hz: float, width: float) -> NDArray[np.float64]:
    """1 up to the pass band's edge, then down like the integral of a Kaiser window, in sixteenths of a bin."""
    beta = 0.1102 * (STOP_DB - 8.7)
    distance = np.arange(int(np.ceil(stop_hz / width)) * 16 + 17) * width / 16
    x = np.clip(2 * (distance - pass_hz) / (stop_hz - pass_hz) - 1, -1, 1)
    fine = np.linspace(-1, 1, 4097)
    bell = scipy.special.i0(beta * np.sqrt(1 - fine**2))
    rise = np.concatenate([[0.0], np.cumsum((bell[1:] + bell[:-1]) / 2)])
    return np.asarray(1 - np.interp(x, fine, rise / rise[-1]))
