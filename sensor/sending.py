"""Which reports to send next: what was made lately before what waited, within the window, each once a connection."""

import time
from collections.abc import Iterator

from sensor.outbox import Outbox, Waiting
from sensor.window import Window
from wire.messages import Ack, Batch, Span
from wire.report_codec import pack

BATCH_BYTES, BATCH_REPORTS = 64_000, 100
LIVE_S = 30.0
# the server may be updated: such a report waits in the outbox until the next connection
WAITS_FOR_UPDATE = ("newer_protocol", "older_protocol")


class Sending:
    """The reports of one connection."""

    def __init__(self, outbox: Outbox, window: Window) -> None:
        self._outbox, self._window = outbox, window
        self._in_flight: dict[tuple[str, int], float] = {}
        self._restart()

    def batches(self) -> Iterator[Batch]:
        """What may be sent now; a batch counts as sent when the next one is asked for."""
        if self._epoch != self._outbox.epoch:
            self._restart()
        while (room := self._window.size - len(self._in_flight)) > 0 and (rows := self._next(room)):
            self._in_flight |= {(row.item.boot, row.item.seq): time.monotonic() for row in rows}
            yield Batch(packed=pack(tuple(row.item for row in rows)), waiting=self._outbox.waiting())

    def acknowledged(self, ack: Ack) -> int:
        """Returns how many reports it settled."""
        stored = [identity for identity in self._in_flight if _names(ack.stored, identity)]
        self._outbox.acknowledged(stored)
        refused = [(r.boot, r.seq, r.reason) for r in ack.refused if (r.boot, r.seq) in self._in_flight]
        for boot, seq, reason in refused:
            if reason not in WAITS_FOR_UPDATE:
                self._outbox.refused(boot, seq, reason)
        for identity in [*stored, *((boot, seq) for boot, seq, _ in refused)]:
            del self._in_flight[identity]
        if stored:
            self._window.answered(ack.credit)
        return len(stored) + len(refused)

    def refused_whole(self, reason: str) -> None:
        """The server took a whole message for wrong. With one report on its way it is known which it was."""
        if len(self._in_flight) == 1:
            ((boot, seq),) = self._in_flight
            self._outbox.refused(boot, seq, reason)
            self._in_flight.clear()

    def oldest_s(self) -> float:
        """How long the oldest report has been on its way."""
        return time.monotonic() - min(self._in_flight.values()) if self._in_flight else 0.0

    def _restart(self) -> None:
        self._epoch = self._outbox.epoch
        self._live_from = self._live = self._outbox.live_from(LIVE_S)
        self._backlog = 0

    def _next(self, room: int) -> list[Waiting]:
        room = min(room, BATCH_REPORTS)
        if rows := self._fitting(self._outbox.rows(first=self._live, before=None, limit=room)):
            self._live = rows[-1].id + 1
        elif rows := self._fitting(self._outbox.rows(first=self._backlog, before=self._live_from, limit=room)):
            self._backlog = rows[-1].id + 1
        return [row for row in rows if (row.item.boot, row.item.seq) not in self._in_flight]

    def _fitting(self, rows: list[Waiting]) -> list[Waiting]:
        """The first ones that make a batch; at least one."""
        size = 0
        for count, row in enumerate(rows):
            size += len(row.item.body)
            if size > BATCH_BYTES and count:
                return rows[:count]
        return rows


def _names(stored: tuple[Span, ...], identity: tuple[str, int]) -> bool:
    return any(span.boot == identity[0] and span.first <= identity[1] <= span.last for span in stored)
