"""A TCP proxy that cuts: every so many bytes the connection dies, by reset or by close. Or it falls silent."""

import random
import select
import socket
import struct
import threading
from contextlib import suppress

CHUNK = 4096


class CuttingProxy:
    """Between one address and the server's port. `cut_bytes` counts both directions of one connection.

    cut_bytes : a connection dies after about so many bytes, exponentially spread; None: never
    silent    : set it, and nothing passes any more though every connection stays open
    """

    def __init__(self, to_port: int, *, cut_bytes: int | None = None, seed: int = 1) -> None:
        self.cuts = self.connections = 0
        self.passed = 0
        self.silent = threading.Event()
        self._to_port, self._cut_bytes, self._chance = to_port, cut_bytes, random.Random(seed)
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            try:
                server = socket.create_connection(("127.0.0.1", self._to_port), timeout=2)
            except OSError:
                return
            with server, suppress(OSError):
                self._pump(client, server)

    def _pump(self, client: socket.socket, server: socket.socket) -> None:
        left = int(self._chance.expovariate(1 / self._cut_bytes)) if self._cut_bytes else 1 << 60
        other = {client: server, server: client}
        while not self._stop.is_set():
            ready, _, _ = select.select(list(other), [], [], 0.05)
            if self.silent.is_set():
                self._stop.wait(0.05)
                continue
            for end in ready:
                data = end.recv(CHUNK)
                if not data:
                    return
                other[end].sendall(data[: max(0, left)])
                left -= len(data)
                self.passed += len(data)
                if left <= 0:
                    self._cut(client, server)
                    return

    def _cut(self, client: socket.socket, server: socket.socket) -> None:
        """By reset or by close, either end first."""
        self.cuts += 1
        for end in self._chance.sample([client, server], 2):
            if self._chance.random() < 0.5:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            end.close()
