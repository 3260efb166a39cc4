"""What is said over one connection, from the greeting until it ends."""

import enum
import logging
import queue
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

from sensor.connection import Connection, Happened, Message
from sensor.outbox import Outbox
from sensor.sending import WAITS_FOR_UPDATE, Sending
from sensor.snippet_sending import SnippetSending
from sensor.tasks import Tasks
from sensor.window import Window
from wire.codec import decode_from_server, encode
from wire.errors import WireError
from wire.messages import (
    Ack,
    Credit,
    Heartbeat,
    Hello,
    Refused,
    SensorSays,
    ServerSays,
    SnippetRefused,
    SnippetStored,
    SnippetWanted,
    Task,
    TaskDone,
    TaskTaken,
    Welcome,
)

log = logging.getLogger(__name__)
HEARTBEAT_S = 5.0
MOST_TASKS = 100
BUSY = "busy"


class LinkState(enum.Enum):
    """Catalogue entry link.<value>."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    LOST = "lost"
    SILENT = "silent"  # connected, but no answer came for too long
    NOT_ENROLLED = "not_enrolled"
    NO_HANDSHAKE = "no_handshake"
    REVOKED = "revoked"
    OTHER_VERSION = "other_version"
    STOPPED = "stopped"
    FAULT = "fault"


@dataclass(slots=True)
class Shared:
    """What outlives a connection."""

    outbox: Outbox
    tasks: Tasks
    window: Window
    woken: socket.socket
    stop_asked: threading.Event
    silence_s: float
    software: str
    state: LinkState = LinkState.CONNECTING
    wait_s: float = 0.0  # before the last attempt; 0 after one that was welcomed
    ever_welcome: bool = False
    counters: Counter[str] = field(default_factory=Counter)
    todo: queue.Queue[Task] = field(default_factory=lambda: queue.Queue(MOST_TASKS))
    outcomes: queue.SimpleQueue[TaskDone] = field(default_factory=queue.SimpleQueue)

    def finish(self, task: Task, outcome: str) -> None:
        """If this word is lost, the server asks again at the next greeting."""
        self.tasks.finish(task.id, outcome)
        self.outcomes.put(TaskDone(task=task.id, outcome=outcome))


class Conversation:
    """What is said over one connection."""

    def __init__(self, shared: Shared, connection: Connection) -> None:
        self._shared, self._connection = shared, connection
        self._sending = Sending(shared.outbox, shared.window)
        self._snippets = SnippetSending(shared.tasks, again_s=shared.silence_s)
        self._ready = self._welcome = False
        self._heard_at = self._beat_at = time.monotonic()
        self._end: LinkState | None = None

    def run(self) -> LinkState:
        """Until it ends. Returns why."""
        shared = self._shared
        while self._end is None and not shared.stop_asked.is_set():
            for came in self._connection.wait(self._patience_s(), also=shared.woken):
                self._take(came)
            _drain(shared.woken)
            if self._welcome and self._end is None:
                self._say_what_is_due()
            if self._silent_s() > shared.silence_s:
                self._end = LinkState.SILENT if self._ready else LinkState.NO_HANDSHAKE
        return self._end or LinkState.STOPPED

    def _patience_s(self) -> float:
        return max(0.0, min(1.0, self._beat_at + HEARTBEAT_S - time.monotonic()))

    def _silent_s(self) -> float:
        """Without any word; or without an acknowledgement of what was sent."""
        return max(time.monotonic() - self._heard_at, self._sending.oldest_s())

    def _take(self, came: Message | Happened) -> None:
        if isinstance(came, Message):
            self._heard_at = time.monotonic()
            try:
                self._answer(decode_from_server(came.data))
            except WireError as error:
                self._refuse(error)
        elif came is Happened.READY:
            self._ready, self._heard_at = True, time.monotonic()
            outbox = self._shared.outbox
            self._say(Hello(boot=outbox.boot, software=self._shared.software, waiting=outbox.waiting()))
        elif self._end is None:
            self._end = LinkState(came.value)

    def _answer(self, message: ServerSays) -> None:
        match message:
            case Welcome():
                self._welcome = self._shared.ever_welcome = True
                self._shared.state = LinkState.CONNECTED
                self._shared.wait_s = 0.0
            case Ack():
                self._sending.acknowledged(message)
            case Task():
                self._take_task(message)
            case SnippetWanted() | SnippetStored() | SnippetRefused():
                self._snippets.answered(message)
            case Refused(reason=reason, text=text):
                self._refused(reason, text)
            case Credit():
                pass

    def _refuse(self, error: WireError) -> None:
        self._shared.counters[f"server_{error.reason}"] += 1
        if error.reason in WAITS_FOR_UPDATE:
            self._end = LinkState.OTHER_VERSION
        log.warning("a message of the server was refused: %s", error)

    def _refused(self, reason: str, text: str) -> None:
        self._shared.counters[f"refused_{reason}"] += 1
        log.warning("the server refused a message: %s %r", reason, text[:200])
        if reason == "revoked_key":
            self._end = LinkState.REVOKED
        elif reason in WAITS_FOR_UPDATE:
            self._end = LinkState.OTHER_VERSION
        else:
            self._sending.refused_whole(reason)
            self._end = LinkState.LOST

    def _take_task(self, task: Task) -> None:
        """Do it once; a task that comes again is answered with what became of it."""
        if not self._shared.tasks.take(task.id):
            outcome = self._shared.tasks.outcome(task.id)
            self._say(TaskDone(task=task.id, outcome=outcome) if outcome else TaskTaken(task=task.id))
            return
        try:
            self._shared.todo.put_nowait(task)
            self._say(TaskTaken(task=task.id))
        except queue.Full:
            self._shared.finish(task, BUSY)

    def _say_what_is_due(self) -> None:
        for batch in self._sending.batches():
            self._say(batch)
        while not self._shared.outcomes.empty():
            self._say(self._shared.outcomes.get_nowait())
        for message in self._snippets.due():
            self._say(message)
        if time.monotonic() - self._beat_at >= HEARTBEAT_S:
            self._beat_at = time.monotonic()
            self._say(Heartbeat(waiting=self._shared.outbox.waiting()))

    def _say(self, message: SensorSays) -> None:
        if not self._connection.send(encode(message)):
            self._shared.counters["link_send_failed"] += 1
            self._end = LinkState.LOST


def _drain(woken: socket.socket) -> None:
    try:
        while woken.recv(4096):
            pass
    except BlockingIOError:
        return
