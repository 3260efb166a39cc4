"""Why a receiver gave nothing: one class a reason, each a sentence with what to do."""


class RadioError(Exception):
    """A receiver that cannot do what was asked."""


class RadioClosed(RadioError):
    def __init__(self, *, radio: str) -> None:
        super().__init__(f"{radio} is closed")
        self.radio = radio


# the driver


class NoDriver(RadioError):
    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"the driver for RTL-SDR dongles cannot be loaded ({reason}); "
            "install it: make dongle, or pip install 'wavewarden[rtlsdr]'"
        )
        self.reason = reason


class NoDongle(RadioError):
    def __init__(self) -> None:
        super().__init__("no RTL-SDR dongle is plugged in; check the plug, the hub's power and `lsusb`")


class NoSuchSerial(RadioError):
    def __init__(self, *, serial: str, present: str) -> None:
        super().__init__(f"no dongle has the serial {serial!r}; plugged in: {present}")
        self.serial, self.present = serial, present


class SerialNeeded(RadioError):
    def __init__(self, *, present: str) -> None:
        super().__init__(f"several dongles are plugged in ({present}); name one with radio.rtlsdr.serial")
        self.present = present


class SerialNotUnique(RadioError):
    def __init__(self, *, serial: str, count: int) -> None:
        super().__init__(f"{count} dongles have the serial {serial!r}; give each its own with: rtl_eeprom -s NAME")
        self.serial, self.count = serial, count


class DongleBusy(RadioError):
    def __init__(self, *, dongle: str) -> None:
        super().__init__(
            f"dongle {dongle} is used by another program or by the kernel's television driver; "
            "end that program, or blacklist dvb_usb_rtl28xxu"
        )
        self.dongle = dongle


class DongleDenied(RadioError):
    def __init__(self, *, dongle: str) -> None:
        super().__init__(
            f"no permission to use dongle {dongle}; install the udev rule of hardware/kit and plug it in again"
        )
        self.dongle = dongle


class DongleUnsupported(RadioError):
    def __init__(self, *, dongle: str, product: str) -> None:
        super().__init__(
            f"dongle {dongle} is a {product}, which this driver would tune wrongly without saying so; "
            "install the newer one: make dongle, or pip install 'wavewarden[rtlsdr]'"
        )
        self.dongle, self.product = dongle, product


class DongleFault(RadioError):
    def __init__(self, *, dongle: str, action: str, code: int) -> None:
        super().__init__(f"dongle {dongle} failed to {action} (libusb {code}); check its plug and power")
        self.dongle, self.action, self.code = dongle, action, code


class DongleWedged(RadioError):
    def __init__(self, *, dongle: str) -> None:
        super().__init__(f"the driver of dongle {dongle} hangs; this program must be started again")
        self.dongle = dongle


# what was asked


class BadWindow(RadioError):
    def __init__(self, *, radio: str, centre_hz: float, rate_hz: float, reason: str) -> None:
        super().__init__(f"{radio} cannot receive this window (centre {centre_hz:g} Hz, rate {rate_hz:g} Hz): {reason}")
        self.radio, self.centre_hz, self.rate_hz, self.reason = radio, centre_hz, rate_hz, reason


# the stream


class StreamStalled(RadioError):
    def __init__(self, *, radio: str, seconds: float) -> None:
        super().__init__(f"{radio} has delivered nothing for {seconds:.1f} s; check its plug and power")
        self.radio, self.seconds = radio, seconds


class StreamEnded(RadioError):
    """It stopped by itself."""


class UsbEnded(StreamEnded):
    def __init__(self, *, radio: str, code: int) -> None:
        super().__init__(f"{radio} stopped delivering (libusb {code}): unplugged, or a fault of the USB line")
        self.radio, self.code = radio, code


class LineEnded(StreamEnded):
    def __init__(self, *, radio: str) -> None:
        super().__init__(f"{radio} closed the connection; is its dongle still plugged in?")
        self.radio = radio


class SamplesLost(RadioError):
    def __init__(self, *, radio: str, lost: int, seconds: float) -> None:
        super().__init__(
            f"{radio} lost {lost} samples and never delivered {seconds:g} s without a gap; lower the rate or the load"
        )
        self.radio, self.lost, self.seconds = radio, lost, seconds


# rtl_tcp


class NoRtlTcp(RadioError):
    def __init__(self, *, address: str, reason: str) -> None:
        super().__init__(f"no rtl_tcp server answers at {address}: {reason}")
        self.address, self.reason = address, reason


class NotRtlTcp(RadioError):
    def __init__(self, *, address: str) -> None:
        super().__init__(f"what answers at {address} is not rtl_tcp")
        self.address = address


# replay


class EndOfRecording(RadioError):
    """The replay is over: not a fault."""

    def __init__(self, *, radio: str) -> None:
        super().__init__(f"{radio} has been replayed to its end")
        self.radio = radio


class NotInRecording(RadioError):
    def __init__(self, *, radio: str, centre_hz: float, rate_hz: float) -> None:
        super().__init__(
            f"{radio} holds nothing that covers this window (centre {centre_hz:g} Hz, rate {rate_hz:g} Hz)"
        )
        self.radio, self.centre_hz, self.rate_hz = radio, centre_hz, rate_hz


class NotIq(RadioError):
    def __init__(self, *, radio: str) -> None:
        super().__init__(f"{radio} is a demodulated multiplex, not IQ; it can be heard with `wavewarden replay`")
        self.radio = radio
