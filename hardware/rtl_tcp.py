"""A dongle at another computer that runs rtl_tcp.

The server says "RTL0", tuner and number of gains, then sends samples without end; we send commands of five bytes, one
for the kind and four for the value, most significant first. What it had queued before a command still comes: as much
as it holds back is discarded by waiting for it. Nothing here is encrypted.
"""

import contextlib
import ctypes
import logging
import math
import socket
import struct
import threading

from hardware.clock import Clock, SystemClock
from hardware.dongle import refuse_window
from hardware.dwell import WATCHDOG_S
from hardware.errors import LineEnded, NoRtlTcp, NotRtlTcp
from hardware.ring import Ring
from hardware.stream_radio import StreamRadio

log = logging.getLogger(__name__)
SET_FREQUENCY, SET_RATE, SET_GAIN_MODE, SET_GAIN, SET_PPM, SET_AGC = 1, 2, 3, 4, 5, 8
HEADER = struct.Struct(">4sII")  # "RTL0", tuner, number of gains
CONNECT_S = 5.0
BUFFER_BYTES = 65_536
RING_S = 8.0


class RtlTcp(StreamRadio):
    """Raises NoRtlTcp, NotRtlTcp and the others of the RadioError family."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        gain_db: float,
        ppm: int = 0,
        clock: Clock | None = None,
        watchdog_s: float = WATCHDOG_S,
    ) -> None:
        clock = clock or SystemClock()
        super().__init__(TcpSource(host, port, gain_db, ppm, clock), clock, watchdog_s=watchdog_s)


class TcpSource:
    """A new connection for each stream: what an old one had queued is gone with it."""

    settle_ns = 120_000_000  # judgement: USB, the server's queue and the line together
    buffer_bytes = BUFFER_BYTES

    def __init__(self, host: str, port: int, gain_db: float, ppm: int, clock: Clock) -> None:
        self.name = f"rtl_tcp {host}:{port}"
        self.gain_db: float | None = round(gain_db * 10) / 10
        self._address, self._ppm, self._clock = (host, port), ppm, clock
        self._line: socket.socket | None = self._connect()
        self._thread: threading.Thread | None = None

    def refuse(self, centre_hz: float, rate_hz: float, seconds: float) -> None:
        refuse_window(self.name, centre_hz, rate_hz, seconds)

    def start(self, rate_hz: float) -> tuple[Ring, float]:
        if self._line is None:
            self._line = self._connect()
        self._say(SET_RATE, round(rate_hz))
        ring = Ring(slots=math.ceil(2 * rate_hz * RING_S / BUFFER_BYTES), slot_bytes=BUFFER_BYTES)
        self._thread = threading.Thread(target=self._receive, args=(self._line, ring), name=self.name, daemon=True)
        self._thread.start()
        return ring, float(round(rate_hz))

    def tune(self, centre_hz: float) -> None:
        self._say(SET_FREQUENCY, round(centre_hz))

    def stop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)  # wakes the thread; closing alone does not
            line.close()
        if self._thread is not None:
            self._thread.join(CONNECT_S)
            self._thread = None

    def close(self) -> None:
        self.stop()

    def _connect(self) -> socket.socket:
        try:
            line = socket.create_connection(self._address, timeout=CONNECT_S)
        except OSError as error:
            raise NoRtlTcp(address=self._where(), reason=error.strerror or str(error)) from error
        try:
            self._greet(line)
        except BaseException:
            line.close()
            raise
        return line

    def _greet(self, line: socket.socket) -> None:
        said = bytearray()
        try:
            while len(said) < HEADER.size and (part := line.recv(HEADER.size - len(said))):
                said += part
        except OSError as error:
            raise NoRtlTcp(address=self._where(), reason=str(error)) from error
        if len(said) < HEADER.size or HEADER.unpack(said)[0] != b"RTL0":
            raise NotRtlTcp(address=self._where())
        self._line = line
        for command, value in self._settings():
            self._say(command, value)

    def _settings(self) -> tuple[tuple[int, int], ...]:
        tenths = round((self.gain_db or 0.0) * 10)
        return (SET_AGC, 0), (SET_GAIN_MODE, 1), (SET_GAIN, tenths), (SET_PPM, self._ppm)

    def _say(self, command: int, value: int) -> None:
        if self._line is None:
            raise NoRtlTcp(address=self._where(), reason="the connection is lost")
        try:
            self._line.sendall(struct.pack(">BI", command, value & 0xFFFFFFFF))
        except OSError as error:
            raise NoRtlTcp(address=self._where(), reason=error.strerror or str(error)) from error

    def _receive(self, line: socket.socket, ring: Ring) -> None:
        buffer = bytearray(BUFFER_BYTES)
        address = ctypes.addressof(ctypes.c_char.from_buffer(buffer))
        view, have = memoryview(buffer), 0
        line.settimeout(None)
        with contextlib.suppress(OSError):  # the end is told below, whatever its kind
            while count := line.recv_into(view[have:]):
                have += count
                if have == BUFFER_BYTES:
                    ring.put(address, have, self._clock.monotonic_ns())
                    have = 0
        ring.end(LineEnded(radio=self.name))

    def _where(self) -> str:
        return f"{self._address[0]}:{self._address[1]}"
