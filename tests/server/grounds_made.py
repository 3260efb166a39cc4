"""A pirate whose place is known from levels, bearings of a device, and a person whose compass saw a reflection."""

import msgspec
import numpy as np

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.values import BearingSighting, Emitter, FiledReport, Sighting
from tests.server import made
from wire.person import bearing_report

PLANE = Plane(made.LAT, made.LON)
EMITTER = (900.0, 700.0)
SENSORS = {"hill": (-2500.0, 0.0), "roof": (2800.0, -600.0), "bridge": (200.0, 3200.0), "north": (-1500.0, 2500.0)}
BEARERS = {
    "df-1": (-1000.0, -800.0),
    "df-2": (2600.0, -900.0),
    "person:7": (2000.0, 1500.0),
    "person:9": (400.0, -900.0),
}
REFLECTED = "person:9"


def degrees(place: tuple[float, float]) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(*place)
    return float(lat), float(lon)


def sighting(name: str, place: tuple[float, float], seq: int) -> Sighting:
    lat, lon = degrees(place)
    metres = float(np.hypot(place[0] - EMITTER[0], place[1] - EMITTER[1]))
    return Sighting(
        sensor=name,
        boot=made.BOOT,
        seq=seq,
        time_utc_ns=made.NOW - 10 * made.S,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=5.0,
        level_dbm=-22.0 - 28.0 * float(np.log10(metres / 100.0)) + (-1) ** seq * 2.0,
        cnr_db=None,
        level_sigma_db=3.0,
    )


def bearing(name: str, place: tuple[float, float], seq: int) -> BearingSighting:
    lat, lon = degrees(place)
    azimuth = float(np.degrees(np.arctan2(EMITTER[0] - place[0], EMITTER[1] - place[1])))
    return BearingSighting(
        sensor=name,
        boot=made.BOOT,
        seq=seq,
        time_utc_ns=made.NOW - 5 * made.S,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=20.0,
        azimuth_deg=(azimuth + (110.0 if name == REFLECTED else 3.0)) % 360,
        sigma_deg=None,
        source="person" if name.startswith("person:") else "device",
        freq_hz=97.437e6,
    )


def located_pirate() -> Emitter:
    """The made pirate (`e-pirate`), with evidence and the fix that it gives."""
    sightings = tuple(sighting(name, place, n) for n, (name, place) in enumerate(SENSORS.items(), start=1))
    bearings = tuple(bearing(name, place, n) for n, (name, place) in enumerate(BEARERS.items(), start=1))
    pirate = msgspec.structs.replace(made.pirate(), sightings=sightings, bearings=bearings)
    prior = propagation("fm", pirate.freq_hz)
    fix = locate(Evidence.of(pirate), prior=prior, area=None, time_utc_ns=made.NOW - made.S)
    return msgspec.structs.replace(pirate, fix=fix)


def typed_in() -> FiledReport:
    """The person's bearing of the made pirate, as the report that it came in."""
    (own,) = [b for b in located_pirate().bearings if b.sensor == REFLECTED]
    report = bearing_report(
        freq_hz=own.freq_hz,
        azimuth_deg=own.azimuth_deg,
        sigma_deg=None,
        lat_deg=own.lat_deg,
        lon_deg=own.lon_deg,
        position_sigma_m=own.position_sigma_m,
        time_utc_ns=own.time_utc_ns,
        time_sigma_ns=made.S,
        created_utc_ns=own.time_utc_ns,
        created_monotonic_ns=1,
        software="",
    )
    named = msgspec.structs.replace(report, boot=own.boot, seq=own.seq)
    return FiledReport(row=0, sensor=own.sensor, received_utc_ns=own.time_utc_ns, report=named)
