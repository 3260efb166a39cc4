"""An FM station as samples: the multiplex moves the carrier's frequency."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recordings.fm.multiplex import BLOCK, RATE_HZ, Multiplex
from recordings.fm.spec import FmBroadcast


class FmTransmitter:
    """A station on the air. Remembers the blocks read last. Raises BroadcastError when nothing could be sent so.

    Between two samples the carrier turns by its deviation at the first of them. Every block is a whole number of turns:
    what is missing, less than half a turn or 5 Hz for a tenth of a second, is spread over it. So no block
    needs those before it.
    """

    rate_hz: float = RATE_HZ

    def __init__(self, broadcast: FmBroadcast, *, seed: int) -> None:
        self.broadcast = broadcast
        self.multiplex = Multiplex(broadcast, seed=seed)
        self._block = lru_cache(maxsize=4)(self._made)

    def baseband(self, first: int, count: int) -> NDArray[np.complex64]:
        """Samples first … first + count, |x| = 1. `first` may lie before the start."""
        low, high = first // BLOCK, -(-(first + count) // BLOCK)
        parts = [np.zeros(0, np.complex64)]
        for number in range(low, high):
            start = number * BLOCK
            parts.append(self._block(number)[max(first - start, 0) : first + count - start])
        return np.concatenate(parts)

    def _made(self, number: int) -> NDArray[np.complex64]:
        turns = np.cumsum(self.multiplex.block(number), dtype=np.float64) / RATE_HZ
        whole = turns - (turns[-1] - np.round(turns[-1])) * np.arange(1, BLOCK + 1) / BLOCK
        angle = (2 * np.pi * (whole - np.round(whole))).astype(np.float32)
        samples = np.empty(BLOCK, np.complex64)
        samples[0] = 1
        samples.real[1:], samples.imag[1:] = np.cos(angle[:-1]), np.sin(angle[:-1])
        return samples
