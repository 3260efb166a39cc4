"""What each receiver, standing in one place, has of a channel: a level, bearings, time differences.

A receiver is captured by the louder of two signals, so all that one place measured is of one emitter; which, is what
`fusion.channel.hypotheses` asks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.evidence import Evidence
from fusion.locate.fix import corrected, merge_places
from fusion.locate.geo import Plane
from fusion.track.gather import sigma_deg
from fusion.values import BearingSighting, Sighting

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SAME_PLACE_M = 60.0
MOST_REPEATS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Receivers:
    """sensors, east_m, north_m, level_dbm, floor_dbm, bent_db, sigma_db : of n receivers. level NaN: none; floor NaN:
    did not listen in vain. sigma_db : of gain and fading, without shadowing.

    by, azimuth_rad, sigma_rad            : (b,) bearings, `by` number of the receiver
    first, second, difference_m, sigma_m  : (d,) how much farther the second receiver is
    """

    sensors: tuple[str, ...]
    east_m: Floats
    north_m: Floats
    level_dbm: Floats
    floor_dbm: Floats
    bent_db: Floats
    sigma_db: Floats
    by: Ints
    azimuth_rad: Floats
    sigma_rad: Floats
    first: Ints
    second: Ints
    difference_m: Floats
    sigma_m: Floats

    @property
    def telling(self) -> Ints:
        """Numbers of those that heard something."""
        heard = set(np.flatnonzero(~np.isnan(self.level_dbm)).tolist()) | set(self.by.tolist())
        return np.array(sorted(heard | set(self.first.tolist()) | set(self.second.tolist())), dtype=np.int64)


@dataclass(slots=True)
class _Gathered:
    """Receivers while they are being told apart."""

    sensors: list[str]
    places: list[tuple[float, float]]  # metres
    levels: list[tuple[float, float, float, float]]  # level, floor, bent, sigma

    def number(self, sensor: str, east_m: float, north_m: float) -> int:
        for n, (name, (e, a)) in enumerate(zip(self.sensors, self.places, strict=True)):
            if name == sensor and np.hypot(e - east_m, a - north_m) < SAME_PLACE_M:
                return n
        return self.add(sensor, east_m, north_m, (np.nan, np.nan, 0.0, 8.0))

    def add(self, sensor: str, east_m: float, north_m: float, levels: tuple[float, float, float, float]) -> int:
        self.sensors.append(sensor)
        self.places.append((east_m, north_m))
        self.levels.append(levels)
        return len(self.sensors) - 1


def receivers(evidence: Evidence, plane: Plane, learnt: Learnt = NOTHING_LEARNT) -> Receivers:
    found = _Gathered([], [], [])
    _add_levels(found, evidence.sightings, plane, learnt)
    directions = _directions(found, evidence.bearings, plane)
    first = [found.number(d.sensor_a, *_metres(plane, d.lat_a_deg, d.lon_a_deg)) for d in evidence.differences]
    second = [found.number(d.sensor_b, *_metres(plane, d.lat_b_deg, d.lon_b_deg)) for d in evidence.differences]
    repeats = _repeats(list(zip(first, second, strict=True)))
    east, north = np.array(found.places, float).reshape(-1, 2).T
    level, floor, bent, sigma = np.array(found.levels, float).reshape(-1, 4).T
    return Receivers(
        tuple(found.sensors),
        *(east, north, level, floor, bent, sigma),
        by=directions[:, 0].astype(np.int64),
        azimuth_rad=directions[:, 1],
        sigma_rad=directions[:, 2],
        first=np.array(first, dtype=np.int64),
        second=np.array(second, dtype=np.int64),
        difference_m=LIGHT_M_S * np.array([d.difference_s for d in evidence.differences]),
        sigma_m=repeats
        * np.array([np.hypot(LIGHT_M_S * d.sigma_s, 1.5 * d.position_sigma_m) for d in evidence.differences]),
    )


def _add_levels(found: _Gathered, sightings: tuple[Sighting, ...], plane: Plane, learnt: Learnt) -> None:
    for place in (corrected(each, learnt) for each in merge_places(sightings)):
        off = place.learnt
        gain_db, bent_db = (0.0, 0.0) if off is None else (off.base_db - off.gain_db, off.slope_db)
        sigma = float(np.hypot(place.gain_sigma_db if off is None else off.sigma_db, place.fading_db))
        level = np.nan if place.level_dbm is None else place.level_dbm - gain_db
        floor = np.nan if place.level_dbm is not None else place.floor_dbm - gain_db
        found.add(place.sensor, *_metres(plane, place.lat_deg, place.lon_deg), (level, floor, bent_db, sigma))


def _metres(plane: Plane, lat_deg: float, lon_deg: float) -> tuple[float, float]:
    east, north = plane.to_metres(lat_deg, lon_deg)
    return float(east), float(north)


def _directions(found: _Gathered, bearings: tuple[BearingSighting, ...], plane: Plane) -> Floats:
    """One a receiver: (k, 3), its number, azimuth and sigma in rad. What is reflected is reflected each time."""
    by: dict[int, list[BearingSighting]] = {}
    for b in bearings:
        by.setdefault(found.number(b.sensor, *_metres(plane, b.lat_deg, b.lon_deg)), []).append(b)
    rows = [(number, *_direction(mine)) for number, mine in by.items()]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _direction(bearings: list[BearingSighting]) -> tuple[float, float]:
    """(azimuth, sigma): the mean of those about the most usual one. Three repeats are worth something, more are not."""
    azimuth = np.radians([b.azimuth_deg for b in bearings])
    sigma = float(np.median(np.radians([sigma_deg(b) for b in bearings])))
    apart = np.abs((azimuth[:, None] - azimuth + np.pi) % (2 * np.pi) - np.pi)
    alike = azimuth[apart[np.argmin(apart.sum(axis=1))] < 3 * sigma]
    return float(np.angle(np.exp(1j * alike).mean())), sigma / min(len(alike), MOST_REPEATS) ** 0.5


def _repeats(pairs: list[tuple[int, int]]) -> Floats:
    """By how much each sigma grows so that all repeats of one pair together count as three at most."""
    return np.sqrt(np.maximum(1.0, np.array([pairs.count(p) for p in pairs], float) / MOST_REPEATS))
