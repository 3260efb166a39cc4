"""How many reports may be on their way at once: few after each reconnect, twice as many after each answer."""


class Window:
    """A link that dies every few kilobytes must get answers before it dies; a good one must not wait for them.

    ceiling : beyond it growth is slow. Half of what a stalled connection had is the next one's ceiling.
    """

    def __init__(self, *, most: int, start: int = 4) -> None:
        self._most, self._start = most, start
        self._ceiling = most
        self._answered = True
        self.size = min(start, most)

    def answered(self, credit: int) -> None:
        """An acknowledgement came. `credit` is the server's own limit."""
        self._answered = True
        grown = self.size * 2 if self.size * 2 <= self._ceiling else self.size + self._start
        self.size = max(1, min(grown, self._most, credit))

    def reconnected(self, *, stalled: bool) -> None:
        """Begin anew; with one report when the last connection died before any answer."""
        if stalled:
            self._ceiling = max(self._start, self.size // 2)
        self.size = min(self._start, self._most) if self._answered else 1
        self._answered = False
