"""Stored bodies back to values. What cannot be read is counted and skipped: one bad row must not blank a page."""

import logging
from typing import Generic, TypeVar

import msgspec

from fusion.values import Case, Emitter
from server.alerts.alert import Alert
from wire.messages import Task
from wire.report import Report

log = logging.getLogger(__name__)
T = TypeVar("T")


class Bodies(Generic[T]):
    """One kind of body."""

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._decoder = msgspec.msgpack.Decoder(kind)
        self.unreadable = 0

    def read(self, body: bytes) -> T | None:
        try:
            return self._decoder.decode(body)
        except (msgspec.DecodeError, RecursionError) as error:
            self.unreadable += 1
            log.warning("a stored %s cannot be read: %s", self._kind.__name__, str(error)[:200])
            return None

    def read_all(self, bodies: list[bytes]) -> list[T]:
        return [value for body in bodies if (value := self.read(body)) is not None]


emitters, cases, alerts, reports, tasks = Bodies(Emitter), Bodies(Case), Bodies(Alert), Bodies(Report), Bodies(Task)
