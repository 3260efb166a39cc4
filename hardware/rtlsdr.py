"""RTL-SDR dongles."""

from hardware.clock import Clock, SystemClock
from hardware.dongle import Dongle, refuse_window
from hardware.dwell import WATCHDOG_S
from hardware.errors import DongleWedged, RadioError
from hardware.librtlsdr import load
from hardware.ring import Ring
from hardware.stream_radio import StreamRadio
from hardware.usb_stream import BUFFER_BYTES, UsbStream


class RtlSdr(StreamRadio):
    """A dongle, found by its serial. Raises NoDriver, NoDongle and the others of the RadioError family."""

    def __init__(
        self,
        *,
        serial: str | None = None,
        gain_db: float = 32.8,
        if_gain_step: int = 11,
        ppm: int = 0,
        bias_tee: bool = False,
        library: str | None = None,
        clock: Clock | None = None,
        watchdog_s: float = WATCHDOG_S,
    ) -> None:
        clock = clock or SystemClock()
        dongle = Dongle(load(library), serial)
        try:
            gain_db = dongle.set_up(gain_db=gain_db, if_gain_step=if_gain_step, ppm=ppm, bias_tee=bias_tee)
        except RadioError:
            dongle.close()
            raise
        super().__init__(UsbSource(dongle, gain_db, clock), clock, watchdog_s=watchdog_s)


class UsbSource:
    """A dongle that delivers over USB."""

    settle_ns = 10_000_000
    buffer_bytes = BUFFER_BYTES

    def __init__(self, dongle: Dongle, gain_db: float, clock: Clock) -> None:
        self.name = f"RTL-SDR {dongle.serial}"
        self.gain_db: float | None = gain_db
        self._dongle, self._clock = dongle, clock
        self._stream: UsbStream | None = None

    def refuse(self, centre_hz: float, rate_hz: float, seconds: float) -> None:
        refuse_window(self.name, centre_hz, rate_hz, seconds)

    def start(self, rate_hz: float) -> tuple[Ring, float]:
        exact_hz = self._dongle.set_rate(rate_hz)
        self._stream = UsbStream(self._dongle, radio=self.name, rate_hz=exact_hz, monotonic_ns=self._clock.monotonic_ns)
        return self._stream.ring, exact_hz

    def tune(self, centre_hz: float) -> None:
        self._dongle.tune(centre_hz)

    def stop(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None and not stream.stop():
            self._dongle.abandon()
            raise DongleWedged(dongle=self._dongle.serial)

    def close(self) -> None:
        self._dongle.close()
