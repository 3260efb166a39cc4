"""A radio made of anything that delivers unsigned bytes in a stream: looks are cut out of it."""

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from dsp.iq import IqBlock
from hardware.block_maker import BlockMaker
from hardware.clock import Clock
from hardware.dwell import WATCHDOG_S, Intake
from hardware.errors import RadioClosed, StreamEnded, StreamStalled
from hardware.ring import Ring

log = logging.getLogger(__name__)
BYTES_PER_SAMPLE = 2


class Source(Protocol):
    """What delivers.

    settle_ns    : from the return of `tune` until what is delivered is at the new frequency
    buffer_bytes : delivered at once
    """

    name: str
    gain_db: float | None
    settle_ns: int
    buffer_bytes: int

    def refuse(self, centre_hz: float, rate_hz: float, seconds: float) -> None:
        """Raises BadWindow for what it cannot do, before it is asked."""
        ...

    def start(self, rate_hz: float) -> tuple[Ring, float]:
        """Begin to deliver, into a new ring; and the exact rate."""
        ...

    def tune(self, centre_hz: float) -> None: ...

    def stop(self) -> None:
        """No more will come. May be said twice."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Running:
    intake: Intake
    maker: BlockMaker
    asked_rate_hz: float


class StreamRadio:
    """Raises the RadioError family. One thread at a time. A stream that fails is started again once in each look."""

    epoch = 0

    def __init__(self, source: Source, clock: Clock, *, watchdog_s: float = WATCHDOG_S) -> None:
        self._source = source
        self._clock = clock
        self._watchdog_s = watchdog_s
        self._began_ns = clock.monotonic_ns()
        self._running: Running | None = None
        self._centre_hz = math.nan
        self._closed = False

    @property
    def name(self) -> str:
        return self._source.name

    def look(self, centre_hz: float, rate_hz: float, seconds: float) -> IqBlock:
        self._refuse(centre_hz, rate_hz, seconds)
        try:
            return self._look(centre_hz, rate_hz, seconds)
        except (StreamStalled, StreamEnded) as error:
            log.warning("%s; the stream is started again", error)
            self._stop()
            return self._look(centre_hz, rate_hz, seconds)

    def stream(self, centre_hz: float, rate_hz: float, *, block_seconds: float) -> Iterator[IqBlock]:
        """Blocks of whole buffers, so that nothing is left out between them."""
        self._refuse(centre_hz, rate_hz, block_seconds)
        running, number = self._tuned(centre_hz, rate_hz)
        samples_a_buffer = self._source.buffer_bytes // BYTES_PER_SAMPLE
        samples = math.ceil(block_seconds * running.intake.rate_hz / samples_a_buffer) * samples_a_buffer
        while True:
            taken = running.intake.take(number, samples)
            number = taken.next_number
            yield running.maker.block(taken, centre_hz=centre_hz, gain_db=self._source.gain_db)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._stop()
            self._source.close()

    def _refuse(self, centre_hz: float, rate_hz: float, seconds: float) -> None:
        if self._closed:
            raise RadioClosed(radio=self.name)
        self._source.refuse(centre_hz, rate_hz, seconds)

    def _look(self, centre_hz: float, rate_hz: float, seconds: float) -> IqBlock:
        running, number = self._tuned(centre_hz, rate_hz)
        taken = running.intake.take(number, round(seconds * running.intake.rate_hz))
        return running.maker.block(taken, centre_hz=centre_hz, gain_db=self._source.gain_db)

    def _tuned(self, centre_hz: float, rate_hz: float) -> tuple[Running, int]:
        """Delivering at this rate and frequency; and the first buffer that is."""
        running = self._delivering(rate_hz)
        if centre_hz != self._centre_hz:
            self._centre_hz = math.nan
            self._source.tune(centre_hz)
            self._centre_hz = centre_hz
        before = running.intake.ring.count
        return running, running.intake.settled(before, self._clock.monotonic_ns() + self._source.settle_ns)

    def _delivering(self, rate_hz: float) -> Running:
        if self._running is not None and self._running.asked_rate_hz == rate_hz:
            return self._running
        self._stop()
        ring, exact_hz = self._source.start(rate_hz)
        intake = Intake(ring, radio=self.name, rate_hz=exact_hz, watchdog_s=self._watchdog_s)
        passed_s = (self._clock.monotonic_ns() - self._began_ns) / 1e9
        maker = BlockMaker(self._clock, rate_hz=exact_hz, first=round(passed_s * exact_hz))
        self._running = Running(intake, maker, rate_hz)
        return self._running

    def _stop(self) -> None:
        self._centre_hz = math.nan
        if self._running is not None:
            self._running = None
            self._source.stop()
