"""The receiving thread: messages in, one commit for many, only then the acknowledgement of exactly what it holds."""

import contextlib
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zmq
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from server import audit, filing
from server.answers import Answers
from server.filing import Arrived, spans
from server.keys import server_keys
from server.link_socket import LinkSocket, sensor_id_of
from server.link_status import LinkStatus
from server.roll import Roll
from server.settings import ServerSettings
from wire.codec import decode_from_sensor, encode
from wire.errors import WireError
from wire.messages import Ack, Batch, Refused, RefusedReport, ServerSays
from wire.report_codec import open_item, unpack

log = logging.getLogger(__name__)
GROUP_S, GROUP_REPORTS = 0.020, 500
CREDIT = 400
RETRY_S = 1.0  # between attempts to store what the database did not take
TASKS_S = 1.0
FAULT_WAIT_S = 0.1
REVOKED_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Held:
    """What one batch asks to be told once the commit is done."""

    route: bytes
    arrived: tuple[Arrived, ...]
    refused: tuple[RefusedReport, ...]


class Ingest(threading.Thread):
    """Serves sensors from `start()` to `stop()`. The address is known once constructed."""

    def __init__(
        self,
        engine: Engine,
        settings: ServerSettings,
        *,
        software: str = "",
        publish: Callable[[str, str], None] = lambda _kind, _id: None,
        on_stored: Callable[[], None] = lambda: None,
    ) -> None:
        """Raises PortTaken, BadLinkAddress, BadKeyOfServer."""
        super().__init__(name="link-ingest", daemon=True)
        self.status = LinkStatus()
        self._engine, self._publish, self._on_stored = engine, publish, on_stored
        keys = server_keys(Path(settings.data))
        self.public_key = keys.public
        self._revoked_said: dict[str, float] = {}
        self._socket = LinkSocket(
            settings.link.bind,
            keys,
            engine,
            self.status,
            max_message_bytes=settings.link.max_message_bytes,
            on_revoked=self._revoked_key,
        )
        self.address = self._socket.address
        self._limit_bytes = settings.link.max_message_bytes
        self._roll = Roll(engine)
        self._answers = Answers(engine, self.status, self._send, publish, software=software, credit=CREDIT)
        self._held: list[Held] = []
        self._held_since = self._retry_at = self._tasks_at = 0.0
        self._stop_asked = threading.Event()

    def stop(self) -> None:
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout=20)
        self._socket.close()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            try:
                self._turn()
            except DBAPIError as error:
                self._storage_failed(error)
            except Exception:  # a message that finds a fault in us must not leave every sensor unheard
                log.exception("the receiving thread goes on after a fault")
                self.status.count("internal_faults")
                self._stop_asked.wait(FAULT_WAIT_S)
        with contextlib.suppress(DBAPIError):  # what is not acknowledged comes again
            self._commit()

    def _turn(self) -> None:
        """Wait, take what is there, commit when it is time."""
        if self.status.storage_problem is not None:  # nothing more is taken until what is held can be stored
            self._stop_asked.wait(max(0.0, self._retry_at - time.monotonic()))
            self._commit()
            return
        if self._socket.router.poll(self._patience_ms()):
            self._take_all()
        now = time.monotonic()
        if self._held and (now - self._held_since >= GROUP_S or self._reports_held() >= GROUP_REPORTS):
            self._commit()
        if now >= self._tasks_at:
            self._tasks_at = now + TASKS_S
            self._socket.count_happenings()
            self._answers.send_due_tasks()

    def _patience_ms(self) -> int:
        if self._held:
            return max(0, int(1000 * (self._held_since + GROUP_S - time.monotonic())))
        return 100

    def _reports_held(self) -> int:
        return sum(len(held.arrived) for held in self._held)

    def _take_all(self) -> None:
        while self._reports_held() < GROUP_REPORTS:
            try:
                frames = self._socket.router.recv_multipart(zmq.NOBLOCK, copy=False)
            except zmq.Again:
                return
            self._take(frames)

    def _take(self, frames: list[zmq.Frame]) -> None:
        route, sensor_id = frames[0].bytes, sensor_id_of(frames[-1])
        sensor = None if sensor_id is None else self._roll.find(sensor_id)
        if sensor is None or len(frames) != 2:
            self.status.refused("bad_frames", sensor.name if sensor else "unknown")
            return
        if sensor.revoked_utc_ns is not None:
            self.status.refused("revoked_key", sensor.name)
            self._revoked_key(sensor.name)
            self._send(route, Refused(reason="revoked_key", text=""))
            return
        try:
            message = decode_from_sensor(frames[1].bytes, limit_bytes=self._limit_bytes)
            if isinstance(message, Batch):
                self._hold(route, sensor.id, message)
            self._answers.answer(route, sensor, message)
        except WireError as error:
            self.status.refused(error.reason, sensor.name, str(error))
            self._send(route, Refused(reason=error.reason, text=str(error)))

    def _hold(self, route: bytes, sensor_id: int, batch: Batch) -> None:
        """Open a batch. A report that is wrong is refused by itself and the others are taken. Raises WireError."""
        now, arrived, refused = time.time_ns(), [], []
        for item in unpack(batch.packed):
            try:
                open_item(item)
                arrived.append(Arrived(sensor_id, item.boot, item.seq, now, item.body))
            except WireError as error:
                who = self._roll.name(sensor_id)
                self.status.refused(error.reason, who, str(error))
                refused.append(RefusedReport(boot=item.boot, seq=item.seq, reason=error.reason))
        if not self._held:
            self._held_since = time.monotonic()
        self._held.append(Held(route, tuple(arrived), tuple(refused)))

    def _commit(self) -> None:
        """Store everything held, then acknowledge it. Raises DBAPIError; everything is still held then."""
        arrived = [a for held in self._held for a in held.arrived]
        if arrived:
            with self._engine.begin() as connection:
                new = filing.file_reports(connection, arrived)
            self.status.count("stored", new)
            self.status.count("duplicates", len(arrived) - new)
        if self.status.storage_problem is not None:
            log.warning("the database takes reports again")
            self.status.storage_problem = None
        self._acknowledge()
        if arrived:
            for sensor_id in {a.sensor_id for a in arrived}:
                self._publish("sensor", str(sensor_id))
            self._publish("report", "")
            self._on_stored()

    def _acknowledge(self) -> None:
        stored: dict[bytes, list[tuple[str, int]]] = defaultdict(list)
        refused: dict[bytes, list[RefusedReport]] = defaultdict(list)
        for held in self._held:
            stored[held.route] += [(a.boot, a.seq) for a in held.arrived]
            refused[held.route] += held.refused
        self._held = []
        for route, identities in stored.items():
            self._send(route, Ack(stored=spans(identities), refused=tuple(refused[route]), credit=CREDIT))

    def _storage_failed(self, error: DBAPIError) -> None:
        self.status.count("storage_failures")
        if self.status.storage_problem is None:
            log.error("the database does not take reports, nothing is acknowledged until it does: %s", error.orig)
        self.status.storage_problem = str(error.orig)
        self._retry_at = time.monotonic() + RETRY_S
        if "I/O" in str(error.orig):  # a descriptor whose sync failed once is not trusted again
            self._engine.dispose()

    def _revoked_key(self, name: str) -> None:
        """An alarm, at most once a minute for each key: somebody has a key that was taken back."""
        now = time.monotonic()
        if now - self._revoked_said.get(name, -REVOKED_AGAIN_S) < REVOKED_AGAIN_S:
            return
        self._revoked_said[name] = now
        with self._engine.begin() as connection:
            audit.note(
                connection, time_utc_ns=time.time_ns(), who="link", address="", what="revoked_key_used", subject=name
            )

    def _send(self, route: bytes, message: ServerSays) -> None:
        """A peer that is gone, or does not read, does not get it."""
        try:
            self._socket.router.send_multipart([route, encode(message)], zmq.NOBLOCK)
        except (zmq.Again, zmq.ZMQError) as error:
            self.status.count("answers_lost")
            log.debug("an answer could not be sent: %s", error)
