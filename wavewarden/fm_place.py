"""Where the receiver is said to be, and how far a licensed transmitter is from there."""

import math
from dataclasses import dataclass

import msgspec

from dsp.signatures.licences import FmLicence, Licences

FARTHEST_KM = 250.0  # beyond it an FM transmitter is not heard day by day, however high it stands
EARTH_KM = 6371.0


class NoPlace(Exception):
    """What was given is not LAT,LON."""


@dataclass(frozen=True, slots=True)
class Place:
    """WGS-84"""

    lat_deg: float
    lon_deg: float


def place(said: str) -> Place:
    """From "30.6,104.1": latitude first. Raises NoPlace."""
    parts = said.replace("，", ",").split(",")
    try:
        lat_deg, lon_deg = (float(part) for part in parts)
    except ValueError:
        raise NoPlace(said) from None
    if not (abs(lat_deg) <= 90 and abs(lon_deg) <= 180):
        raise NoPlace(said)
    return Place(lat_deg, lon_deg)


def kilometres(licence: FmLicence, at: Place | None) -> float | None:
    """Along a great circle; None: one of the two is nowhere."""
    if at is None or licence.lat_deg is None or licence.lon_deg is None:
        return None
    a, b = math.radians(at.lat_deg), math.radians(licence.lat_deg)
    half_lat, half_lon = (b - a) / 2, math.radians(licence.lon_deg - at.lon_deg) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_lon) ** 2
    return 2 * EARTH_KM * math.asin(min(math.sqrt(chord), 1.0))


def within_reach(licences: Licences, at: Place | None) -> Licences:
    """Without those that stand too far away to be heard; what says no place is kept."""
    near = tuple(each for each in licences.fm if (kilometres(each, at) or 0.0) <= FARTHEST_KM)
    return msgspec.structs.replace(licences, fm=near)
