"""The sensor's end of the link: a thread that keeps a connection, empties the outbox, takes tasks, sends samples."""

import enum
import hashlib
import logging
import queue
import random
import socket
import threading
import time
import zlib
from collections import Counter
from pathlib import Path

import zmq

from sensor.connection import Connection, Happened, Message
from sensor.keys import read_keys
from sensor.link_settings import LinkSettings
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
    SnippetOffer,
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
QUICK_S, QUICK_WAIT_S = 30.0, 0.2  # a sensor and its server are often started together
SAY_AGAIN_S = 60.0
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


class Link:
    """Thread-safe. Raises KeyFileError, LinkSetupError when made; afterwards nothing stops it but `stop`."""

    def __init__(self, settings: LinkSettings, outbox: Outbox, *, software: str = "") -> None:
        self.tasks: queue.Queue[Task] = queue.Queue(MOST_TASKS)
        self._settings, self._outbox, self._software = settings, outbox, software
        self._keys = read_keys(Path(settings.key))
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        try:
            self._dial().close()
        except BaseException:
            self._context.term()
            raise
        self._task_memory = Tasks(outbox)
        self._outcomes: queue.SimpleQueue[TaskDone] = queue.SimpleQueue()
        self._window = Window(most=settings.window)
        self._state, self._counters = LinkState.CONNECTING, Counter[str]()
        self._said: dict[LinkState, float] = {}
        self._wait_s, self._ever_welcome = 0.0, False
        self._began = time.monotonic()
        self._woken, self._waker = socket.socketpair()
        for end in (self._woken, self._waker):
            end.setblocking(False)
        self._stop_asked = threading.Event()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        outbox.on_promise = self.wake

    @property
    def state(self) -> LinkState:
        return self._state

    def counters(self) -> dict[str, int]:
        return dict(self._counters)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Leaves at once; what is not acknowledged stays in the outbox."""
        self._stop_asked.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._outbox.on_promise = lambda: None
        self._context.term()
        self._woken.close()
        self._waker.close()
        self._state = LinkState.STOPPED

    def wake(self) -> None:
        """There is something to send."""
        try:
            self._waker.send(b"\0")
        except OSError:  # full: it is awake; closed: it has stopped
            return

    def finish_task(self, task: Task, outcome: str) -> None:
        """Say how a task ended that wanted no samples, or that failed."""
        self._task_memory.finish(task.id, outcome)
        self._outcomes.put(TaskDone(task=task.id, outcome=outcome))
        self.wake()

    def deliver_snippet(
        self,
        task: Task,
        samples: bytes,
        *,
        sample_format: str,
        centre_hz: float,
        rate_hz: float,
        time_utc_ns: int | None,
    ) -> None:
        """Samples for the task, as their SigMF format says. They are kept until the server has stored them."""
        packed = zlib.compress(samples, 1)
        offer = SnippetOffer(
            task=task.id,
            centre_hz=centre_hz,
            rate_hz=rate_hz,
            time_utc_ns=time_utc_ns,
            format=sample_format,
            sample_bytes=len(samples),
            sha256=hashlib.sha256(samples).hexdigest(),
            packed_bytes=len(packed),
        )
        self._task_memory.keep_snippet(offer, packed)
        self.wake()

    def settled(self) -> bool:
        """Nothing waits any more, neither reports nor samples."""
        return self._outbox.waiting() == 0 and not self._task_memory.snippets()

    def _dial(self) -> Connection:
        return Connection(self._context, self._settings.server, self._settings.server_key, self._keys)

    def _run(self) -> None:
        while not self._stop_asked.is_set():
            connection = self._dial()
            try:
                ended = _Conversation(self, connection).run()
            finally:
                connection.close()
            self._ended(ended)

    def _ended(self, why: LinkState) -> None:
        self._state = why
        self._counters[f"link_{why.value}"] += 1
        self._window.reconnected(stalled=why is LinkState.SILENT)
        if self._stop_asked.is_set():
            return
        if time.monotonic() - self._said.get(why, -SAY_AGAIN_S) >= SAY_AGAIN_S:
            self._said[why] = time.monotonic()
            log.warning("link to %s: %s; %d reports wait", self._settings.server, why.value, self._outbox.waiting())
        self._stop_asked.wait(self._next_wait_s())

    def _next_wait_s(self) -> float:
        if not self._ever_welcome and time.monotonic() - self._began < QUICK_S:
            return QUICK_WAIT_S
        longest = self._settings.longest_wait_s
        self._wait_s = min(longest, self._wait_s * 2) if self._wait_s else self._settings.first_wait_s
        return self._wait_s * random.uniform(0.5, 1.0)


class _Conversation:
    """What is said over one connection."""

    def __init__(self, link: Link, connection: Connection) -> None:
        self._link, self._connection = link, connection
        self._outbox, self._tasks = link._outbox, link._task_memory
        self._sending = Sending(link._outbox, link._window)
        self._snippets = SnippetSending(link._task_memory, again_s=link._settings.silence_s)
        self._ready = self._welcome = False
        self._heard_at = self._beat_at = time.monotonic()
        self._end: LinkState | None = None

    def run(self) -> LinkState:
        """Until it ends. Returns why."""
        link = self._link
        while self._end is None and not link._stop_asked.is_set():
            for came in self._connection.wait(self._patience_s(), also=link._woken):
                self._take(came)
            _drain(link._woken)
            if self._welcome and self._end is None:
                self._say_what_is_due()
            if self._silent_s() > link._settings.silence_s:
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
            link = self._link
            self._say(Hello(boot=self._outbox.boot, software=link._software, waiting=self._outbox.waiting()))
        elif self._end is None:
            self._end = LinkState(came.value)

    def _answer(self, message: ServerSays) -> None:
        link = self._link
        match message:
            case Welcome():
                self._welcome, link._ever_welcome = True, True
                link._state = LinkState.CONNECTED
            case Ack():
                if self._sending.acknowledged(message):
                    link._wait_s = 0.0
            case Task():
                self._take_task(message)
            case SnippetWanted() | SnippetStored() | SnippetRefused():
                if self._snippets.answered(message):
                    link._wait_s = 0.0
            case Refused(reason=reason, text=text):
                self._refused(reason, text)
            case Credit():
                pass

    def _refuse(self, error: WireError) -> None:
        self._link._counters[f"server_{error.reason}"] += 1
        if error.reason in WAITS_FOR_UPDATE:
            self._end = LinkState.OTHER_VERSION
        log.warning("a message of the server was refused: %s", error)

    def _refused(self, reason: str, text: str) -> None:
        self._link._counters[f"refused_{reason}"] += 1
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
        if not self._tasks.take(task.id):
            outcome = self._tasks.outcome(task.id)
            self._say(TaskDone(task=task.id, outcome=outcome) if outcome else TaskTaken(task=task.id))
            return
        try:
            self._link.tasks.put_nowait(task)
            self._say(TaskTaken(task=task.id))
        except queue.Full:
            self._link.finish_task(task, BUSY)

    def _say_what_is_due(self) -> None:
        for batch in self._sending.batches():
            self._say(batch)
        while not self._link._outcomes.empty():
            self._say(self._link._outcomes.get_nowait())
        for message in self._snippets.due():
            self._say(message)
        if time.monotonic() - self._beat_at >= HEARTBEAT_S:
            self._beat_at = time.monotonic()
            self._say(Heartbeat(waiting=self._outbox.waiting()))

    def _say(self, message: SensorSays) -> None:
        if not self._connection.send(encode(message)):
            self._link._counters["link_send_failed"] += 1
            self._end = LinkState.LOST


def _drain(woken: socket.socket) -> None:
    try:
        while woken.recv(4096):
            pass
    except BlockingIOError:
        return
