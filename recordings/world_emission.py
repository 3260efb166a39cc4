"""What one emitter sends, by true time, at a low rate of its own: its clock and carrier error are in it already."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from recordings.transmitter import Transmitter
from recordings.world_phasor import phasor
from recordings.world_stretch import alternating, stretched, tapered, terms_for, whole_batches

_BLOCK = 16_000  # about so many low-rate samples in one transform
_GUARD = 160  # of these on either side are thrown away
_PASS, _STOP = 0.42, 0.48  # of the low rate: kept whole, gone
_SWITCH_S = 30e-6  # carriers rise and fall in this time


@dataclass(frozen=True, slots=True, eq=False)
class Emission:
    """One transmitter's signal as `samples` (n,), the first at `first` / rate_hz seconds after the scenario's start."""

    rate_hz: float
    first: int
    samples: NDArray[np.complex64]

    def block(self, first: int, count: int) -> NDArray[np.complex64]:
        """Samples first..first+count; outside of what was made there is nothing."""
        return piece(self.samples, first - self.first, count)


def piece(samples: NDArray[np.complex64], begin: int, count: int) -> NDArray[np.complex64]:
    """(count,) of samples (n,) from `begin` on; beyond both ends there are zeros."""
    inside = samples[max(begin, 0) : max(begin + count, 0)]
    if len(inside) == count:
        return inside
    before = min(max(-begin, 0), count)
    return np.pad(inside, (before, count - before - len(inside)))


def emit(
    transmitter: Transmitter,
    *,
    rate_hz: float,
    begin_s: float,
    end_s: float,
    clock_ppm: float,
    shift_hz: float,
    on_s: tuple[tuple[float, float], ...] | None,
) -> Emission:
    """Between two true times: resampled to rate_hz, read by a clock that runs fast by clock_ppm, shifted by shift_hz.

    Blocks lie on a grid that starts at time 0, so any stretch of time comes out the same whoever asks for it.
    """
    size = _block_size(transmitter.rate_hz, rate_hz)
    step = size - 2 * _GUARD
    blocks = range(math.floor(begin_s * rate_hz / step), math.floor(end_s * rate_hz / step) + 1)
    maker = _BlockMaker(transmitter, rate_hz=rate_hz, size=size, clock=1.0 + clock_ppm * 1e-6)
    batches = [[number * step - _GUARD for number in batch] for batch in whole_batches(blocks)]
    maker.fetch(batches[0][0], batches[-1][-1])
    samples = np.concatenate([maker.blocks(firsts)[:, _GUARD:-_GUARD].ravel() for firsts in batches])
    first = blocks.start * step
    samples *= phasor(first * (shift_hz / rate_hz), shift_hz / rate_hz, len(samples))
    if on_s is not None:
        samples *= _switched(on_s, (first + np.arange(len(samples))) / rate_hz)
    return Emission(rate_hz=rate_hz, first=first, samples=samples)


def _block_size(rate_in_hz: float, rate_out_hz: float) -> int:
    """Low-rate samples a block: near _BLOCK, and a whole, even number of the transmitter's samples if that can be."""
    ratio = Fraction(rate_in_hz / rate_out_hz).limit_denominator(2000)
    unit = math.lcm(ratio.denominator, 2) if ratio.numerator % 2 == 0 else 2 * ratio.denominator
    return min(
        (
            unit * scipy.fft.next_fast_len(tries)
            for tries in range(max(_BLOCK // unit, 1), 3 * _BLOCK // (2 * unit) + 2)
        ),
        key=lambda size: (scipy.fft.next_fast_len(size) - size, size),
    )


class _BlockMaker:
    """Turns runs of a transmitter's samples into blocks at the low rate, one transform there and a few back."""

    def __init__(self, transmitter: Transmitter, *, rate_hz: float, size: int, clock: float) -> None:
        self._transmitter, self._rate_hz, self._size, self._clock = transmitter, rate_hz, size, clock
        self._taken = 2 * round(transmitter.rate_hz * size / rate_hz / 2)
        guard = round(_GUARD * self._taken / size)
        self._window = tapered(self._taken, guard) * alternating(self._taken)
        cycles = np.arange(size) / size - 0.5
        roll = np.clip((_STOP - np.abs(cycles)) / (_STOP - _PASS), 0.0, 1.0)
        self._shape = (np.sin(np.pi / 2 * roll) ** 2 * size / self._taken).astype(np.float32)
        self._run, self._run_first = np.empty(0, np.complex64), 0

    def fetch(self, first: int, last: int) -> None:
        """Get the transmitter's samples for all blocks from `first` to `last` in one piece."""
        begin, end = self._near(first) - self._taken // 2, self._near(last) + self._taken // 2
        self._run_first = max(begin, 0)  # before the scenario began nothing was sent
        self._run = np.asarray(self._transmitter.baseband(self._run_first, max(end - self._run_first, 0)))

    def _centre(self, first: int) -> float:
        """What the transmitter has counted to in the middle of a block."""
        return (first + self._size / 2) / self._rate_hz * self._clock * self._transmitter.rate_hz

    def _near(self, first: int) -> int:
        return round(self._centre(first))

    def blocks(self, firsts: list[int]) -> NDArray[np.complex64]:
        """(blocks, size) complex64, sample k of a block at (first + k) / rate_hz."""
        near = [self._near(first) for first in firsts]
        begins = [middle - self._taken // 2 - self._run_first for middle in near]
        taken = np.stack([piece(self._run, begin, self._taken) for begin in begins])
        spectra = self._cropped(np.asarray(scipy.fft.fft(taken * self._window)))
        held = self._taken / self._size  # transmitter samples a low-rate sample, as the transform sees it
        advance = np.array([self._centre(first) - middle for first, middle in zip(firsts, near, strict=True)]) / held
        spectra *= phasor(-0.5 * advance, advance / self._size, self._size) * self._shape
        stretch = self._clock * self._transmitter.rate_hz / self._rate_hz / held - 1.0
        terms = terms_for(abs(stretch) * self._size / 2, band=_PASS)
        return stretched(spectra, stretch, terms=terms) * alternating(self._size)

    def _cropped(self, spectra: NDArray[np.complex64]) -> NDArray[np.complex64]:
        """(..., size) middle of centred spectra, or those with nothing added on either side."""
        extra = (spectra.shape[-1] - self._size) // 2
        if extra >= 0:
            return np.array(spectra[..., extra : extra + self._size])
        return np.pad(spectra, ((0, 0), (-extra, self._size - spectra.shape[-1] + extra)))


def _switched(on_s: tuple[tuple[float, float], ...], time_s: NDArray[np.float64]) -> NDArray[np.float32]:
    """(n,) 0 while off, 1 while on, with edges that do not splash over the band."""
    level = np.zeros(len(time_s), dtype=np.float32)
    for begin, end in on_s:
        rise = np.clip((time_s - begin) / _SWITCH_S, 0.0, 1.0)
        fall = np.clip((end - time_s) / _SWITCH_S, 0.0, 1.0)
        level += np.minimum(rise, fall).astype(np.float32)
    return level
