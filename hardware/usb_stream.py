"""The thread in which librtlsdr delivers: a callback that copies and leaves, and an orderly end."""

import logging
import math
import threading
import time
from collections.abc import Callable

from hardware.dongle import Dongle
from hardware.errors import UsbEnded
from hardware.librtlsdr import OnBuffer
from hardware.ring import Ring

log = logging.getLogger(__name__)
BUFFER_BYTES = 65_536  # 13.7 ms at 2.4 MS/s
BUFFERS = 32  # in flight: 0.44 s of them
RING_S = 8.0
JOIN_S = 3.0


class UsbStream:
    """Delivers from its making until `stop`."""

    def __init__(self, dongle: Dongle, *, radio: str, rate_hz: float, monotonic_ns: Callable[[], int]) -> None:
        self.ring = Ring(slots=math.ceil(2 * rate_hz * RING_S / BUFFER_BYTES), slot_bytes=BUFFER_BYTES)
        self._dongle, self._radio, self._monotonic_ns = dongle, radio, monotonic_ns
        self._stopping = False
        self._raised: Exception | None = None
        self._on_buffer = OnBuffer(self._take)  # kept here: C holds no reference to it
        dongle.do("begin to deliver", "reset_buffer")
        self._thread = threading.Thread(target=self._deliver, name=radio, daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """False: the library does not come back; then the device must not be touched any more."""
        self._stopping = True
        deadline = time.monotonic() + JOIN_S
        while self._thread.is_alive() and time.monotonic() < deadline:
            self._dongle.cancel()  # again and again: said before the library has begun, it is not heeded
            self._thread.join(0.05)
        return not self._thread.is_alive()

    def _deliver(self) -> None:
        code = self._dongle.read_async(self._on_buffer, buffers=BUFFERS, buffer_bytes=BUFFER_BYTES)
        self.ring.end(self._raised or UsbEnded(radio=self._radio, code=code))

    def _take(self, buffer: int, length: int, context: object) -> None:
        """In the library's thread. An exception would be lost here: it is kept, and ends the stream."""
        try:
            if not self._stopping:
                self.ring.put(buffer, length, self._monotonic_ns())
        except Exception as error:
            log.exception("a buffer could not be taken")
            self._raised = error
            self._stopping = True
            self._dongle.cancel()
