"""What one made sensor turns the air into: its clock's sampling and tuning error, its noise, its converter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recordings.receive_converter import Converter
from recordings.receive_grid import Grid
from recordings.receive_link import Link
from recordings.world_phasor import phasor
from recordings.world_stretch import stretched


@dataclass(frozen=True, slots=True, eq=False)
class Receiver:
    """One sensor during one look.

    begin_s   : true time of its first sample
    clock     : 1 + error of its crystal, which makes both the sampling rate and the tuning frequency
    noise     : full-scale power of the receiver's noise over the whole rate
    seed      : of the noise; every block draws its own from it
    """

    grid: Grid
    begin_s: float
    clock: float
    centre_hz: float
    noise: float
    seed: tuple[int, ...]
    converter: Converter

    def begin_of(self, blocks: range) -> NDArray[np.float64]:
        """(blocks,) true times at which the wide grid of each begins, guard included."""
        middle = (np.arange(blocks.start, blocks.stop) + 0.5) * self.grid.kept
        return np.asarray(self.begin_s + middle / (self.grid.rate_hz * self.clock) - self.grid.seconds / 2)

    def listen(self, links: tuple[Link, ...], blocks: range) -> NDArray[np.uint8]:
        """(2 · kept · blocks,) I and Q as the converter gives them."""
        begin_s = self.begin_of(blocks)
        wide = np.zeros((len(blocks), self.grid.size), np.complex64)
        for link in links:
            link.add_to(wide, begin_s)
        heard = self._sampled(wide, blocks).view(np.float32)
        for row, block in enumerate(blocks):
            rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence([*self.seed, block])))
            heard[row] += rng.standard_normal(heard.shape[1], dtype=np.float32) * np.float32(np.sqrt(self.noise / 2.0))
        return self.converter.convert(heard.reshape(-1).view(np.complex64))

    def _sampled(self, wide: NDArray[np.complex64], blocks: range) -> NDArray[np.complex64]:
        """(blocks, kept) by the sensor's clock, and turned by as much as its tuning is off."""
        grid = self.grid
        sampled = stretched(wide, 1.0 / self.clock - 1.0, terms=grid.terms)
        off = -self.centre_hz * (self.clock - 1.0) / (grid.rate_hz * self.clock)
        sign = 0.5  # centred spectra come back with alternating sign
        starts = off * grid.kept * np.arange(blocks.start, blocks.stop) + sign * grid.guard
        turn = phasor(0.0, off + sign, grid.kept)
        first = phasor(starts, 0.0, 1)
        return sampled[:, grid.guard : grid.guard + grid.kept] * first * turn
