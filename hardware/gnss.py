"""Where a moving sensor is: a client of gpsd (https://gpsd.io/gpsd_json.html), JSON lines over TCP.

gpsd leaves out what it does not know: a TPV object may have a mode without a position, a position without an error.
Below mode 2 there is no position at all, whatever else stands in the object.
"""

import contextlib
import logging
import math
import socket
import threading
import time
from collections.abc import Callable

import msgspec

from hardware.radio import Place

log = logging.getLogger(__name__)
WATCH = b'?WATCH={"enable":true,"json":true};\n'
FIX_2D, FIX_3D = 2, 3
UNSTATED_SIGMA_M = 20.0  # of a fix without an error estimate: one frequency under an open sky, with room
LONGEST_LINE = 65536
RETRY_S = 2.0
SILENT_S = 10.0


class Tpv(msgspec.Struct, frozen=True):
    """Time, position, velocity; every part may be missing."""

    kind: str = msgspec.field(name="class", default="")
    mode: int = 0
    lat: float | None = None
    lon: float | None = None
    alt_hae: float | None = msgspec.field(name="altHAE", default=None)
    eph: float | None = None  # horizontal error; gpsd does not promise for which share of the time


class NoFix(msgspec.Struct, frozen=True):
    """gpsd said that there is no position."""


_decoder = msgspec.json.Decoder(Tpv)


def read_line(line: bytes) -> Place | NoFix | None:
    """What a line says about the place; None when it is about something else, or not to be understood."""
    try:
        tpv = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if tpv.kind != "TPV":
        return None
    if tpv.mode < FIX_2D or tpv.lat is None or tpv.lon is None or abs(tpv.lat) > 90 or abs(tpv.lon) > 180:
        return NoFix()
    sigma_m = tpv.eph if tpv.eph is not None and 0 < tpv.eph < math.inf else UNSTATED_SIGMA_M
    return Place(tpv.lat, tpv.lon, sigma_m, tpv.alt_hae if tpv.mode >= FIX_3D else None)


class Gnss:
    """Listens in a thread of its own; whatever becomes of gpsd, it tries again."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        oldest_s: float,
        monotonic: Callable[[], float] = time.monotonic,
        retry_s: float = RETRY_S,
    ) -> None:
        self._address = (host, port)
        self._oldest_s = oldest_s
        self._monotonic = monotonic
        self._retry_s = retry_s
        self._last: tuple[Place, float] | None = None
        self._closing = threading.Event()
        self._line: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, name="gnss", daemon=True)
        self._thread.start()

    def fix(self) -> Place | None:
        """The last fix, if it is not too old and none was lost since."""
        last = self._last
        if last is None or self._monotonic() - last[1] > self._oldest_s:
            return None
        return last[0]

    def close(self) -> None:
        self._closing.set()
        line = self._line
        if line is not None:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)  # wakes the thread; closing alone does not
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with socket.create_connection(self._address, timeout=SILENT_S) as self._line:
                    self._listen(self._line)
            except OSError as error:
                log.warning("gpsd at %s:%d: %s", *self._address, error)
            self._line = None
            self._closing.wait(self._retry_s)

    def _listen(self, line: socket.socket) -> None:
        line.sendall(WATCH)
        with line.makefile("rb") as stream:
            while not self._closing.is_set() and (text := stream.readline(LONGEST_LINE)):
                self._note(read_line(text))

    def _note(self, said: Place | NoFix | None) -> None:
        if isinstance(said, Place):
            self._last = (said, self._monotonic())
        elif isinstance(said, NoFix):
            self._last = None
