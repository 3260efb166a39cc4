"""librtlsdr by ctypes: the functions we call, as its header declares them, and nothing on top.

The library comes with pyrtlsdrlib (the extra `rtlsdr`), which is imported only here and only when a dongle is opened.
pyrtlsdr itself is not used: it closes the device on any error and keeps the freed pointer.
"""

import ctypes
import ctypes.util
from collections.abc import Callable

from hardware.errors import NoDriver

Device = ctypes.c_void_p
OnBuffer = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_uint32, ctypes.c_void_p)  # buffer, length, context
_u32, _int, _text = ctypes.c_uint32, ctypes.c_int, ctypes.c_char_p
_gains = ctypes.POINTER(ctypes.c_int)

NEEDED: dict[str, tuple[object, tuple[object, ...]]] = {
    "rtlsdr_get_device_count": (_u32, ()),
    "rtlsdr_get_device_usb_strings": (_int, (_u32, _text, _text, _text)),
    "rtlsdr_open": (_int, (ctypes.POINTER(Device), _u32)),
    "rtlsdr_close": (_int, (Device,)),
    "rtlsdr_set_center_freq": (_int, (Device, _u32)),
    "rtlsdr_set_freq_correction": (_int, (Device, _int)),
    "rtlsdr_get_freq_correction": (_int, (Device,)),
    "rtlsdr_get_tuner_gains": (_int, (Device, _gains)),
    "rtlsdr_set_tuner_gain_mode": (_int, (Device, _int)),
    "rtlsdr_set_tuner_gain": (_int, (Device, _int)),
    "rtlsdr_set_agc_mode": (_int, (Device, _int)),
    "rtlsdr_set_sample_rate": (_int, (Device, _u32)),
    "rtlsdr_get_sample_rate": (_u32, (Device,)),
    "rtlsdr_reset_buffer": (_int, (Device,)),
    "rtlsdr_read_async": (_int, (Device, OnBuffer, ctypes.c_void_p, _u32, _u32)),
    "rtlsdr_cancel_async": (_int, (Device,)),
}
OPTIONAL: dict[str, tuple[object, tuple[object, ...]]] = {
    "rtlsdr_set_tuner_if_mode": (_int, (Device, _int)),  # the fork of pyrtlsdrlib
    "rtlsdr_set_bias_tee": (_int, (Device, _int)),
    "rtlsdr_set_dithering": (_int, (Device, _int)),  # its presence tells the fork
}


class Librtlsdr:
    """A loaded library. Functions are called by their name without `rtlsdr_`; each returns what C returns."""

    def __init__(self, library: ctypes.CDLL) -> None:
        for name, (result, arguments) in (NEEDED | OPTIONAL).items():
            function = getattr(library, name, None)
            if function is None and name in OPTIONAL:
                continue
            if function is None:
                raise NoDriver(reason=f"this librtlsdr has no {name}")
            function.restype, function.argtypes = result, arguments
        self._library = library

    def has(self, name: str) -> bool:
        return hasattr(self._library, f"rtlsdr_{name}")

    def call(self, name: str, *arguments: object) -> int:
        result: int = getattr(self._library, f"rtlsdr_{name}")(*arguments)
        return result

    def usb_strings(self, index: int) -> tuple[int, str, str, str]:
        """(0 or a libusb error, maker, product, serial)."""
        buffers = [ctypes.create_string_buffer(256) for _ in range(3)]
        code = self.call("get_device_usb_strings", index, *buffers)
        return code, *(buffer.value.decode("utf-8", "replace") for buffer in buffers)  # type: ignore[return-value]

    def gains(self, device: Device) -> tuple[int, ...]:
        """Tenths of dB the tuner can be set to."""
        count = self.call("get_tuner_gains", device, None)
        values = (ctypes.c_int * max(count, 0))()
        return tuple(values[: max(0, self.call("get_tuner_gains", device, values))]) if count > 0 else ()


def load(path: str | None = None) -> Librtlsdr:
    """The library at `path`, else pyrtlsdrlib's, else the system's. Raises NoDriver."""
    try:
        return Librtlsdr(ctypes.CDLL(path) if path else _installed())
    except (ImportError, AttributeError, OSError) as error:
        raise NoDriver(reason=str(error)) from error


def _installed() -> ctypes.CDLL:
    loaders: tuple[Callable[[], ctypes.CDLL | None], ...] = (_from_wheel, _from_system)
    for loader in loaders:
        library = loader()
        if library is not None:
            return library
    raise ImportError("librtlsdr is not installed")


def _from_wheel() -> ctypes.CDLL | None:
    try:
        import pyrtlsdrlib  # noqa: PLC0415  only when a dongle is opened
    except ImportError:
        return None
    library: ctypes.CDLL | None = pyrtlsdrlib.load_librtlsdr()
    return library


def _from_system() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("rtlsdr")
    return None if name is None else ctypes.CDLL(name)
