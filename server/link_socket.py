"""The server's end of the link: one CURVE ROUTER behind its gate."""

import re
import resource
from collections.abc import Callable

import zmq
from sqlalchemy import Engine
from zmq.utils.monitor import parse_monitor_message

from server.errors import NotReachable, ServerError
from server.keys import ServerKeys
from server.link_status import LinkStatus
from server.zap import DOMAIN, Gate

HEARTBEAT_MS, SILENT_MS = 5_000, 15_000
HANDSHAKE_MS = 5_000
BACKLOG = 4096
NAMED_BYTES = 1 << 16  # a message that is too large by less is refused by name; a larger one costs the connection
_ADDRESS = re.compile(r"tcp://(?:[^\s/:\[\]]+|\[[0-9a-zA-Z:.%]+\]):(\*|[0-9]{1,5})")
_COUNTED: dict[int, str] = {
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: "handshake_failed",
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: "handshake_failed",
    zmq.EVENT_DISCONNECTED: "connections_ended",
}


class PortTaken(NotReachable):
    def __init__(self, *, address: str) -> None:
        super().__init__(what=address, reason="in use; stop the other server, or choose another port in [link]")
        self.address = address


class BadLinkAddress(ServerError):
    def __init__(self, *, address: str, reason: str) -> None:
        super().__init__(f"cannot listen on {address}: {reason}")
        self.address, self.reason = address, reason


class LinkSocket:
    """Owns the context, the gate and the socket. Used by one thread."""

    def __init__(
        self,
        bind: str,
        keys: ServerKeys,
        engine: Engine,
        status: LinkStatus,
        *,
        max_message_bytes: int,
        on_revoked: Callable[[str], None],
    ) -> None:
        _check_address(bind)
        _raise_file_limit()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._gate = Gate(self._context, engine, status, on_revoked=on_revoked)
        self._status = status
        self.router = self._context.socket(zmq.ROUTER)
        events = 0
        for event in _COUNTED:
            events |= event
        self._monitor = self.router.get_monitor_socket(events)
        try:
            _set_up(self.router, keys, max_message_bytes)
            self.router.setsockopt(zmq.IPV6, int("[" in bind))
            self._gate.start()
            self.router.bind(bind)
        except zmq.ZMQError as error:
            self.close()
            if error.errno == zmq.EADDRINUSE:
                raise PortTaken(address=bind) from error
            raise BadLinkAddress(address=bind, reason=str(error)) from error
        self.address = self.router.getsockopt_string(zmq.LAST_ENDPOINT)

    def count_happenings(self) -> None:
        """Connections that never became one, and those that ended: libzmq tells no sender of these."""
        while self._monitor.poll(0):
            event = parse_monitor_message(self._monitor.recv_multipart())["event"]
            if event in _COUNTED:
                self._status.count(_COUNTED[event])

    def close(self) -> None:
        if not self.router.closed:
            self.router.disable_monitor()
        self._monitor.close(linger=0)
        self.router.close(linger=0)
        self._gate.stop()
        self._context.term()


def sensor_id_of(frame: zmq.Frame) -> int | None:
    """Whose key the connection has, as the gate found it. Nothing a sensor can say."""
    try:
        user = frame.get("User-Id")
    except zmq.ZMQError:
        return None
    return int(user) if isinstance(user, str) and user.isdigit() else None


def _set_up(router: "zmq.Socket[bytes]", keys: ServerKeys, max_message_bytes: int) -> None:
    router.linger = 0
    router.setsockopt(zmq.CURVE_SERVER, 1)
    router.setsockopt_string(zmq.CURVE_SECRETKEY, keys.secret)
    router.setsockopt(zmq.ZAP_DOMAIN, DOMAIN)
    router.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
    router.setsockopt(zmq.MAXMSGSIZE, max_message_bytes + NAMED_BYTES)
    router.setsockopt(zmq.HANDSHAKE_IVL, HANDSHAKE_MS)
    router.setsockopt(zmq.BACKLOG, BACKLOG)
    router.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
    router.setsockopt(zmq.HEARTBEAT_TIMEOUT, SILENT_MS)
    router.setsockopt(zmq.HEARTBEAT_TTL, SILENT_MS)


def _check_address(bind: str) -> None:
    found = _ADDRESS.fullmatch(bind)
    if not found or (found[1] != "*" and int(found[1]) > 65535):
        raise BadLinkAddress(address=bind, reason="an address looks like tcp://0.0.0.0:5640")


def _raise_file_limit() -> None:
    """One descriptor a sensor: libzmq goes deaf at the limit instead of refusing."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
