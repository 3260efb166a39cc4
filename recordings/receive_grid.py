"""How the time of one window is cut into blocks, and each emitter's narrow spectrum fits into the wide one."""

import math
from dataclasses import dataclass

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from recordings.world_stretch import terms_for

_SIZES = (61_440, 30_720, 15_360, 7_680, 3_840)  # wide samples a block; all multiples of 96
_GUARD_S = 0.27e-3
_LONGEST_S = 0.026  # a moving link keeps one envelope delay for a block
_FEW_TERMS = 3
_PARTS = 48  # low rates are so many parts of the wide one
LOW_PASS = 0.84  # of a low rate is usable band


@dataclass(frozen=True, slots=True)
class Grid:
    """Blocks of `size` samples at `rate_hz`, of which the outer `guard` on either side are thrown away."""

    rate_hz: float
    size: int
    guard: int
    terms: int  # for the sensor's own clock error

    @property
    def kept(self) -> int:
        return self.size - 2 * self.guard

    @property
    def seconds(self) -> float:
        return self.size / self.rate_hz

    def low(self, width_hz: float) -> "LowGrid":
        """The narrow grid that holds a signal this wide."""
        parts = scipy.fft.next_fast_len(math.ceil(width_hz / LOW_PASS * _PARTS / self.rate_hz))
        return LowGrid(rate_hz=self.rate_hz * parts / _PARTS, size=self.size * parts // _PARTS, wide=self)


@dataclass(frozen=True, slots=True)
class LowGrid:
    """The same blocks at a lower (or, for a very narrow window, higher) rate."""

    rate_hz: float
    size: int
    wide: Grid

    @property
    def guard(self) -> int:
        return math.floor(self.wide.guard * self.rate_hz / self.wide.rate_hz)

    def place(self, wide: NDArray[np.complex64], low: NDArray[np.complex64], *, bins: int) -> None:
        """Add centred narrow spectra (..., size) to wide ones, `bins` above their middle; what lies outside is lost."""
        begin = wide.shape[-1] // 2 - self.size // 2 + bins
        first, last = max(begin, 0), min(begin + self.size, wide.shape[-1])
        if first < last:
            wide[..., first:last] += low[..., first - begin : last - begin]


def grid_for(rate_hz: float, *, worst_clock_ppm: float) -> Grid:
    """The largest blocks over which the worst sensor clock of the scenario needs few Taylor terms."""
    for size in _SIZES:
        terms = terms_for(worst_clock_ppm * 1e-6 * size / 2, band=0.5)
        if size / rate_hz <= _LONGEST_S and terms <= _FEW_TERMS:
            break
    return Grid(rate_hz=rate_hz, size=size, guard=2 * max(math.ceil(_GUARD_S * rate_hz / 2), 64), terms=terms)
