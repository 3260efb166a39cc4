"""From sightings to places of reception: levels averaged where one sensor stood."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fusion.locate.calibrate import FADING_DB, Learnt, SensorOffset
from fusion.locate.geo import Floats, Plane
from fusion.locate.levels import Levels, Silences, Traits
from fusion.values import Sighting

CALIBRATED_SIGMA_DB, UNCALIBRATED_SIGMA_DB = 2.5, 8.0
MANY, WIDE_DB = 30, 20.0  # levels of a drive that show where its noise is
NOISE_SIGMA_DB, LEAST_ABOVE_DB = 3.0, 1.0
FADING_COUNTS = 6.0  # as if so many looks had shown what is usual
SPOT_DEG = 1e-4  # about ten metres
UNCALIBRATED_OFFSET_DB = -121.0 + 8.0  # thermal noise in 200 kHz and a usual noise figure
SLOPE_SIGMA = 0.1  # of one sensor's exponent about the town's, where nothing was learnt: most of it is in the shadowing
SAME_PLACE_M = 40.0  # a sensor that moved less stands still
FINEST_PLACE_M, WIDEST_PLACE_M, WIDEST_RATIO = 15.0, 1000.0, 5.0
MOST_PLACES = 60
ALIKE_M = 150.0  # silences of one sensor nearer than this say the same


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
    learnt: SensorOffset | None = None  # of the sensor; its gain is taken off the level and the floor


def corrected(place: Place, learnt: Learnt) -> Place:
    """With what the sensor's levels are off by taken off them; the part that goes with distance goes beside."""
    offset = learnt.of(place.sensor)
    if offset is None:
        return place
    level_dbm = None if place.level_dbm is None else place.level_dbm - offset.gain_db
    return replace(
        place,
        level_dbm=level_dbm,
        floor_dbm=place.floor_dbm - offset.gain_db,
        gain_sigma_db=offset.gain_db2**0.5,
        learnt=offset,
    )


def merge_places(sightings: Iterable[Sighting]) -> list[Place]:
    """One entry a sensor and place, levels averaged, however often and in whatever order it came by.

    A place is as wide as the emitter is likely far from it: where it is loud every street corner tells, where it is
    weak a whole district says one thing. Wider yet until there are few enough; of too many sensors the loudest stay.
    """
    by_sensor: dict[str, list[Sighting]] = {}
    for s in sightings:
        if s.lat_deg is not None and s.lon_deg is not None:
            by_sensor.setdefault(s.sensor, []).append(s)
    every = [s for mine in by_sensor.values() for s in mine]
    loudest = max((level for s in every if (level := level_dbm(s)) is not None), default=0.0)
    radius_m = FINEST_PLACE_M
    while True:
        groups = [g for name in sorted(by_sensor) for g in _grouped(by_sensor[name], radius_m, loudest)]
        if len(groups) <= MOST_PLACES or radius_m >= WIDEST_PLACE_M:
            break
        radius_m *= 1.15
    usual = {name: _Usual.of([g for g in groups if g[0].sensor == name]) for name in by_sensor}
    places = [_place(group, usual[group[0].sensor]) for group in groups]
    if len(places) > MOST_PLACES:
        places.sort(key=lambda p: -999.0 if p.level_dbm is None else p.level_dbm, reverse=True)
    return places[:MOST_PLACES]


def _grouped(mine: list[Sighting], radius_m: float, loudest_dbm: float) -> list[list[Sighting]]:
    """One sensor's sightings about the loudest, then about the loudest of the rest, until none is left."""
    levels = np.array([-np.inf if (level := level_dbm(s)) is None else level for s in mine])
    north = np.array([s.lat_deg for s in mine], float) * 111_200.0
    east = np.array([s.lon_deg for s in mine], float) * 111_200.0 * np.cos(np.radians(mine[0].lat_deg or 0.0))
    groups, left = [], np.argsort(-levels, kind="stable")
    while left.size:
        first = left[0]
        near = np.hypot(east[left] - east[first], north[left] - north[first])
        taken = near < radius_m * _width(levels[first], loudest_dbm)
        groups.append([mine[i] for i in np.sort(left[taken])])
        left = left[~taken]
    return groups


def _width(level: float, loudest_dbm: float) -> float:
    """As distances grow with falling level, to a fivefold at most."""
    return float(min(WIDEST_RATIO, 10 ** ((loudest_dbm - max(level, -999.0)) / 35.0)))


