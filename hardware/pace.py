"""How fast a recording is replayed, and what its times become."""

import time
from collections.abc import Callable
from typing import Protocol

from hardware.clock import Clock

SECOND_NS = 1_000_000_000


class Pace(Protocol):
    @property
    def gives_time(self) -> bool:
        """Whether a recording that does not say when it was made gets a time."""
        ...

    def begin(self, recorded_ns: int) -> None:
        """The first sample of the recording has this time. Said once, before anything else."""
        ...

    def shifted(self, recorded_ns: int) -> int:
        """What a time of the recording is called when it is replayed."""
        ...

    def too_late(self, recorded_ns: int, *, by_s: float) -> bool:
        """Whether that instant is past by more than this."""
        ...

    def wait_until(self, recorded_ns: int) -> None: ...


class AsFastAsRead:
    """No waiting; times as they were recorded, plus `shift_s`."""

    gives_time = False

    def __init__(self, *, shift_s: float = 0.0) -> None:
        self._shift_ns = round(shift_s * SECOND_NS)

    def begin(self, recorded_ns: int) -> None:
        pass

    def shifted(self, recorded_ns: int) -> int:
        return recorded_ns + self._shift_ns

    def too_late(self, recorded_ns: int, *, by_s: float) -> bool:
        return False

    def wait_until(self, recorded_ns: int) -> None:
        pass


class Live:
    """As if it happened now: recorded times are moved by `shift_s`, or so that the first sample is now.

    Steps of the computer's clock do not disturb it: the time is that of the start plus what a monotonic clock counted.
    sleep : how to wait, e.g. the `wait` of an event that a signal sets
    """

    gives_time = True

    def __init__(
        self, clock: Clock, *, shift_s: float | None = None, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._shift_ns = None if shift_s is None else round(shift_s * SECOND_NS)
        self._ahead_ns = clock.utc_ns() - clock.monotonic_ns()

    def begin(self, recorded_ns: int) -> None:
        if self._shift_ns is None:
            self._shift_ns = self._now_ns() - recorded_ns

    def shifted(self, recorded_ns: int) -> int:
        if self._shift_ns is None:
            self.begin(recorded_ns)
        assert self._shift_ns is not None
        return recorded_ns + self._shift_ns

    def too_late(self, recorded_ns: int, *, by_s: float) -> bool:
        return self._now_ns() > self.shifted(recorded_ns) + by_s * SECOND_NS

    def wait_until(self, recorded_ns: int) -> None:
        wait_ns = self.shifted(recorded_ns) - self._now_ns()
        if wait_ns > 0:
            self._sleep(wait_ns / SECOND_NS)

    def _now_ns(self) -> int:
        return self._clock.monotonic_ns() + self._ahead_ns
