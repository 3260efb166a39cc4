"""Samples on their way: offered, then part by part as the server asks for them, one snippet at a time."""

import time
from collections.abc import Iterator

from sensor.tasks import DONE, Tasks
from wire.messages import SnippetOffer, SnippetPart, SnippetRefused, SnippetStored, SnippetWanted

PART_BYTES = 16_000  # small enough for a link that dies every few kilobytes, and for reports to pass between


class SnippetSending:
    """The samples of one connection."""

    def __init__(self, tasks: Tasks, *, again_s: float) -> None:
        self._tasks, self._again_s = tasks, again_s
        self._current: tuple[SnippetOffer, bytes] | None = None
        self._wanted: int | None = None
        self._said_at = 0.0

    def due(self) -> Iterator[SnippetOffer | SnippetPart]:
        """What is to be said now. Without an answer the offer is made again."""
        if self._current is None:
            waiting = self._tasks.snippets()
            self._current = self._tasks.snippet(waiting[0]) if waiting else None
            self._said_at = 0.0
        if self._current is None:
            return
        offer, packed = self._current
        now = time.monotonic()
        if self._wanted is not None:
            yield SnippetPart(task=offer.task, offset=self._wanted, data=packed[self._wanted :][:PART_BYTES])
            self._wanted, self._said_at = None, now
        elif now - self._said_at >= self._again_s or not self._said_at:
            yield offer
            self._said_at = now

    def answered(self, message: SnippetWanted | SnippetStored | SnippetRefused) -> bool:
        """False for an answer about something else than what is being sent."""
        if self._current is None or message.task != self._current[0].task:
            return False
        match message:
            case SnippetWanted(offset=offset):
                if not 0 <= offset < len(self._current[1]):
                    return False
                self._wanted = offset
            case SnippetStored(task=task):
                self._tasks.forget_snippet(task, DONE)
                self._current = None
            case SnippetRefused(task=task, reason=reason):
                self._tasks.forget_snippet(task, reason)
                self._current = None
        return True
