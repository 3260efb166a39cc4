"""Aeronautical frequencies above the FM band, and who uses them here: a table that the user gives; none is built in.

Instrument landing (localizer) 108.10 to 111.95 MHz with odd tenths, VOR 108 to 117.95 MHz, voice 118 to 137 MHz:
ICAO Annex 10 Vol. V § 4.
"""

import enum
import math
from collections.abc import Iterable

import msgspec

BAND_HZ = (108e6, 137e6)
_EARTH_KM = 6371.0


class Service(enum.Enum):
    """As ITU-R SM.1009 calls them."""

    ILS = "ils"
    VOR = "vor"
    COM = "com"


EDGES_HZ = {Service.ILS: (108.1e6, 111.975e6), Service.VOR: (108e6, 117.975e6), Service.COM: (118e6, 137e6)}
BANDWIDTH_HZ = {Service.ILS: 50e3, Service.VOR: 50e3, Service.COM: 25e3}  # of a receiver: its channel


class AeronauticalFrequency(msgspec.Struct, frozen=True, kw_only=True):
    """One frequency in use. radius_km: within which it is to be kept clear; without a place it counts everywhere."""

    freq_hz: float
    name: str
    kind: Service
    lat_deg: float | None = None
    lon_deg: float | None = None
    radius_km: float = 100.0

    def __post_init__(self) -> None:
        low_hz, high_hz = EDGES_HZ[self.kind]
        if not low_hz <= self.freq_hz <= high_hz:
            mhz, edges = f"{self.freq_hz / 1e6:g}", f"{low_hz / 1e6:g} to {high_hz / 1e6:g} MHz"
            raise ValueError(f"{self.name}: {mhz} MHz is outside {self.kind.name}, {edges}")
        if self.kind is Service.ILS and int(round(self.freq_hz / 1e4) / 10) % 2 == 0:
            raise ValueError(f"{self.name}: {self.freq_hz / 1e6:g} MHz is no localizer's, whose tenths are odd")
        if (self.lat_deg is None) != (self.lon_deg is None):
            raise ValueError(f"{self.name}: latitude and longitude go together")
        if self.lat_deg is not None and not (abs(self.lat_deg) <= 90 and abs(self.lon_deg or 0.0) <= 180):
            raise ValueError(f"{self.name}: no such place: {self.lat_deg}, {self.lon_deg}")
        if not self.radius_km > 0:
            raise ValueError(f"{self.name}: a radius of {self.radius_km} km")


def in_use_near(
    table: Iterable[AeronauticalFrequency], lat_deg: float | None, lon_deg: float | None
) -> tuple[AeronauticalFrequency, ...]:
    """Those within whose radius the place lies; all of them where it is not known."""
    if lat_deg is None or lon_deg is None:
        return tuple(table)
    return tuple(each for each in table if _reaches(each, lat_deg, lon_deg))


def _reaches(each: AeronauticalFrequency, lat_deg: float, lon_deg: float) -> bool:
    if each.lat_deg is None or each.lon_deg is None:
        return True
    return distance_km((each.lat_deg, each.lon_deg), (lat_deg, lon_deg)) <= each.radius_km


def distance_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Along a great circle of a sphere: within 0.6 % of the truth."""
    (lat, lon), (other_lat, other_lon) = (map(math.radians, place) for place in (here, there))
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(half, 1.0)))
