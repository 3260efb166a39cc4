"""From sightings to places of reception: levels averaged where one sensor stood."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from fusion.locate.calibrate import Learnt
from fusion.locate.geo import Floats, Plane
from fusion.locate.power import Levels, Silences
from fusion.values import Sighting

CALIBRATED_SIGMA_DB, UNCALIBRATED_SIGMA_DB = 2.5, 8.0
FADING_DB = 3.0  # one look, not averaged over places
UNCALIBRATED_OFFSET_DB = -121.0 + 8.0  # thermal noise in 200 kHz and a usual noise figure
SAME_PLACE_M = 40.0
WIDEST_PLACE_M = 1000.0
MOST_PLACES = 48


@dataclass(frozen=True, slots=True)
class Place:
    """All that one sensor measured in one place."""

    sensor: str
    lat_deg: float
    lon_deg: float
    level_dbm: float | None  # None: nothing
    floor_dbm: float
    gain_sigma_db: float
    fading_db: float  # left after averaging
    looks: int
    bent_db: float = 0.0  # times the exponent: what was learnt of the sensor


def corrected(place: Place, learnt: Learnt) -> Place:
    """With what the sensor's levels are off by taken off them; the part that goes with the exponent goes beside."""
    offset = learnt.offsets.get(place.sensor)
    if offset is None:
        return place
    level_dbm = None if place.level_dbm is None else place.level_dbm - offset.base_db
    return replace(
        place,
        level_dbm=level_dbm,
        floor_dbm=place.floor_dbm - offset.base_db,
        bent_db=offset.slope_db,
        gain_sigma_db=offset.sigma_db,
    )


def merge_places(sightings: Iterable[Sighting]) -> list[Place]:
    """One entry a sensor and place, levels averaged.

    A place is as wide as the emitter is likely far from it: where it is loud every street corner tells, where it is
    weak a whole district says one thing. Wider yet until there are few enough.
    """
    placed = [s for s in sightings if s.lat_deg is not None and s.lon_deg is not None]
    ordered = sorted(placed, key=lambda s: (s.sensor, s.time_utc_ns))
    loudest = max((level for s in ordered if (level := level_dbm(s)) is not None), default=0.0)
    radius_m = SAME_PLACE_M
    while len(groups := _grouped(ordered, radius_m, loudest)) > MOST_PLACES and radius_m < WIDEST_PLACE_M:
        radius_m *= 1.3
    return [_place(group) for group in groups[-MOST_PLACES:]]


def _grouped(ordered: list[Sighting], radius_m: float, loudest_dbm: float) -> list[list[Sighting]]:
    """Runs of one sensor's sightings that stay near the first."""
    groups: list[list[Sighting]] = []
    for sighting in ordered:
        last = groups[-1] if groups else None
        if last is None or last[0].sensor != sighting.sensor:
            groups.append([sighting])
        elif metres_between(last[0], sighting) < radius_m * min(_width(s, loudest_dbm) for s in (last[0], sighting)):
            last.append(sighting)
        else:
            groups.append([sighting])
    return groups


def _width(sighting: Sighting, loudest_dbm: float) -> float:
    """As distances grow with falling level, to a tenfold at most."""
    level = level_dbm(sighting)
    return 10.0 if level is None else min(10.0, 10 ** ((loudest_dbm - level) / 35.0))


def _place(group: list[Sighting]) -> Place:
    levels = [level for s in group if (level := level_dbm(s)) is not None]
    floors = [s.floor_dbm for s in group if s.floor_dbm is not None]
    own = max(gain_sigma_db(s) for s in group)
    return Place(
        sensor=group[0].sensor,
        lat_deg=float(np.mean([s.lat_deg for s in group])),
        lon_deg=float(np.mean([s.lon_deg for s in group])),
        level_dbm=float(np.mean(levels)) if levels else None,
        floor_dbm=min(floors, default=0.0),
        gain_sigma_db=own,
        fading_db=FADING_DB / max(len(levels), 1) ** 0.5,
        looks=len(group),
    )


def level_dbm(sighting: Sighting) -> float | None:
    """As measured by a calibrated sensor; by others from carrier to noise, whose noise is known in kind."""
    if sighting.level_dbm is not None:
        return sighting.level_dbm
    return None if sighting.cnr_db is None else sighting.cnr_db + UNCALIBRATED_OFFSET_DB


def gain_sigma_db(sighting: Sighting) -> float:
    """How sure the level is that the sensor gave: what its calibration says, or what is usual."""
    if sighting.level_dbm is None and sighting.floor_dbm is None:
        return UNCALIBRATED_SIGMA_DB
    return CALIBRATED_SIGMA_DB if sighting.level_sigma_db is None else sighting.level_sigma_db


def metres_between(a: Sighting, b: Sighting) -> float:
    """Between where the two were made; good within a city."""
    north = ((a.lat_deg or 0.0) - (b.lat_deg or 0.0)) * 111_200.0
    east = ((a.lon_deg or 0.0) - (b.lon_deg or 0.0)) * 111_200.0 * np.cos(np.radians(a.lat_deg or 0.0))
    return float(np.hypot(east, north))


def levels_of(places: list[Place], plane: Plane) -> Levels:
    names = sorted({p.sensor for p in places})
    return Levels(
        *_metres(places, plane),
        level_dbm=np.array([p.level_dbm for p in places], dtype=float),
        sensor=np.array([names.index(p.sensor) for p in places]),
        bent_db=np.array([p.bent_db for p in places]),
        gain_sigma_db=np.array([p.gain_sigma_db for p in places]),
        own_sigma_db=np.array([p.fading_db for p in places]),
    )


def silences_of(places: list[Place], plane: Plane) -> Silences:
    return Silences(
        *_metres(places, plane),
        floor_dbm=np.array([p.floor_dbm for p in places]),
        bent_db=np.array([p.bent_db for p in places]),
        own_sigma_db=np.array([np.hypot(p.gain_sigma_db, p.fading_db) for p in places]),
    )


def _metres(places: list[Place], plane: Plane) -> tuple[Floats, Floats]:
    return plane.to_metres(np.array([p.lat_deg for p in places]), np.array([p.lon_deg for p in places]))
