"""What the server answers to everything but reports: greetings, heartbeats, tasks and the samples they asked for."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine

from server import snippets, tasking
from server.enrolment import Enrolled
from server.link_status import LinkStatus, SensorLink
from server.snippets import Arrivals, SnippetError
from wire.messages import (
    Batch,
    Credit,
    Heartbeat,
    Hello,
    SensorSays,
    ServerSays,
    SnippetOffer,
    SnippetPart,
    SnippetRefused,
    SnippetStored,
    SnippetWanted,
    TaskDone,
    TaskTaken,
    Welcome,
)

TASK_AGAIN_S = 15.0
CLONE_AFTER_S = 15.0  # what an ended program had still sent has long arrived by then


@dataclass(slots=True)
class Speaker:
    """The newest connection of a sensor."""

    route: bytes
    boot: str
    since: float


class Answers:
    """Used by the receiving thread only."""

    def __init__(
        self,
        engine: Engine,
        status: LinkStatus,
        send: Callable[[bytes, ServerSays], None],
        publish: Callable[[str, str], None],
        *,
        software: str,
        credit: int,
    ) -> None:
        self._engine, self._status, self._send, self._publish = engine, status, send, publish
        self._welcome = Welcome(credit=credit, software=software)
        self._credit = Credit(credit=credit)
        self._store = tasking.store_name(engine)
        self._speakers: dict[int, Speaker] = {}
        self._sent_at: dict[int, float] = {}  # task row → when it was last sent
        self._arrivals = Arrivals()

    def answer(self, route: bytes, sensor: Enrolled, message: SensorSays) -> None:
        """Raises WireError for what is refused as a whole, DBAPIError."""
        if not isinstance(message, Hello):
            self._watch_for_clones(route, sensor)
        now = time.time_ns()
        match message:
            case Hello():
                self._greet(route, sensor, message)
            case Heartbeat(waiting=waiting):
                self._status.heard(sensor.id, now_utc_ns=now, waiting=waiting)
                self._send(route, self._credit)
            case Batch(waiting=waiting):
                self._status.heard(sensor.id, now_utc_ns=now, waiting=waiting)
            case TaskTaken(task=task):
                self._note(sensor, task, outcome=None)
            case TaskDone(task=task, outcome=outcome):
                self._note(sensor, task, outcome=outcome)
            case SnippetOffer():
                self._offer(route, sensor, message)
            case SnippetPart():
                self._part(route, sensor, message)

    def send_due_tasks(self) -> None:
        """To everyone connected who has not taken theirs."""
        with self._engine.begin() as connection:
            tasking.expire(connection, now_utc_ns=time.time_ns())
            due = tasking.due_tasks(connection, self._store)
        now = time.monotonic()
        for task in due:
            speaker = self._speakers.get(task.sensor_id)
            if speaker and not task.taken and now - self._sent_at.get(task.row, -TASK_AGAIN_S) >= TASK_AGAIN_S:
                self._sent_at[task.row] = now
                self._send(speaker.route, task.task)

    def _greet(self, route: bytes, sensor: Enrolled, hello: Hello) -> None:
        now = time.time_ns()
        self._speakers[sensor.id] = Speaker(route, hello.boot, time.monotonic())
        self._status.hello(SensorLink(sensor.id, sensor.name, hello.boot, hello.software[:64], now, now, hello.waiting))
        self._send(route, self._welcome)
        with self._engine.connect() as connection:
            due = tasking.due_tasks(connection, self._store)
        for task in due:
            if task.sensor_id == sensor.id:  # taken ones too: the sensor then says how they ended
                self._sent_at[task.row] = time.monotonic()
                self._send(route, task.task)
        self._publish("sensor", str(sensor.id))

    def _watch_for_clones(self, route: bytes, sensor: Enrolled) -> None:
        """An older connection that still speaks, long after the same key greeted from another."""
        speaker = self._speakers.get(sensor.id)
        if speaker and speaker.route != route and time.monotonic() - speaker.since > CLONE_AFTER_S:
            self._status.clone(sensor.id, sensor.name)

    def _note(self, sensor: Enrolled, task: str, *, outcome: str | None) -> None:
        row = tasking.row_of(task, self._store)
        if row is None:
            return
        now = time.time_ns()
        with self._engine.begin() as connection:
            if outcome is None:
                tasking.note_taken(connection, row, sensor.id, now_utc_ns=now)
            else:
                tasking.note_done(connection, row, sensor.id, outcome, now_utc_ns=now)
        self._publish("task", str(row))

    def _offer(self, route: bytes, sensor: Enrolled, offer: SnippetOffer) -> None:
        row = tasking.row_of(offer.task, self._store)
        try:
            with self._engine.connect() as connection:
                wanted = snippets.check_offer(connection, row, sensor.id, offer)
        except SnippetError as error:
            self._refuse(route, sensor, offer.task, error)
            return
        if not wanted:
            self._send(route, SnippetStored(task=offer.task))
            return
        self._send(route, SnippetWanted(task=offer.task, offset=self._arrivals.offer(sensor.id, offer)))

    def _part(self, route: bytes, sensor: Enrolled, part: SnippetPart) -> None:
        try:
            arriving = self._arrivals.part(sensor.id, part)
            if not arriving.whole:
                self._send(route, SnippetWanted(task=part.task, offset=len(arriving.packed)))
                return
            samples = snippets.samples_of(arriving)
        except SnippetError as error:
            self._refuse(route, sensor, part.task, error)
            return
        self._keep(route, sensor, arriving.offer, samples)

    def _keep(self, route: bytes, sensor: Enrolled, offer: SnippetOffer, samples: bytes) -> None:
        row = tasking.row_of(offer.task, self._store)
        assert row is not None  # checked when it was offered
        with self._engine.begin() as connection:
            snippets.store_snippet(connection, row, sensor.id, offer, samples, now_utc_ns=time.time_ns())
        self._arrivals.forget(sensor.id, offer.task)
        self._send(route, SnippetStored(task=offer.task))
        self._publish("task", str(row))

    def _refuse(self, route: bytes, sensor: Enrolled, task: str, error: SnippetError) -> None:
        self._status.refused(error.reason, sensor.name, str(error))
        self._arrivals.forget(sensor.id, task)
        self._send(route, SnippetRefused(task=task, reason=error.reason))
