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

    def block_begin_s(self, block: int) -> float:
        """True time at which the wide grid of a block begins, guard included."""
        middle = (block + 0.5) * self.grid.kept
        return self.begin_s + middle / (self.grid.rate_hz * self.clock) - self.grid.seconds / 2

    def block(self, links: tuple[Link, ...], block: int) -> NDArray[np.uint8]:
        """(2 · kept,) I and Q of one block as the converter gives them."""
        wide = np.zeros(self.grid.size, np.complex64)
        for link in links:
            link.add_to(wide, self.block_begin_s(block))
        heard = self._sampled(wide, block)
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence([*self.seed, block])))
        parts = rng.standard_normal(2 * len(heard), dtype=np.float32)
        parts *= np.float32(np.sqrt(self.noise / 2.0))
        parts += heard.view(np.float32)
        return self.converter.convert(parts.view(np.complex64))

    def _sampled(self, wide: NDArray[np.complex64], block: int) -> NDArray[np.complex64]:
        """(kept,) by the sensor's clock, and turned by as much as its tuning is off."""
        sampled = stretched(wide, 1.0 / self.clock - 1.0, terms=self.grid.terms)
        kept = sampled[self.grid.guard : self.grid.guard + self.grid.kept]
        off = -self.centre_hz * (self.clock - 1.0) / (self.grid.rate_hz * self.clock)
        sign = 0.5  # centred spectra come back with alternating sign
        return kept * phasor(off * block * self.grid.kept + sign * self.grid.guard, off + sign, len(kept))
