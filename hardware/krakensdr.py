"""What a KrakenSDR publishes of directions: its "Kraken App" lines, one a tuned channel.

A line holds, parted by commas: time in ms, angle, confidence 0–99, power in dB, frequency in Hz, array (UCA, ULA,
Custom), latency in ms, station, latitude, longitude, GPS heading, compass heading, which of them counts (GPS, Compass),
four reserved fields, then 360 values of the array's response, one a degree.

The response always counts counter-clockwise from the first antenna. The angle does too in some versions of the device's
program and clockwise in others, whatever its documentation says: where the response is there, its peak tells which.
A KrakenSDR without a position writes 0,0.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hardware.errors import RadioError
from hardware.radio import Place

FEWEST_FIELDS, RESERVED_TO, RESPONSE = 13, 17, 360
SAME_DEG = 2.0  # the angle is a rounded or interpolated peak of the response
FIX_SIGMA_M = 15.0  # of its GPS, which does not say
BEST_CONFIDENCE = 99.0
Counts = Literal["auto", "clockwise", "counter_clockwise"]


class DoaRefused(RadioError):
    """A line of the feed that says nothing."""


class DoaNotCsv(DoaRefused):
    def __init__(self) -> None:
        super().__init__(
            "this is a page or XML, not the feed of directions; set the KrakenSDR's DOA data format to Kraken App"
        )


class DoaLineCut(DoaRefused):
    def __init__(self, *, have: int) -> None:
        super().__init__(f"the line has {have} fields, which is no whole line; it was read while it was written")
        self.have = have


class DoaBadField(DoaRefused):
    def __init__(self, *, field: str, value: str) -> None:
        super().__init__(f"{field} is {value!r}, which cannot be")
        self.field, self.value = field, value


class DoaWayUnknown(DoaRefused):
    def __init__(self) -> None:
        super().__init__(
            "whether its angle counts clockwise cannot be seen from this line; "
            'set counts = "clockwise" or "counter_clockwise" for this device'
        )


class DoaLinear(DoaRefused):
    def __init__(self) -> None:
        super().__init__("a linear array cannot tell front from back; set linear = true if its software looks one way")


class DoaNoHeading(DoaRefused):
    def __init__(self) -> None:
        super().__init__(
            "it knows neither its place nor its heading; set heading_deg, the way its first antenna points"
        )


@dataclass(frozen=True, slots=True)
class Mounting:
    """How an array stands, as far as its own lines do not say it.

    heading_deg     : where its first antenna points, from true north; None: as the line says
    turned_deg      : of the first antenna against the vehicle's nose, clockwise
    declination_deg : of its compass, east positive
    """

    heading_deg: float | None = None
    turned_deg: float = 0.0
    declination_deg: float = 0.0
    counts: Counts = "auto"
    linear: bool = False


@dataclass(frozen=True, slots=True)
class Doa:
    """One direction. azimuth_deg : from true north, clockwise; place : None without a fix."""

    time_utc_ns: int
    azimuth_deg: float
    quality: float  # 0–1
    freq_hz: float
    station: str
    place: Place | None


def read_line(line: str, mounting: Mounting) -> Doa:
    """Raises DoaRefused."""
    fields = [field.strip() for field in line.strip().split(",")]
    if fields[0].startswith("<"):
        raise DoaNotCsv
    if len(fields) < FEWEST_FIELDS or (len(fields) not in range(FEWEST_FIELDS, RESERVED_TO + 1) and not _whole(fields)):
        raise DoaLineCut(have=len(fields))
    if fields[5].upper() == "ULA" and not mounting.linear:
        raise DoaLinear
    time_ms = _number(fields, 0, "time", 1e11, 1e14)
    latency_ms = _number(fields, 6, "latency", 0, 600_000)
    angle = _number(fields, 1, "angle", -360, 360)
    place = _place(fields)
    return Doa(
        time_utc_ns=round((time_ms - latency_ms / 2) * 1e6),
        azimuth_deg=(_clockwise(angle, fields[RESERVED_TO:], mounting.counts) + _heading(fields, place, mounting))
        % 360,
        quality=min(_number(fields, 2, "confidence", 0, 1e6) / BEST_CONFIDENCE, 1.0),
        freq_hz=_number(fields, 4, "frequency", 1e6, 6e9),
        station=fields[7],
        place=place,
    )


def _whole(fields: Sequence[str]) -> bool:
    return len(fields) == RESERVED_TO + RESPONSE


def _number(fields: Sequence[str], at: int, name: str, low: float, high: float) -> float:
    try:
        value = float(fields[at])
    except ValueError:
        value = math.nan
    if not low <= value <= high:  # not a number neither
        raise DoaBadField(field=name, value=fields[at][:40])
    return value


def _clockwise(angle_deg: float, response: Sequence[str], counts: Counts) -> float:
    """From the first antenna, clockwise."""
    if counts == "clockwise":
        return angle_deg
    if counts == "counter_clockwise":
        return -angle_deg
    if not response:
        raise DoaWayUnknown
    try:
        peak_deg = float(np.argmax([float(value) for value in response]))
    except ValueError:
        raise DoaBadField(field="response", value=response[0][:40]) from None
    if _apart(angle_deg, -peak_deg) <= SAME_DEG:
        return angle_deg
    if _apart(angle_deg, peak_deg) <= SAME_DEG:
        return -angle_deg
    raise DoaWayUnknown


def _apart(a_deg: float, b_deg: float) -> float:
    return abs((a_deg - b_deg + 180) % 360 - 180)


def _place(fields: Sequence[str]) -> Place | None:
    if {fields[8].lower(), fields[9].lower()} & {"", "none", "nan"}:
        return None
    lat, lon = _number(fields, 8, "latitude", -90, 90), _number(fields, 9, "longitude", -180, 180)
    return None if (lat, lon) == (0.0, 0.0) else Place(lat, lon, FIX_SIGMA_M)


def _heading(fields: Sequence[str], place: Place | None, mounting: Mounting) -> float:
    """Of the first antenna. A heading by GPS is where it drove last: without a fix there is none."""
    if mounting.heading_deg is not None:
        return mounting.heading_deg
    if fields[12].lower() == "compass":
        return _number(fields, 11, "compass heading", -360, 360) + mounting.declination_deg + mounting.turned_deg
    if place is None:
        raise DoaNoHeading
    return _number(fields, 10, "GPS heading", -360, 360) + mounting.turned_deg
