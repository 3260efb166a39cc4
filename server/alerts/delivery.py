"""The delivery loop: what is due is sent, at least once each, until the channel takes it."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Engine, select, update

from server import tables
from server.alerts.alert import Alert
from server.alerts.channel import Channel, DeliveryError

log = logging.getLogger(__name__)
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 600.0
POLL_S = 1.0


def wait_after_s(attempts: int) -> float:
    """2, 4, 8 … seconds, at most ten minutes."""
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(attempts - 1, 10)))


def deliver_due(engine: Engine, channels: Sequence[Channel], *, now_utc_ns: int) -> tuple[int, int]:
    """Send everything that is due once. Returns (delivered, failed)."""
    by_name = {channel.name: channel for channel in channels}
    delivered = failed = 0
    for row in _due(engine, now_utc_ns):
        channel = by_name.get(row.channel)
        if channel is None:  # no longer configured: kept due, so that it is not lost silently
            continue
        if _try(engine, row, channel, now_utc_ns=now_utc_ns):
            delivered += 1
        else:
            failed += 1
    return delivered, failed


@dataclass(frozen=True, slots=True)
class Due:
    id: int
    channel: str
    attempts: int
    body: bytes


def _due(engine: Engine, now_utc_ns: int) -> list[Due]:
    d, a = tables.delivery, tables.alert
    query = (
        select(d.c.id, d.c.channel, d.c.attempts, a.c.body)
        .join(a, a.c.id == d.c.alert_id)
        .where(d.c.delivered_utc_ns.is_(None), d.c.next_try_utc_ns <= now_utc_ns)
        .order_by(d.c.id)
        .limit(100)
    )
    with engine.connect() as connection:
        return [Due(*row) for row in connection.execute(query)]


def _try(engine: Engine, row: Due, channel: Channel, *, now_utc_ns: int) -> bool:
    attempts = row.attempts + 1
    values: dict[str, object] = {"attempts": attempts}
    try:
        channel.send(msgspec.msgpack.decode(row.body, type=Alert))
    except DeliveryError as error:
        log.warning("alert not delivered, attempt %d: %s", attempts, error)
        values |= {"last_error": str(error), "next_try_utc_ns": now_utc_ns + int(wait_after_s(attempts) * 1e9)}
    else:
        values |= {"last_error": None, "delivered_utc_ns": now_utc_ns}
    with engine.begin() as connection:
        connection.execute(update(tables.delivery).where(tables.delivery.c.id == row.id).values(**values))
    return "delivered_utc_ns" in values


class DeliveryLoop(threading.Thread):
    """Runs `deliver_due` each second and when woken. A failure of the database is logged and tried again."""

    def __init__(
        self,
        engine: Engine,
        channels: Sequence[Channel],
        *,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(name="alert-delivery", daemon=True)
        self._engine, self._channels, self._clock_ns = engine, channels, clock_ns
        self._wake, self._stop_asked = threading.Event(), threading.Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self._wake.wait(POLL_S)
            self._wake.clear()
            try:
                deliver_due(self._engine, self._channels, now_utc_ns=self._clock_ns())
            except Exception:
                log.exception("the delivery round failed and is tried again")

    def wake(self) -> None:
        self._wake.set()

    def stop(self) -> None:
        self._stop_asked.set()
        self._wake.set()
        self.join(timeout=15)
