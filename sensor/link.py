"""The sensor's end of the link: a thread that keeps a connection, empties the outbox, takes tasks, sends samples."""

import hashlib
import logging
import queue
import random
import socket
import threading
import time
import zlib
from pathlib import Path

import zmq

from sensor.connection import Connection, check_server
from sensor.conversation import Conversation, LinkState, Shared
from sensor.keys import read_keys
from sensor.link_settings import LinkSettings
from sensor.outbox import Outbox
from sensor.tasks import Tasks
from sensor.window import Window
from wire.messages import SnippetOffer, Task

log = logging.getLogger(__name__)
QUICK_S, QUICK_WAIT_S = 30.0, 0.2  # a sensor and its server are often started together
SAY_AGAIN_S = 60.0


class Link:
    """Thread-safe. Raises KeyFileError, LinkSetupError when made; afterwards nothing stops it but `stop`."""

    def __init__(self, settings: LinkSettings, outbox: Outbox, *, software: str = "") -> None:
        self._settings, self._outbox = settings, outbox
        check_server(settings.server, settings.server_key)
        self._keys = read_keys(Path(settings.key))
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        woken, self._waker = socket.socketpair()
        for end in (woken, self._waker):
            end.setblocking(False)
        self._shared = Shared(
            outbox=outbox,
            tasks=Tasks(outbox),
            window=Window(most=settings.window),
            woken=woken,
            stop_asked=threading.Event(),
            silence_s=settings.silence_s,
            software=software,
        )
        self._said: dict[LinkState, float] = {}
        self._began = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        outbox.on_promise = self.wake

    @property
    def tasks(self) -> queue.Queue[Task]:
        """What the server asked for, each once."""
        return self._shared.todo

    @property
    def state(self) -> LinkState:
        return self._shared.state

    def counters(self) -> dict[str, int]:
        return dict(self._shared.counters)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Leaves at once; what is not acknowledged stays in the outbox."""
        self._shared.stop_asked.set()
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._outbox.on_promise = lambda: None
        self._context.term()
        self._shared.woken.close()
        self._waker.close()
        self._shared.state = LinkState.STOPPED

    def wake(self) -> None:
        """There is something to send."""
        try:
            self._waker.send(b"\0")
        except OSError:  # full: it is awake; closed: it has stopped
            return

    def finish_task(self, task: Task, outcome: str) -> None:
        """Say how a task ended that wanted no samples, or that failed."""
        self._shared.finish(task, outcome)
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
        self._shared.tasks.keep_snippet(offer, packed)
        self.wake()

    def settled(self) -> bool:
        """Nothing waits any more, neither reports nor samples."""
        return self._outbox.waiting() == 0 and not self._shared.tasks.snippets()

    def _dial(self) -> Connection:
        return Connection(self._context, self._settings.server, self._settings.server_key, self._keys)

    def _run(self) -> None:
        while not self._shared.stop_asked.is_set():
            connection = self._dial()
            try:
                ended = Conversation(self._shared, connection).run()
            except Exception:  # a fault of ours must not leave the reports where they are for ever
                log.exception("the link begins anew after a fault")
                ended = LinkState.FAULT
            finally:
                connection.close()
            self._ended(ended)

    def _ended(self, why: LinkState) -> None:
        self._shared.state = why
        self._shared.counters[f"link_{why.value}"] += 1
        self._shared.window.reconnected(stalled=why is LinkState.SILENT)
        if self._shared.stop_asked.is_set():
            return
        if time.monotonic() - self._said.get(why, -SAY_AGAIN_S) >= SAY_AGAIN_S:
            self._said[why] = time.monotonic()
            log.warning("link to %s: %s; %d reports wait", self._settings.server, why.value, self._outbox.waiting())
        self._shared.stop_asked.wait(self._next_wait_s())

    def _next_wait_s(self) -> float:
        """Doubling, with jitter, so that a thousand sensors do not come back in the same instant."""
        shared, settings = self._shared, self._settings
        if not shared.ever_welcome and time.monotonic() - self._began < QUICK_S:
            return QUICK_WAIT_S
        shared.wait_s = min(settings.longest_wait_s, shared.wait_s * 2) if shared.wait_s else settings.first_wait_s
        return shared.wait_s * random.uniform(0.5, 1.0)
