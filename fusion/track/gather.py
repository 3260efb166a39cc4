"""What was measured of an emitter in a span of time, in the metres of a cloud's plane."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

import numpy as np

from fusion.locate.assumptions import DEVICE, LIGHT_M_S, PERSON
from fusion.locate.calibrate import FADING_DB, NOTHING_LEARNT, Learnt
from fusion.locate.fix import gain_sigma_db, level_dbm, metres_between
from fusion.locate.geo import Floats, Plane
from fusion.track.evidence import Bearings, Differences
from fusion.track.filter import NO_BEARINGS, Evidence
from fusion.track.levels import SILENCE_S, Look
from fusion.values import ArrivalDifference, BearingSighting, Emitter, Sighting

LEAST_CLAIM_DEG = 0.5
SAID_AGAIN_M = 40.0  # that the emitter must go before a bearing from the same place has an error of its own
LEAST_WEIGHT = 0.5  # of a minute of looks, a tenth of whose variance they share (locate.assumptions): 1 / (1 + 1.1)


class _Timed(Protocol):
    @property
    def time_utc_ns(self) -> int: ...


Measured = TypeVar("Measured", bound=_Timed)


def measured(
    emitter: Emitter,
    plane: Plane,
    *,
    after_ns: int,
    until_ns: int,
    speed_m_s: float,
    learnt: Learnt = NOTHING_LEARNT,
) -> Evidence:
    """`speed_m_s` : how fast the emitter goes, as far as it is known."""
    return Evidence(
        _bearings(emitter.bearings, plane, after_ns, until_ns, speed_m_s),
        _differences(_inside(emitter.differences, after_ns, until_ns), plane, until_ns),
        tuple(_corrected(each, learnt) for each in _looks(emitter.sightings, plane, after_ns, until_ns)),
    )


def _inside(rows: Iterable[Measured], after_ns: int, until_ns: int) -> list[Measured]:
    return [row for row in rows if after_ns < row.time_utc_ns <= until_ns]


def _ago_s(rows: Sequence[_Timed], until_ns: int) -> Floats:
    return np.array([(until_ns - row.time_utc_ns) / 1e9 for row in rows])


def _bearings(
    seen: Sequence[BearingSighting], plane: Plane, after_ns: int, until_ns: int, speed_m_s: float
) -> Bearings:
    rows = _inside(seen, after_ns, until_ns)
    if not rows:
        return NO_BEARINGS
    east, north = plane.to_metres(np.array([b.lat_deg for b in rows]), np.array([b.lon_deg for b in rows]))
    return Bearings(
        _ago_s(rows, until_ns),
        east,
        north,
        np.radians([b.azimuth_deg for b in rows]),
        np.radians([sigma_deg(b) for b in rows]),
        np.array([b.position_sigma_m for b in rows]),
        np.array([_news(b, seen, speed_m_s) for b in rows]),
    )


def sigma_deg(bearing: BearingSighting) -> float:
    """Between what is usual and what is claimed."""
    bearer = PERSON if bearing.source == "person" else DEVICE
    if bearing.sigma_deg is None:
        return bearer.sigma_deg
    claimed = max(bearing.sigma_deg, LEAST_CLAIM_DEG)
    return float(claimed**bearer.claim_counts * bearer.sigma_deg ** (1 - bearer.claim_counts))


def _news(bearing: BearingSighting, seen: Sequence[BearingSighting], speed_m_s: float) -> float:
    """How much of a bearing its sensor had not said a moment ago: reflections stay while the emitter stands."""
    earlier = [b.time_utc_ns for b in seen if b.sensor == bearing.sensor and b.time_utc_ns < bearing.time_utc_ns]
    if not earlier:
        return 1.0
    gone_m = speed_m_s * (bearing.time_utc_ns - max(earlier)) / 1e9
    return min(1.0, LEAST_WEIGHT + gone_m / SAID_AGAIN_M)


def _differences(rows: Sequence[ArrivalDifference], plane: Plane, until_ns: int) -> tuple[Differences, ...]:
    """Those of one instant together."""
    times = sorted({row.time_utc_ns for row in rows})
    return tuple(_instant([row for row in rows if row.time_utc_ns == at], plane, until_ns) for at in times)


def _instant(rows: list[ArrivalDifference], plane: Plane, until_ns: int) -> Differences:
    places = {row.sensor_a: (row.lat_a_deg, row.lon_a_deg) for row in rows}
    places |= {row.sensor_b: (row.lat_b_deg, row.lon_b_deg) for row in rows}
    names = list(places)
    east, north = plane.to_metres(*np.array(list(places.values())).T)
    pairs = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        pairs[number, names.index(row.sensor_a)], pairs[number, names.index(row.sensor_b)] = -1.0, 1.0
    return Differences(
        (until_ns - rows[0].time_utc_ns) / 1e9,
        east,
        north,
        pairs,
        LIGHT_M_S * np.array([row.difference_s for row in rows]),
        np.array([np.hypot(LIGHT_M_S * row.sigma_s, np.sqrt(2) * row.position_sigma_m) for row in rows]),
    )


def _corrected(look: Look, learnt: Learnt) -> Look:
    """With what the sensor's levels are off by taken off them."""
    offset = learnt.of(look.sensor)
    if offset is None:
        return look
    return replace(
        look,
        level_dbm=None if look.level_dbm is None else look.level_dbm - offset.base_db,
        floor_dbm=look.floor_dbm - offset.base_db,
        gain_sigma_db=offset.sigma_db,
        bent_db=offset.slope_db,
    )


def _looks(sightings: Sequence[Sighting], plane: Plane, after_ns: int, until_ns: int) -> tuple[Look, ...]:
    rows = sorted(_inside(sightings, after_ns, until_ns), key=lambda s: s.time_utc_ns)
    rows = [s for s in rows if s.lat_deg is not None and s.lon_deg is not None]
    if not rows:
        return ()
    east, north = plane.to_metres(np.array([s.lat_deg for s in rows]), np.array([s.lon_deg for s in rows]))
    before = {s.sensor: s for s in sightings if s.time_utc_ns <= after_ns and s.lat_deg is not None}
    span_s, looks = (until_ns - after_ns) / 1e9, []
    for row, e, n in zip(rows, east, north, strict=True):
        level = None if row.floor_dbm is not None else level_dbm(row)
        if level is None and row.floor_dbm is None:
            continue
        silences = sum(s.sensor == row.sensor and s.floor_dbm is not None for s in rows)
        looks.append(
            Look(
                sensor=row.sensor,
                ago_s=(until_ns - row.time_utc_ns) / 1e9,
                east_m=float(e),
                north_m=float(n),
                level_dbm=level,
                floor_dbm=row.floor_dbm or 0.0,
                gain_sigma_db=gain_sigma_db(row),
                fading_db=FADING_DB,
                moved_m=metres_between(before[row.sensor], row) if row.sensor in before else 0.0,
                weight=min(1.0, span_s / SILENCE_S / max(silences, 1)),
            )
        )
        before[row.sensor] = row
    return tuple(looks)
