"""A client that says whatever a test wants, with any key or none."""

from collections.abc import Iterator
from contextlib import contextmanager

import zmq

from sensor.keys import KeyPair
from wire.codec import decode_from_server, encode
from wire.messages import SensorSays, ServerSays


class RawClient:
    def __init__(self, socket: "zmq.Socket[bytes]") -> None:
        self.socket = socket

    def say(self, message: SensorSays | bytes) -> None:
        self.socket.send(message if isinstance(message, bytes) else encode(message))

    def hear(self, *, seconds: float = 5.0) -> ServerSays | None:
        """The next answer; None when none came."""
        return decode_from_server(self.socket.recv()) if self.socket.poll(int(seconds * 1000)) else None


def some_keys() -> KeyPair:
    public, secret = (half.decode() for half in zmq.curve_keypair())
    return KeyPair(public=public, secret=secret)


@contextmanager
def raw_client(
    address: str, server_key: str | None, keys: KeyPair, *, routing_id: bytes | None = None
) -> Iterator[RawClient]:
    """server_key None: no encryption at all."""
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        if server_key is not None:
            socket.setsockopt_string(zmq.CURVE_SERVERKEY, server_key)
            socket.setsockopt_string(zmq.CURVE_PUBLICKEY, keys.public)
            socket.setsockopt_string(zmq.CURVE_SECRETKEY, keys.secret)
        if routing_id is not None:
            socket.setsockopt(zmq.ROUTING_ID, routing_id)
        socket.connect(address)
        yield RawClient(socket)
