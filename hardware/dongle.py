"""One RTL-SDR dongle: found by its serial, opened, set up. Every call is checked before it is made and after.

librtlsdr must never be called after close, never be closed while it streams, and never be asked for values it refuses.
"""

import ctypes
import threading
from dataclasses import dataclass

from hardware.errors import (
    BadWindow,
    DongleBusy,
    DongleDenied,
    DongleFault,
    DongleUnsupported,
    NoDongle,
    NoSuchSerial,
    RadioClosed,
    SerialNeeded,
    SerialNotUnique,
)
from hardware.librtlsdr import Device, Librtlsdr

ACCESS, NO_DEVICE, NOT_FOUND, BUSY = -3, -4, -5, -6  # libusb's numbers
V4 = ("RTLSDRBlog", "Blog V4")  # needs a driver that knows its mixer; another tunes it wrongly, and says nothing
LOWEST_HZ, HIGHEST_HZ = 24e6, 1766e6  # R820T family
RATES_HZ = ((225_001.0, 300_000.0), (900_001.0, 3_200_000.0))  # what the chip can do
FIXED_IF_GAIN = 10_000  # added to the step, it tells the fork to leave the IF amplifier there


@dataclass(frozen=True, slots=True)
class Listed:
    index: int
    maker: str
    product: str
    serial: str


def list_dongles(library: Librtlsdr) -> tuple[Listed, ...]:
    """Raises DongleDenied when even its name may not be read."""
    found = []
    for index in range(library.call("get_device_count")):
        code, maker, product, serial = library.usb_strings(index)
        if code == ACCESS:
            raise DongleDenied(dongle=f"number {index}")
        if code == 0:
            found.append(Listed(index, maker, product, serial))
    return tuple(found)


def choose(listed: tuple[Listed, ...], serial: str | None) -> Listed:
    """The one with this serial; without a serial the only one there is."""
    if not listed:
        raise NoDongle
    wanted = [one for one in listed if serial is None or one.serial == serial]
    if not wanted:
        raise NoSuchSerial(serial=serial or "", present=", ".join(one.serial for one in listed))
    if len({one.serial for one in wanted}) > 1:
        raise SerialNeeded(present=", ".join(one.serial for one in wanted))
    if len(wanted) > 1:
        raise SerialNotUnique(serial=wanted[0].serial, count=len(wanted))
    return wanted[0]


class Dongle:
    """An open device. Thread-safe."""

    def __init__(self, library: Librtlsdr, serial: str | None) -> None:
        listed = choose(list_dongles(library), serial)
        self.serial = listed.serial
        self._library = library
        self._refuse_unsupported(listed)
        self._device = Device()
        self._lock = threading.RLock()
        self._closed = False
        self._check_open(library.call("open", ctypes.byref(self._device), listed.index))

    def set_up(self, *, gain_db: float, if_gain_step: int, ppm: int, bias_tee: bool) -> float:
        """Everything fixed that can be. Returns the gain in dB that the tuner took."""
        self.do("turn its automatic gain off", "set_agc_mode", 0)
        self.do("set its gain by hand", "set_tuner_gain_mode", 1)
        gain = self._nearest_gain(gain_db)
        self.do("set its gain", "set_tuner_gain", gain)
        if self._library.has("set_tuner_if_mode"):  # else that amplifier follows the signal, and levels mean nothing
            self.do("fix its IF gain", "set_tuner_if_mode", FIXED_IF_GAIN + if_gain_step)
        if self.do("tell its correction", "get_freq_correction", refuse=False) != ppm:  # the same value is an error
            self.do("correct its crystal", "set_freq_correction", ppm)
        if bias_tee:
            self._need("set_bias_tee", "feed its antenna")
            self.do("feed its antenna", "set_bias_tee", 1)
        return gain / 10

    def set_rate(self, rate_hz: float) -> float:
        """The exact rate it took."""
        self.do("set its rate", "set_sample_rate", round(rate_hz))
        return float(self.do("tell its rate", "get_sample_rate"))

    def tune(self, centre_hz: float) -> None:
        self.do("tune", "set_center_freq", round(centre_hz))

    def read_async(self, on_buffer: object, *, buffers: int, buffer_bytes: int) -> int:
        """Delivers until cancelled: blocks, and takes no lock, so that others may tune meanwhile."""
        return self._library.call("read_async", self._device, on_buffer, None, buffers, buffer_bytes)

    def cancel(self) -> None:
        """From any thread, also from the callback."""
        self._library.call("cancel_async", self._device)

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                self._library.call("close", self._device)

    def abandon(self) -> None:
        """Its thread hangs inside the library: closing would hang too, or crash. The handle is left behind."""
        self._closed = True

    def do(self, action: str, name: str, *arguments: object, refuse: bool = True) -> int:
        with self._lock:
            if self._closed:
                raise RadioClosed(radio=f"dongle {self.serial}")
            code = self._library.call(name, self._device, *arguments)
        if refuse and code < 0:
            raise DongleFault(dongle=self.serial, action=action, code=code)
        return code

    def _nearest_gain(self, gain_db: float) -> int:
        steps = self._library.gains(self._device)
        return min(steps, key=lambda step: abs(step - gain_db * 10)) if steps else round(gain_db * 10)

    def _need(self, name: str, action: str) -> None:
        if not self._library.has(name):
            raise DongleFault(dongle=self.serial, action=f"{action}: this librtlsdr has no rtlsdr_{name}", code=0)

    def _refuse_unsupported(self, listed: Listed) -> None:
        if (listed.maker, listed.product) == V4 and not self._library.has("set_dithering"):
            raise DongleUnsupported(dongle=listed.serial, product=f"{listed.maker} {listed.product}")

    def _check_open(self, code: int) -> None:
        if code == BUSY:
            raise DongleBusy(dongle=self.serial)
        if code == ACCESS:
            raise DongleDenied(dongle=self.serial)
        if code < 0:
            raise DongleFault(dongle=self.serial, action="open", code=code)


def refuse_window(radio: str, centre_hz: float, rate_hz: float, seconds: float) -> None:
    """Before the library is asked: a value it refuses costs the stream."""
    reason = None
    if not any(low <= rate_hz <= high for low, high in RATES_HZ):
        reason = "rates are 0.9 to 3.2 MS/s"
    elif not LOWEST_HZ <= centre_hz <= HIGHEST_HZ:
        reason = "centres are 24 to 1766 MHz"
    elif not 0 < seconds <= 60:
        reason = "looks last up to 60 s"
    if reason is not None:
        raise BadWindow(radio=radio, centre_hz=centre_hz, rate_hz=rate_hz, reason=reason)
