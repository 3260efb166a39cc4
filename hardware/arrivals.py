"""What the arrival times of buffers say: when a sample was taken, and whether samples are missing.

No driver reports a loss. But samples are delivered at the rate of the receiver's crystal: the lag
    arrival − samples delivered so far ÷ rate
only grows. Late delivery raises it for a while, the crystal's error by at most 0.15 ms a second, and a loss for ever by
exactly what is missing. So the least lag of all later buffers is free of late deliveries, and where it steps up,
samples are missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LOSS_NS = 3_000_000  # less than any lost transfer, more than a crystal drifts or a busy computer always dawdles


@dataclass(frozen=True, slots=True)
class Stamp:
    """The end of one buffer.

    samples    : delivered up to and with it
    arrived_ns : monotonic clock
    """

    samples: int
    arrived_ns: int


@dataclass(frozen=True, slots=True)
class Gap:
    """`lost` samples are missing before buffer `index` of the sequence looked at."""

    index: int
    lost: int


def lags_ns(stamps: Sequence[Stamp], rate_hz: float) -> list[int]:
    return [stamp.arrived_ns - round(stamp.samples * 1e9 / rate_hz) for stamp in stamps]


def least_from_here(values: Sequence[int]) -> list[int]:
    """For each place the least value from there on."""
    least = list(values)
    for index in range(len(least) - 2, -1, -1):
        least[index] = min(least[index], least[index + 1])
    return least


def gaps(stamps: Sequence[Stamp], rate_hz: float) -> list[Gap]:
    """Where samples are missing. The last few buffers may be late rather than after a loss: look beyond them."""
    least = least_from_here(lags_ns(stamps, rate_hz))
    steps = [(index, least[index] - least[index - 1]) for index in range(1, len(least))]
    return [Gap(index, round(step * rate_hz / 1e9)) for index, step in steps if step > LOSS_NS]


def taken_ns(stamps: Sequence[Stamp], rate_hz: float, sample: int) -> int:
    """When a sample left the receiver, by the monotonic clock, from buffers without a gap among them."""
    return min(lags_ns(stamps, rate_hz)) + round(sample * 1e9 / rate_hz)
