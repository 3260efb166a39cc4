"""How long to wait before the next attempt at a receiver that failed."""

WAITS_S = (1.0, 2.0, 5.0, 10.0, 30.0)


class Ladder:
    """Remembers how many attempts in a row have failed."""

    def __init__(self, waits_s: tuple[float, ...] = WAITS_S) -> None:
        self._waits_s = waits_s
        self.failures = 0

    def failed(self) -> float:
        """Seconds to wait now."""
        wait_s = self._waits_s[min(self.failures, len(self._waits_s) - 1)]
        self.failures += 1
        return wait_s

    def worked(self) -> None:
        self.failures = 0
