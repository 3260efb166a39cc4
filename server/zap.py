"""Who may connect: the answer to each CURVE handshake (ZeroMQ RFC 27). Anything unclear is refused."""

import logging
import threading
from collections.abc import Callable

import zmq
from sqlalchemy import Engine
from zmq.utils import z85

from server.enrolment import sensor_of_key
from server.link_status import LinkStatus

log = logging.getLogger(__name__)
ENDPOINT = "inproc://zeromq.zap.01"
DOMAIN = b"wavewarden"
_VERSION = b"1.0"
_POLL_MS = 200


class Gate(threading.Thread):
    """Answers while it lives; libzmq refuses everyone when it does not (ZMQ_ZAP_ENFORCE_DOMAIN)."""

    def __init__(
        self,
        context: "zmq.Context[zmq.Socket[bytes]]",
        engine: Engine,
        status: LinkStatus,
        *,
        on_revoked: Callable[[str], None],
    ) -> None:
        super().__init__(name="link-gate", daemon=True)
        self._engine, self._status, self._on_revoked = engine, status, on_revoked
        self._stop_asked = threading.Event()
        self._socket = context.socket(zmq.REP)
        self._socket.linger = 0
        self._socket.bind(ENDPOINT)

    def run(self) -> None:
        with self._socket:
            while not self._stop_asked.is_set():
                if self._socket.poll(_POLL_MS):
                    self._socket.send_multipart(self._answer(self._socket.recv_multipart()))

    def stop(self) -> None:
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout=5)
        self._socket.close()

    def _answer(self, frames: list[bytes]) -> list[bytes]:
        """Version, request, status code, text, User-Id, metadata."""
        request = frames[1] if len(frames) > 1 else b""
        try:
            user = self._judge(frames)
        except Exception:  # whatever it is: who cannot be judged stays outside, and the next one is judged again
            log.exception("a sensor was refused because its key could not be looked up")
            self._status.refused("key_lookup_failed", "database")
            user = None
        code, text = (b"200", b"OK") if user else (b"400", b"not enrolled")
        return [_VERSION, request, code, text, user or b"", b""]

    def _judge(self, frames: list[bytes]) -> bytes | None:
        """The sensor's id as text, which libzmq then attaches to each of its messages; None to refuse."""
        if len(frames) != 7 or frames[0] != _VERSION or frames[2] != DOMAIN or frames[5] != b"CURVE":
            self._status.refused("not_curve", "unknown")
            return None
        address = frames[3].decode("ascii", "replace")
        if len(frames[6]) != 32:
            self._status.refused("bad_key", address)
            return None
        return self._judge_key(z85.encode(frames[6]).decode(), address)

    def _judge_key(self, key: str, address: str) -> bytes | None:
        with self._engine.connect() as connection:
            sensor = sensor_of_key(connection, key)
        if sensor is None:
            self._status.refused("unknown_key", address, key)
            return None
        if sensor.revoked_utc_ns is not None:
            self._status.refused("revoked_key", sensor.name, address)
            self._on_revoked(sensor.name)
            return None
        return str(sensor.id).encode()
