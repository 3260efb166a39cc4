"""Blocks out of what was taken from a stream: counted, dated, converted, clipping counted."""

import numpy as np

from dsp.iq import IqBlock
from hardware.arrivals import LOSS_NS
from hardware.clock import Clock
from hardware.dwell import Taken
from recordings.samples import SampleFormat, clipped, components, format_named

DELIVERY_SIGMA_NS = 1_000_000  # USB hands over in frames of 1 ms; what is constant in it is not known
CRYSTAL_PPM = 150.0  # a crystal further off is broken


def _cu8() -> SampleFormat:
    found = format_named("cu8")
    assert found is not None
    return found


CU8 = _cu8()


class BlockMaker:
    """Remembers the count of one stream: where it began, what was lost, and how far delivery lags behind.

    first : count of the receiver when the stream began
    """

    def __init__(self, clock: Clock, *, rate_hz: float, first: int) -> None:
        self._clock = clock
        self._rate_hz = rate_hz
        self._first = first
        self._lost = 0
        self._lag: tuple[int, int] | None = None  # (ns, monotonic ns when that was so)

    def block(self, taken: Taken, *, centre_hz: float, gain_db: float | None) -> IqBlock:
        self._lost += max(taken.lost, self._lost_since(taken))
        return IqBlock(
            samples=components(taken.stored, CU8).view(np.complex64),
            rate_hz=self._rate_hz,
            centre_hz=centre_hz,
            first_sample=self._first + taken.first_sample + self._lost,
            time_utc_ns=taken.taken_ns + self._clock.utc_ns() - self._clock.monotonic_ns(),
            time_sigma_ns=DELIVERY_SIGMA_NS,
            gain_db=gain_db,
            lost_samples=taken.lost,
            clipped_samples=clipped(taken.stored, CU8),
        )

    def _lost_since(self, taken: Taken) -> int:
        """Samples missing since the last block, also while nobody looked: what the crystal cannot explain."""
        lag_ns = taken.taken_ns - round(taken.first_sample * 1e9 / self._rate_hz)
        before, self._lag = self._lag, (lag_ns, taken.taken_ns)
        if before is None:
            return 0
        growth_ns = lag_ns - before[0]
        explained_ns = LOSS_NS + CRYSTAL_PPM * 1e-6 * (taken.taken_ns - before[1])
        return round(growth_ns * self._rate_hz / 1e9) if growth_ns > explained_ns else 0
