"""One dwell out of a stream of buffers: only what came after the tuning had settled, and without a gap inside."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.arrivals import LOSS_NS, Gap, Stamp, gaps, lags_ns, taken_ns
from hardware.errors import SamplesLost, StreamStalled
from hardware.ring import Arrived, Ring

BYTES_PER_SAMPLE = 2  # cu8
WATCHDOG_S = 3.0
BEYOND_S = 0.05  # of stream after the dwell that is looked at before it is called whole
SURE_S, SURE_BUFFERS = 1.0, 16  # of stream after a step that must be late alike before it is called a loss
MOST_S = 10.0  # of stream that waits for the verdict
MOST_RESTARTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """first_sample : delivered before it since the stream began
    lost : samples missing before it, found while it was taken
    taken_ns : monotonic clock at its first sample
    next_number : of the first buffer not used
    """

    stored: NDArray[np.uint8]
    first_sample: int
    lost: int
    taken_ns: int
    next_number: int


class Intake:
    """Reads a ring that one receiver fills at one rate."""

    def __init__(self, ring: Ring, *, radio: str, rate_hz: float, watchdog_s: float = WATCHDOG_S) -> None:
        self.ring = ring
        self.rate_hz = rate_hz
        self._radio = radio
        self._watchdog_s = watchdog_s

    def settled(self, number: int, not_before_ns: int) -> int:
        """The first buffer from `number` on whose first sample was taken at or after that instant.

        By the promptest delivery on record: a buffer that was only handed over late is still known to be old.
        """
        while True:
            arrived = self._get(number)
            stamps = [Stamp(count // BYTES_PER_SAMPLE, at_ns) for count, at_ns in self.ring.stamps()]
            begin_ns = min(lags_ns(stamps, self.rate_hz)) + round(arrived.first / BYTES_PER_SAMPLE * 1e9 / self.rate_hz)
            if begin_ns >= not_before_ns:
                return arrived.number
            number = arrived.number + 1

    def take(self, number: int, samples: int) -> Taken:
        """`samples` samples from buffer `number` on; after a gap it begins anew. Raises StreamStalled, SamplesLost."""
        buffers: list[Arrived] = []
        lost = restarts = 0
        need = (samples + round(BEYOND_S * self.rate_hz)) * BYTES_PER_SAMPLE
        while restarts <= MOST_RESTARTS:
            arrived = self._get(number)
            if arrived.number > number:  # it was overwritten before we read it
                lost += (arrived.first - _end(buffers, arrived)) // BYTES_PER_SAMPLE
                restarts, buffers = restarts + 1, []
            buffers.append(arrived)
            number = arrived.number + 1
            if _end(buffers, arrived) - buffers[0].first < need:
                continue
            found = gaps([_stamp(buffer) for buffer in buffers], self.rate_hz)
            if not found:
                return self._taken(buffers, samples, lost)
            sure = [gap for gap in found if self._is_sure(gap, buffers)]
            if sure:
                lost += sum(gap.lost for gap in sure)
                restarts, buffers = restarts + 1, buffers[sure[-1].index :]
        raise SamplesLost(radio=self._radio, lost=lost, seconds=samples / self.rate_hz)

    def _is_sure(self, gap: Gap, buffers: list[Arrived]) -> bool:
        """A busy computer delivers a few buffers late, then catches up; a loss delays all that follow alike."""
        after = buffers[gap.index :]
        seconds = (_end(after, after[0]) - after[0].first) / BYTES_PER_SAMPLE / self.rate_hz
        if seconds < SURE_S or len(after) < SURE_BUFFERS:
            return False
        if seconds > MOST_S:
            return True
        lags = lags_ns([_stamp(buffer) for buffer in after], self.rate_hz)
        half = len(lags) // 2
        return min(lags[:half]) - min(lags[half:]) < LOSS_NS

    def _get(self, number: int) -> Arrived:
        arrived = self.ring.get(number, patience_s=self._watchdog_s)
        if arrived is None:
            raise StreamStalled(radio=self._radio, seconds=self._watchdog_s)
        return arrived

    def _taken(self, buffers: list[Arrived], samples: int, lost: int) -> Taken:
        wanted = samples * BYTES_PER_SAMPLE
        begin = buffers[0].first
        used = [buffer for buffer in buffers if buffer.first - begin < wanted]
        first_sample = begin // BYTES_PER_SAMPLE
        return Taken(
            stored=np.concatenate([buffer.data for buffer in used])[:wanted],
            first_sample=first_sample,
            lost=lost,
            taken_ns=taken_ns([_stamp(buffer) for buffer in buffers], self.rate_hz, first_sample),
            next_number=used[-1].number + 1,
        )


def _stamp(buffer: Arrived) -> Stamp:
    return Stamp((buffer.first + len(buffer.data)) // BYTES_PER_SAMPLE, buffer.arrived_ns)


def _end(buffers: list[Arrived], otherwise: Arrived) -> int:
    return buffers[-1].first + len(buffers[-1].data) if buffers else otherwise.first
