"""A receiver on the net that hears something on one frequency only."""

import socket
import struct
import threading
import time

import numpy as np


class TunedServer:
    """An rtl_tcp server in real time: `on_air` (cu8) where the radio is tuned to `heard_at_hz`, noise elsewhere."""

    def __init__(self, on_air: bytes, *, rate_hz: float, heard_at_hz: float) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(0.1)
        self.port = self.listener.getsockname()[1]
        self.tuned: list[float] = []
        self._rate_hz, self._heard_at_hz = rate_hz, heard_at_hz
        self._on_air = on_air
        noise = np.random.default_rng(1).normal(127.5, 6, len(on_air))
        self._noise = np.clip(np.rint(noise), 0, 255).astype(np.uint8).tobytes()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                line, _ = self.listener.accept()
            except TimeoutError:
                continue
            with line:
                self._talk(line)

    def _talk(self, line: socket.socket) -> None:
        line.sendall(b"RTL0" + struct.pack(">II", 5, 29))
        line.setblocking(False)
        said, sent, began = b"", 0, 0.0
        while not self._stop.is_set():
            try:
                said += line.recv(500)
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:
                return
            while len(said) >= 5:
                kind, value = struct.unpack(">BI", said[:5])
                said = said[5:]
                if kind == 1:
                    self.tuned.append(float(value))
                    began = began or time.monotonic()
            if not began:
                continue
            due = int((time.monotonic() - began) * self._rate_hz) * 2 - sent
            source = self._on_air if abs(self.tuned[-1] - self._heard_at_hz) < 1 else self._noise
            at = sent % len(source)
            line.setblocking(True)
            try:
                line.sendall((source + source)[at : at + due])
            except OSError:
                return
            line.setblocking(False)
            sent += due

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5)
        self.listener.close()
