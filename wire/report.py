"""What a sensor says: what it heard, where it listened, what it found wrong, how it is."""

import enum

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding


class TimeSource(enum.Enum):
    NONE = "none"  # nothing trusted: times are only ordered, not placed
    SYSTEM = "system"  # the computer's clock, not known to be disciplined
    NTP = "ntp"
    GNSS = "gnss"
    PPS = "pps"
    RECORDING = "recording"  # as written in the recording that is replayed


class PositionSource(enum.Enum):
    SURVEYED = "surveyed"  # from the configuration
    GNSS = "gnss"
    RECORDING = "recording"
    STATED = "stated"  # a person's word, typed in or pointed at on a map


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """WGS-84. There is no position without a fix: the field that holds this is None then."""

    lat_deg: float
    lon_deg: float
    sigma_m: float
    source: PositionSource
    height_m: float | None = None


class Swept(msgspec.Struct, frozen=True, kw_only=True):
    """A window that was listened to: what is not in `heard` was below `floor_dbm` there."""

    service: str  # "gsm" or "fm"
    low_hz: float
    high_hz: float
    seconds: float
    noise_dbfs_200k: float  # noise power in 200 kHz
    lost_samples: int
    clipped_share: float | None
    floor_dbm: float | None = None  # weakest carrier that would have been reported, calibrated sensors only


class Health(msgspec.Struct, frozen=True, kw_only=True):
    uptime_s: float
    samples_read: int
    samples_lost: int
    clipped_share: float | None
    noise_dbfs_200k: float | None
    gain_db: float | None
    time_source: TimeSource
    time_sigma_ns: int | None
    queue_length: int  # reports in the outbox that no server has acknowledged
    temperature_c: float | None = None
    radio: str = ""  # which receiver
    radio_restarts: int = 0
    deaf: bool | None = None  # None: not yet known
    refused: dict[str, int] = {}  # counters by reason
    durable: bool = True  # False: the outbox could not be written, reports live in memory only


class Bearing(msgspec.Struct, frozen=True, kw_only=True):
    """A direction finder's or a person's word on where a signal came from, at the report's time and position."""

    freq_hz: float
    azimuth_deg: float  # from true north, clockwise, 0–360
    sigma_deg: float | None = None  # as its maker claims it; None: not said
    source: str = "device"  # or "person"
    level_dbm: float | None = None
    quality: float | None = None  # 0–1, as the device says


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A bearing that a person typed in is taken back: that of this report."""

    boot: str
    seq: int
    sensor: str = ""  # under which it was filed; "": the same as this one


class Report(msgspec.Struct, frozen=True, kw_only=True, tag="report"):
    """One look. Its identity is (sensor, boot, seq); the sensor is known by its key, never by what it says."""

    boot: str  # 32 hex digits, new at every start of the sensor
    seq: int  # counts from 1 within a boot
    time_utc_ns: int | None  # middle of the look; None without a trusted clock
    time_sigma_ns: int | None
    time_source: TimeSource
    created_utc_ns: int  # when the report was made, by the computer's clock
    created_monotonic_ns: int
    position: Position | None
    swept: tuple[Swept, ...] = ()
    heard: tuple[GsmCell | FmStation, ...] = ()
    findings: tuple[Finding, ...] = ()
    bearings: tuple[Bearing, ...] = ()
    withdrawn: tuple[Withdrawal, ...] = ()
    level_sigma_db: float | None = None  # of every level_dbm and floor_dbm here, by the sensor's calibration
    health: Health | None = None
    software: str = ""  # version of the program and of its rules
