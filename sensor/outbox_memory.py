"""What the outbox could not write, held in memory within a limit."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Held:
    seq: int
    flagged: bool  # carries a finding
    body: bytes


class OutboxMemory:
    """Beyond the limit the oldest without a finding go first, then the oldest."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes, self._bytes = limit_bytes, 0
        self._held: dict[int, Held] = {}

    def __len__(self) -> int:
        return len(self._held)

    def __iter__(self) -> Iterator[Held]:
        return iter(self._held.values())

    def put(self, held: Held) -> int:
        """Returns how many had to go for it."""
        self._held[held.seq] = held
        self._bytes += len(held.body)
        dropped = 0
        while self._bytes > self._limit_bytes and len(self._held) > 1:
            self.take(next((h.seq for h in self if not h.flagged), next(iter(self._held))))
            dropped += 1
        return dropped

    def take(self, seq: int) -> bool:
        held = self._held.pop(seq, None)
        self._bytes -= 0 if held is None else len(held.body)
        return held is not None

    def clear(self) -> None:
        self._held.clear()
        self._bytes = 0
