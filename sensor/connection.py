"""One connection to the server, from dialling until it ends. libzmq's own reconnecting is off: each end is noticed."""

import enum
import re
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import zmq
from zmq.utils import z85
from zmq.utils.monitor import parse_monitor_message

from sensor.errors import SensorError
from sensor.keys import KeyPair

HEARTBEAT_MS, SILENT_MS = 5_000, 15_000
SEND_QUEUE = 1000
_ADDRESS = re.compile(r"tcp://(?:[^\s/:\[\]]+|\[[0-9a-fA-F:.]+\]):([0-9]{1,5})")


class LinkSetupError(SensorError):
    """A link that cannot even be tried."""


class BadServerAddress(LinkSetupError):
    def __init__(self, *, address: str) -> None:
        super().__init__(f"{address!r} is no server address: it looks like tcp://host:5640")
        self.address = address


class BadServerKey(LinkSetupError):
    def __init__(self, *, key: str) -> None:
        super().__init__(f"{key!r} is no server key: the server prints 40 characters when a sensor is enrolled")
        self.key = key


class Happened(enum.Enum):
    READY = "ready"  # encrypted, and the server knows our key
    LOST = "lost"
    NOT_ENROLLED = "not_enrolled"  # the server does not take our key
    NO_HANDSHAKE = "no_handshake"  # it is not our server, or has another key than we were told


@dataclass(frozen=True, slots=True)
class Message:
    data: bytes


_ENDS: dict[int, Happened] = {
    zmq.EVENT_DISCONNECTED: Happened.LOST,
    zmq.EVENT_CLOSED: Happened.LOST,
    zmq.EVENT_HANDSHAKE_FAILED_AUTH: Happened.NOT_ENROLLED,
    zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL: Happened.NO_HANDSHAKE,
    zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL: Happened.NO_HANDSHAKE,
    zmq.EVENT_HANDSHAKE_SUCCEEDED: Happened.READY,
}


def check_server(address: str, key: str) -> None:
    """Raises BadServerAddress, BadServerKey. Whether anyone answers there is another matter."""
    found = _ADDRESS.fullmatch(address)
    if not found or not 0 < int(found[1]) < 65536:
        raise BadServerAddress(address=address)
    try:
        right = len(key) == 40 and len(z85.decode(key.encode("ascii"))) == 32
    except (ValueError, KeyError, UnicodeEncodeError, struct.error):
        right = False
    if not right:
        raise BadServerKey(key=key)


class Connection:
    """Used by one thread. Address and key have passed `check_server`."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]", address: str, server_key: str, keys: KeyPair) -> None:
        self._socket = context.socket(zmq.DEALER)
        events = 0
        for event in _ENDS:
            events |= event
        self._monitor = self._socket.get_monitor_socket(events)
        _set_up(self._socket, server_key, keys)
        self._socket.connect(address)
        self._poller = zmq.Poller()
        for end in (self._socket, self._monitor):
            self._poller.register(end, zmq.POLLIN)

    def close(self) -> None:
        self._socket.disable_monitor()
        self._monitor.close(linger=0)
        self._socket.close(linger=0)

    def wait(self, seconds: float, *, also: socket.socket) -> Iterator[Message | Happened]:
        """What came until something came or the time was over, or until `also` could be read."""
        self._poller.register(also, zmq.POLLIN)
        ready = dict(self._poller.poll(max(0, int(seconds * 1000) + 1)))
        if self._socket in ready:
            yield from self._messages()
        if self._monitor in ready:
            yield from self._happenings()

    def send(self, data: bytes) -> bool:
        """False when it cannot be queued now."""
        try:
            self._socket.send(data, zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def _messages(self) -> Iterator[Message]:
        while True:
            try:
                frames = self._socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            yield Message(b"".join(frames))

    def _happenings(self) -> Iterator[Happened]:
        while self._monitor.poll(0):
            event = parse_monitor_message(self._monitor.recv_multipart())["event"]
            if event in _ENDS:
                yield _ENDS[event]


def _set_up(dealer: "zmq.Socket[bytes]", server_key: str, keys: KeyPair) -> None:
    dealer.setsockopt_string(zmq.CURVE_SERVERKEY, server_key)
    dealer.setsockopt_string(zmq.CURVE_PUBLICKEY, keys.public)
    dealer.setsockopt_string(zmq.CURVE_SECRETKEY, keys.secret)
    dealer.linger = 0
    dealer.setsockopt(zmq.SNDHWM, SEND_QUEUE)
    dealer.setsockopt(zmq.RECONNECT_IVL, -1)
    dealer.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
    dealer.setsockopt(zmq.HEARTBEAT_TIMEOUT, SILENT_MS)
    dealer.setsockopt(zmq.HEARTBEAT_TTL, SILENT_MS)
    dealer.setsockopt(zmq.HANDSHAKE_IVL, SILENT_MS)
    dealer.setsockopt(zmq.MAXMSGSIZE, 1 << 20)
    dealer.setsockopt(zmq.IPV6, 1)
