"""Where a radio text ends when its coder sends no end: at the highest part of several cycles running."""

from dataclasses import dataclass

_LEAST_CYCLES = 2
_MOST_CHANCE = 1e-3  # that the last part was lost in every one of them


@dataclass(slots=True)
class Cycles:
    """Remembers how many cycles in a row ended at the same part, and how many parts of all of them were lost.

    The last part of a text may have been lost every time: the more is lost of this station, the more cycles it takes.
    """

    top: int = -1
    run: int = 0
    heard: int = 0
    due: int = 0
    _first: int = 0
    _last: int = -1
    _parts: int = 0

    def take(self, segment: int) -> None:
        if self._last < 0:
            self._first = segment  # listening began there
        elif segment < self._last:
            self.close()
        self._parts += segment != self._last
        self._last = segment

    def close(self) -> None:
        """A cycle is over: the next part is the first again, or comes under another flag."""
        if self._last != self.top:
            self.top, self.run = self._last, 0
        self.run += 1
        self.heard += self._parts
        self.due += self._last - self._first + 1
        self._first = self._parts = 0

    def go_on(self, now: "Cycles") -> "Cycles":
        """These, closed, and after them the cycle that `now` is in."""
        return Cycles(self.top, self.run, now.heard, now.due, 0, now._last, now._parts)

    def anew(self) -> "Cycles":
        """For another text of the same station."""
        return Cycles(heard=self.heard, due=self.due)

    @property
    def end(self) -> int | None:
        """The last part of the text; None: not sure yet."""
        if self.run < _LEAST_CYCLES or self.due <= 0:
            return None
        lost = (max(0, self.due - self.heard) + 0.5) / (self.due + 1)
        return self.top if lost**self.run < _MOST_CHANCE else None
