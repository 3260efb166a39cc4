"""Many channels out of one wide window at once, at any rate, by Fourier transforms of overlapping stretches.

Overlap-save: each stretch is transformed once; each channel takes its own bins, weighs them with its filter and
transforms back to as many samples as the new rate has in the stretch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.fft
import scipy.special
from numpy.typing import NDArray

from dsp.errors import BadRate, BlockTooShort, SignalError

STOP_DB = 80.0
_LARGEST_STEP = 1 << 15  # numerator and denominator of the rate change


class BadPassband(SignalError):
    def __init__(self, *, pass_hz: float, stop_hz: float, out_rate_hz: float) -> None:
        super().__init__(
            f"a pass band of {pass_hz:g} Hz with a stop band from {stop_hz:g} Hz does not fit {out_rate_hz:g} samples/s"
        )
        self.pass_hz, self.stop_hz, self.out_rate_hz = pass_hz, stop_hz, out_rate_hz


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """samples : (k, m) complex64, one row an offset; sample j lies at time j / rate_hz of the input."""

    samples: NDArray[np.complex64]
    rate_hz: float


def channelise(
    samples: NDArray[np.complex64],
    rate_hz: float,
    *,
    offsets_hz: Sequence[float],
    out_rate_hz: float,
    pass_hz: float,
    stop_hz: float,
) -> Channels:
    """Channels of half-width pass_hz around each offset from the middle of the window, mixed to zero.

    What lies beyond stop_hz of a channel is STOP_DB below it, folded or not. The output rate is the ratio of whole
    numbers nearest to what was asked for, exact for every rate in use; Channels.rate_hz says it.
    Raises BadPassband, BadRate, BlockTooShort.
    """
    if not 0 < pass_hz < stop_hz or stop_hz + pass_hz > out_rate_hz:
        raise BadPassband(pass_hz=pass_hz, stop_hz=stop_hz, out_rate_hz=out_rate_hz)
    if not rate_hz >= 2 * pass_hz:
        raise BadRate(rate_hz=rate_hz, least_hz=2 * pass_hz)
    if not len(samples):
        raise BlockTooShort(have=0, need=1)
    plan = _Plan.of(rate_hz, out_rate_hz, pass_hz=pass_hz, stop_hz=stop_hz)
    total = -(-len(samples) * plan.up // plan.down)
    out = np.empty((len(offsets_hz), total), np.complex64)
    tuned = [plan.tune(offset_hz) for offset_hz in offsets_hz]
    for first_out in range(0, total, plan.step_out):
        spectrum = scipy.fft.fft(plan.stretch(samples, first_out), overwrite_x=True)
        for row, channel in zip(out, tuned, strict=True):
            piece = plan.extract(spectrum, channel, first_out)
            row[first_out : first_out + plan.step_out] = piece[: total - first_out]
    return Channels(out, rate_hz * plan.up / plan.down)


@dataclass(frozen=True, slots=True, eq=False)
class _Tuned:
    """What one offset needs in every stretch: which bins, with which weight, from where, and what turns the rest away.

    first_bin, weight : the bins of the stretch, lowest first, filter and scale in one
    place             : where the first of them goes in the narrow transform
    turn              : (step_out,) complex64, for a stretch that begins at time 0
    """

    offset_hz: float
    taken_hz: float
    first_bin: int
    place: int
    weight: NDArray[np.float32]
    turn: NDArray[np.complex64]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """size input samples give size · up / down output samples, of which step_out, after `lead_in`, are good."""

    rate_hz: float
    up: int
    down: int
    size: int
    lead_in: int
    step_out: int
    response: NDArray[np.float64]  # amplitude per bin distance from the channel, in steps of a sixteenth of a bin

    @staticmethod
    def of(rate_hz: float, out_rate_hz: float, *, pass_hz: float, stop_hz: float) -> "_Plan":
        ratio = Fraction(out_rate_hz / rate_hz).limit_denominator(_LARGEST_STEP)
        up, down = ratio.numerator, ratio.denominator
        reach = int(np.ceil(_reach_seconds(pass_hz, stop_hz) * rate_hz))
        lead = -(-reach // down)  # in steps of `down` input samples
        steps = _fast_steps(max(16 * lead, -(-32768 // down)), up, down)
        size = steps * down
        return _Plan(
            rate_hz, up, down, size, lead * down, (steps - 2 * lead) * up, _filter(pass_hz, stop_hz, rate_hz / size)
        )

    def stretch(self, samples: NDArray[np.complex64], first_out: int) -> NDArray[np.complex64]:
        first = first_out // self.up * self.down - self.lead_in
        out = np.zeros(self.size, np.complex64)
        low, high = max(first, 0), min(first + self.size, len(samples))
        if low < high:
            out[low - first : high - first] = samples[low:high]
        return out

    def tune(self, offset_hz: float) -> _Tuned:
        count = self.size // self.down * self.up
        width = self.rate_hz / self.size
        middle = round(offset_hz / width)
        half = len(self.response) // 16
        bins = np.arange(middle - half, middle + half + 1)
        bins = bins[np.abs(bins) < self.size / 2]
        weight = np.interp(np.abs(bins - offset_hz / width) * 16, np.arange(len(self.response)), self.response)
        out_rate = self.rate_hz * self.up / self.down
        turns = (middle * width - offset_hz) / out_rate * np.arange(self.step_out)
        return _Tuned(
            offset_hz=offset_hz,
            taken_hz=middle * width,
            first_bin=int(bins[0]) if len(bins) else 0,
            place=int(bins[0] - middle) % count if len(bins) else 0,
            weight=(weight * (count / self.size)).astype(np.float32),
            turn=np.exp(2j * np.pi * (turns - np.rint(turns))).astype(np.complex64),
        )

    def extract(self, spectrum: NDArray[np.complex64], channel: _Tuned, first_out: int) -> NDArray[np.complex64]:
        count = self.size // self.down * self.up
        values = _ring(spectrum, channel.first_bin, len(channel.weight)) * channel.weight
        narrow = np.zeros(count, np.complex64)
        place = channel.place
        while len(values):  # round the ring: the skirts beyond half the new rate fold
            taken = min(len(values), count - place)
            narrow[place : place + taken] += values[:taken]
            values, place = values[taken:], 0
        lead_out = self.lead_in // self.down * self.up
        piece = scipy.fft.ifft(narrow, overwrite_x=True)[lead_out : lead_out + self.step_out]
        return np.asarray(piece * channel.turn * self._phase(channel, first_out), np.complex64)

    def _phase(self, channel: _Tuned, first_out: int) -> np.complex64:
        """The phase at which the stretch began."""
        begin = (first_out // self.up * self.down - self.lead_in) / self.rate_hz
        at = first_out * self.down / (self.up * self.rate_hz)
        turns = (channel.taken_hz - channel.offset_hz) * at - channel.taken_hz * begin
        return np.complex64(np.exp(2j * np.pi * (turns - np.rint(turns))))


def _ring(spectrum: NDArray[np.complex64], first: int, count: int) -> NDArray[np.complex64]:
    """`count` bins from number `first` on, which may be negative."""
    if first >= 0 or first + count <= 0:
        return spectrum[first % len(spectrum) :][:count]
    return np.concatenate([spectrum[first:], spectrum[: first + count]])


def _fast_steps(least: int, up: int, down: int) -> int:
    """At least so many that both transforms have small factors, as far as the ratio's own allow it."""
    steps = int(scipy.fft.next_fast_len(least))
    best = min(range(steps, steps + steps // 8), key=lambda n: (_roughness(n * up) + _roughness(n * down), n))
    return best


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
