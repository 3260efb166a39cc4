"""What the sensor remembers of tasks: each is done at most once, and the samples it asked for wait until stored."""

import threading

import msgspec

from sensor.outbox import Outbox
from sensor.outbox_file import OutboxFile
from wire.messages import SnippetOffer

DONE, RESTARTED = "done", "sensor_restarted"
SNIPPETS_LIMIT_BYTES = 256 << 20
_offer = msgspec.msgpack.Decoder(SnippetOffer)


class Tasks:
    """Kept in the outbox's file; where that cannot be written, in memory. Thread-safe."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._lock = threading.Lock()
        self._known: dict[str, str | None] = {}  # of this boot: task → outcome
        self._snippets: dict[str, tuple[SnippetOffer, bytes]] = {}  # that could not be written

    def take(self, task: str) -> bool:
        """True for a task never seen before: it is to be done now, whatever happens later."""
        with self._lock:
            if task in self._known or self._on_disk(task) is not None:
                return False
            self._note(task, None)
            return True

    def outcome(self, task: str) -> str | None:
        """How a task that was taken ended; None while it is being done."""
        with self._lock:
            if task in self._known:
                return self._known[task]
            found = self._on_disk(task)
            return None if found is None else found[1] or RESTARTED

    def finish(self, task: str, outcome: str) -> None:
        with self._lock:
            self._note(task, outcome)

    def keep_snippet(self, offer: SnippetOffer, packed: bytes) -> None:
        raw = msgspec.msgpack.encode(offer)
        if not self._outbox.attempt(lambda file: file.put_snippet(offer.task, raw, packed)):
            with self._lock:
                self._snippets[offer.task] = offer, packed
        self._make_room()

    def snippets(self) -> tuple[str, ...]:
        """Tasks whose samples wait, oldest first."""
        return tuple(task for task, _ in self._sizes()) + tuple(self._snippets)

    def snippet(self, task: str) -> tuple[SnippetOffer, bytes] | None:
        """The offer and the packed samples."""
        if held := self._snippets.get(task):
            return held
        found: list[tuple[bytes, bytes]] = []
        self._outbox.attempt(lambda file: found.extend(filter(None, [file.snippet(task)])))
        return (_offer.decode(found[0][0]), found[0][1]) if found else None

    def forget_snippet(self, task: str, outcome: str) -> None:
        """It is stored, or will never be."""
        with self._lock:
            self._snippets.pop(task, None)
        self._outbox.attempt(lambda file: file.erase_snippet(task))
        self.finish(task, outcome)

    def _note(self, task: str, outcome: str | None) -> None:
        self._known[task] = outcome
        self._outbox.attempt(lambda file: file.put_task(task, self._outbox.boot_number, outcome))

    def _on_disk(self, task: str) -> tuple[int, str | None] | None:
        found: list[tuple[int, str | None]] = []
        self._outbox.attempt(lambda file: found.extend(filter(None, [file.task(task)])))
        return found[0] if found else None

    def _sizes(self) -> list[tuple[str, int]]:
        sizes: list[tuple[str, int]] = []

        def read(file: OutboxFile) -> None:
            sizes.extend(file.snippet_sizes())

        self._outbox.attempt(read)
        return sizes

    def _make_room(self) -> None:
        sizes = self._sizes()
        excess = sum(size for _, size in sizes) - SNIPPETS_LIMIT_BYTES
        for task, size in sizes[:-1]:
            if excess > 0:
                self.forget_snippet(task, "dropped_for_room")
                excess -= size
