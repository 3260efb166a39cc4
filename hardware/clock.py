"""The computer's clock, and how far it can be trusted.

A Linux kernel knows whether something disciplines its clock and how far off it may be: adjtimex(2), which chronyd and
ntpd feed. Asking it needs no daemon's socket and no permission.
"""

import ctypes
import enum
import sys
import time
from dataclasses import dataclass
from typing import Protocol

EARLIEST_UTC_NS = 1_735_689_600_000_000_000  # 2025-01-01: a clock that says less was never set
UNDISCIPLINED_SIGMA_NS = 500_000_000  # judgement: a computer that was on the network within the last days
STA_UNSYNC, STA_PPSTIME = 0x0040, 0x0004  # <linux/timex.h>
TIME_ERROR = 5


class ClockSource(enum.Enum):
    NONE = "none"
    SYSTEM = "system"
    NTP = "ntp"
    GNSS = "gnss"
    PPS = "pps"
    RECORDING = "recording"


@dataclass(frozen=True, slots=True)
class ClockQuality:
    source: ClockSource
    sigma_ns: int | None


class Clock(Protocol):
    def utc_ns(self) -> int: ...

    def monotonic_ns(self) -> int: ...

    def quality(self) -> ClockQuality: ...


class SystemClock:
    def utc_ns(self) -> int:
        return time.time_ns()

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()

    def quality(self) -> ClockQuality:
        return judge_clock(self.utc_ns(), kernel_clock())


class Timex(ctypes.Structure):
    """struct timex of <sys/timex.h>, as far as it is read; the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("room", ctypes.c_byte * 256),
    )


@dataclass(frozen=True, slots=True)
class KernelClock:
    synchronised: bool
    pps: bool
    estimated_error_ns: int


def kernel_clock() -> KernelClock | None:
    """What the kernel thinks of its clock; None where it cannot be asked."""
    if not sys.platform.startswith("linux"):
        return None
    timex = Timex()
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(timex))
    except (OSError, AttributeError):
        return None
    if state < 0:
        return None
    synchronised = state != TIME_ERROR and not timex.status & STA_UNSYNC
    return KernelClock(synchronised, bool(timex.status & STA_PPSTIME), timex.esterror * 1000)


def judge_clock(utc_ns: int, kernel: KernelClock | None) -> ClockQuality:
    """Source and uncertainty. A disciplined clock is believed to what the discipline says, never below 1 µs."""
    if utc_ns < EARLIEST_UTC_NS:
        return ClockQuality(ClockSource.NONE, None)
    if kernel is None or not kernel.synchronised:
        return ClockQuality(ClockSource.SYSTEM, UNDISCIPLINED_SIGMA_NS)
    source = ClockSource.PPS if kernel.pps else ClockSource.NTP
    return ClockQuality(source, max(1000, kernel.estimated_error_ns))
