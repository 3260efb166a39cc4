"""What changed, told to every open page: a broker between the threads that write and the pages that show."""

import asyncio
import contextlib
import secrets
import threading
from collections import deque
from types import TracebackType
from typing import NamedTuple, Self

KINDS = ("report", "sensor", "emitter", "case", "alert", "ack", "task")
KEPT = 2000  # changes a page may have missed and still be told one by one
WAITING = 500  # different things one slow page may have waiting


class UnknownKind(ValueError):
    def __init__(self, kind: str) -> None:
        super().__init__(f"{kind!r} is no kind of news; known are {', '.join(KINDS)}")
        self.kind = kind


class Change(NamedTuple):
    """Something of this kind and id is different now. Number 0: more changed than can be told; look at everything."""

    number: int
    kind: str
    id: str


EVERYTHING = Change(0, "everything", "")


class News:
    """Remembers the last changes and who listens. `publish` may be called from any thread and never waits."""

    def __init__(self) -> None:
        self.era = secrets.token_hex(4)  # numbers count within one life of the server
        self._lock = threading.Lock()
        self._kept: deque[Change] = deque(maxlen=KEPT)
        self._number = 0
        self._count = dict.fromkeys(KINDS, 0)
        self._listeners: set[Subscription] = set()
        self.closed = False

    def publish(self, kind: str, id: str) -> None:
        if kind not in self._count:
            raise UnknownKind(kind)
        with self._lock:
            self._number += 1
            self._count[kind] += 1
            change = Change(self._number, kind, id)
            self._kept.append(change)
            for listener in tuple(self._listeners):
                listener.offer(change)

    def close(self) -> None:
        """The server stops: every page that listens is let go."""
        with self._lock:
            self.closed = True
            for listener in tuple(self._listeners):
                listener.wake()

    def version(self, *kinds: str) -> int:
        """A number that rises with every change of these kinds."""
        with self._lock:
            return sum(self._count[kind] for kind in kinds)

    @property
    def listeners(self) -> int:
        with self._lock:
            return len(self._listeners)

    @property
    def number(self) -> int:
        """Of the last change."""
        with self._lock:
            return self._number

    def subscribe(self, *, after: int | None = None) -> "Subscription":
        """Changes from now on, or after that number. To be entered inside the event loop that will read it."""
        return Subscription(self, after)

    def join(self, listener: "Subscription", after: int | None) -> None:
        with self._lock:
            for change in self._missed(after):
                listener.offer(change)
            self._listeners.add(listener)
        if self.closed:
            listener.wake()

    def leave(self, listener: "Subscription") -> None:
        with self._lock:
            self._listeners.discard(listener)

    def _missed(self, after: int | None) -> list[Change]:
        if after is None or after == self._number:
            return []
        oldest = self._kept[0].number if self._kept else self._number + 1
        if after > self._number or after < oldest - 1:
            return [EVERYTHING]
        return [change for change in self._kept if change.number > after]


class Subscription:
    """An async iterator of changes. The same thing changed twice while waiting is told once, with its last number."""

    def __init__(self, news: News, after: int | None) -> None:
        self._news, self._after = news, after
        self._waiting: dict[tuple[str, str], Change] = {}
        self._lock = threading.Lock()

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._news.join(self, self._after)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._news.leave(self)

    def offer(self, change: Change) -> None:
        """Called by News from any thread."""
        with self._lock:
            self._waiting.pop((change.kind, change.id), None)
            if len(self._waiting) >= WAITING:
                self._waiting = {("everything", ""): EVERYTHING}
            else:
                self._waiting[change.kind, change.id] = change
        self.wake()

    def wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the reader's loop has ended
            self._loop.call_soon_threadsafe(self._ready.set)

    def take(self) -> list[Change]:
        """What waits now, oldest first; empty when nothing does."""
        with self._lock:
            waiting, self._waiting = list(self._waiting.values()), {}
            self._ready.clear()
        return waiting

    async def wait(self) -> None:
        """Until something waits to be taken, or the news are closed."""
        await self._ready.wait()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Change:
        while True:
            with self._lock:
                if self._waiting:
                    return self._waiting.pop(next(iter(self._waiting)))
                self._ready.clear()
            if self._news.closed:
                raise StopAsyncIteration
            await self._ready.wait()