@dataclass(frozen=True, slots=True)
class _Usual:
    """Of one sensor. fading_db: of one look.  noise_dbm: its own, which is in every level; None: not known."""

    fading_db: float
    noise_dbm: float | None

    @classmethod
    def of(cls, groups: list[list[Sighting]]) -> "_Usual":
        return cls(_fading_db(groups), _noise_dbm([s for group in groups for s in group]))

    def without_noise(self, level: float) -> tuple[float, float]:
        """(level of the signal alone, its sigma): near the noise hardly anything is known of it."""
        if self.noise_dbm is None:
            return level, 0.0
        signal_share = 1.0 - 10 ** (-max(level - self.noise_dbm, LEAST_ABOVE_DB) / 10)
        return level + 10 * float(np.log10(signal_share)), NOISE_SIGMA_DB * (1 / signal_share - 1)


def _fading_db(groups: list[list[Sighting]]) -> float:
    """What is usual, or more where its levels scatter more within one place."""
    squares, freedom = 0.0, 0
    for group in groups:
        levels = [level for s in group if (level := level_dbm(s)) is not None]
        squares += float(np.var(levels)) * len(levels) if levels else 0.0
        freedom += max(len(levels) - 1, 0)
    usual = FADING_COUNTS * FADING_DB**2
    return max(FADING_DB, float(np.sqrt((usual + squares) / (FADING_COUNTS + freedom))))


def _noise_dbm(mine: list[Sighting]) -> float | None:
    """As carrier to noise says; else what many levels of a wide range hardly ever fall below."""
    known = [s.level_dbm - s.cnr_db for s in mine if s.level_dbm is not None and s.cnr_db is not None]
    if known:
        return float(np.median(known))
    levels = [s.level_dbm for s in mine if s.level_dbm is not None]
    if len(levels) < MANY:
        return None
    least = float(np.percentile(levels, 5))
    return least if max(levels) - least > WIDE_DB else None


def _place(group: list[Sighting], usual: _Usual) -> Place:
    levels = [level for s in group if (level := level_dbm(s)) is not None]
    floors = [s.floor_dbm for s in group if s.floor_dbm is not None]
    spots = {(round((s.lat_deg or 0.0) / SPOT_DEG), round((s.lon_deg or 0.0) / SPOT_DEG)) for s in group}
    signal, noise_sigma_db = usual.without_noise(float(np.mean(levels))) if levels else (None, 0.0)
    return Place(
        sensor=group[0].sensor,
        lat_deg=float(np.mean([s.lat_deg for s in group])),
        lon_deg=float(np.mean([s.lon_deg for s in group])),
        level_dbm=signal,
        floor_dbm=min(floors, default=0.0),
        gain_sigma_db=max(gain_sigma_db(s) for s in group),
        fading_db=float(np.hypot(usual.fading_db / len(spots) ** 0.5, noise_sigma_db)),
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
    return Levels(
        *_metres(places, plane),
        level_dbm=np.array([p.level_dbm for p in places], dtype=float),
        sensor=_numbers(places),
        own_sigma_db=np.array([p.fading_db for p in places]),
        traits=traits_of(places),
    )


def silences_of(places: list[Place], plane: Plane) -> Silences:
    east, north = _metres(places, plane)
    number = _numbers(places)
    apart = np.hypot(east[:, None] - east, north[:, None] - north)
    alike = (number[:, None] == number) * np.exp(-apart / ALIKE_M)
    return Silences(
        east,
        north,
        floor_dbm=np.array([p.floor_dbm for p in places]),
        own_sigma_db=np.array([p.fading_db for p in places]),
        counts=1.0 / np.maximum(alike.sum(axis=1), 1.0),
        traits=traits_of(places),
    )


def traits_of(places: list[Place]) -> Traits:
    """What was learnt of each place's sensor, or what its calibration says of its gain."""
    return Traits(*(np.array(column, float) for column in zip(*map(_traits, places), strict=True)))


def _traits(place: Place) -> tuple[float, ...]:
    s = place.learnt
    if s is None:
        return 0.0, 0.0, 1.0, place.gain_sigma_db**2, 0.0, SLOPE_SIGMA**2, 0.0
    return s.slope, s.bent_db, s.lean, s.gain_db2, s.cross_db, s.slope_2, s.shadowing_db


def _numbers(places: list[Place]) -> NDArray[np.int64]:
    names = sorted({p.sensor for p in places})
    return np.array([names.index(p.sensor) for p in places], dtype=np.int64)


def _metres(places: list[Place], plane: Plane) -> tuple[Floats, Floats]:
    return plane.to_metres(np.array([p.lat_deg for p in places]), np.array([p.lon_deg for p in places]))
