"""Counting what is heard again and again, so that one wrong block in a thousand never becomes a fact.

A block of noise passes its check once in 1024 times: at the edge of reception that is a wrong word every few minutes.
It comes once; what is true comes again.
"""

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

T = TypeVar("T")

CONFIRMING = 2  # receptions that agree
MOST_VALUES = 256  # of one tally: a stranger may send a new one every second for days
_LEAST_SHARE = 0.05  # of what is usual in a list: wrong ones come twice too, in hours


class Tally(Counter[T]):
    """How often each value came; the rarest of 256 make room for new ones."""

    def count(self, value: T) -> None:
        if value not in self and len(self) >= MOST_VALUES:
            del self[min(self, key=lambda each: self[each])]
        self[value] += 1

    def confirmed(self) -> tuple[T, ...]:
        """Those that came twice and not much more seldom than is usual here, in the order first heard."""
        times = [n for n in self.values() if n >= CONFIRMING]
        least = max(CONFIRMING, _LEAST_SHARE * median(times)) if times else 0
        return tuple(value for value, n in self.items() if times and n >= least)


@dataclass(slots=True)
class Steady(Generic[T]):
    """The last value of something that may change: a change counts once it came twice in a row.

    times: receptions in a row that said `value`.
    """

    value: T | None = None
    times: int = 0
    _other: T | None = None

    def take(self, value: T) -> None:
        if value == self.value:
            self.times, self._other = self.times + 1, None
        elif self.value is None:
            self.value, self.times = value, 1
        elif value == self._other:
            self.value, self.times, self._other = value, CONFIRMING, None
        else:
            self._other = value
