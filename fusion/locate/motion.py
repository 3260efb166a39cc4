"""Does an emitter move? Told from how the levels at sensors that stand still change against each other.

The difference of two fixes would not tell: each is uncertain by a kilometre. But a standing emitter's levels stay as
they are, shadowing and all, so their changes are a far finer measure. A change of power moves all alike and is taken
out; what is left gives a displacement and its sigma by the gradient of the path loss at the emitter's place.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from fusion.locate.fix import SAME_PLACE_M, level_dbm, metres_between
from fusion.locate.geo import Plane
from fusion.values import Sighting

Floats = NDArray[np.float64]
SECOND_NS = 10**9
NEW_S, OLD_S, LONG_S = 30, 100, 600
FADING_DB, LEAST_SIGMA_DB = 1.8, 0.7
LEAST_SENSORS, LEAST_LOOKS = 3, 2
EXPONENT = 3.2
LEAST_M, LEAST_SIGMAS = 300.0, 4.2  # in two dimensions, 4.2 sigma is one in 7,000
MOST_SIGMAS = 20.0
OTHERS_CHANCE = 0.03
NEAREST_M = 300.0


@dataclass(frozen=True, slots=True)
class Displacement:
    east_m: float
    north_m: float
    sigma_m: float  # along it
    sigmas: float

    @property
    def metres(self) -> float:
        return float(np.hypot(self.east_m, self.north_m))

    @property
    def certain(self) -> bool:
        return self.metres > LEAST_M and self.sigmas > LEAST_SIGMAS


@dataclass(frozen=True, slots=True)
class _Change:
    """Of the level at one standing sensor, from one window to the next."""

    lat_deg: float
    lon_deg: float
    db: float
    sigma_db: float


def displacement(sightings: Iterable[Sighting], *, lat_deg: float, lon_deg: float) -> Displacement | None:
    """The surer of the move within a minute or two and the move within ten; None where too few sensors can tell."""
    held = sorted(sightings, key=lambda s: s.time_utc_ns)
    moves = [_moved(held, old_s, Plane(lat_deg, lon_deg)) for old_s in ((NEW_S, OLD_S), (OLD_S, LONG_S))]
    return max((m for m in moves if m is not None), key=lambda m: m.sigmas, default=None)


def _moved(sightings: list[Sighting], old_s: tuple[int, int], plane: Plane) -> Displacement | None:
    """From the window `old_s` before the newest sighting to the last NEW_S. Origin of the plane: the emitter."""
    changes = [c for sensor in sorted({s.sensor for s in sightings}) if (c := _change(sightings, sensor, old_s))]
    if len(changes) < LEAST_SENSORS:
        return None
    sigmas = min(_sigmas(changes), MOST_SIGMAS)
    metres = _fitted(changes, plane)
    return None if metres is None else Displacement(*metres, float(np.hypot(*metres)) / max(sigmas, 1e-9), sigmas)


def _sigmas(changes: list[_Change]) -> float:
    """How surely the levels changed against each other: as sigmas in two dimensions of the same chance.

    One sensor alone may have had a change of its own (a lorry, its antenna): without the oddest one the others must
    still say it, if less surely.
    """
    whole, odd = _chance(changes), _oddest(changes)
    others = _chance([c for c in changes if c is not odd])
    return float(np.sqrt(-2 * np.log(max(whole, 1e-300)))) if others < OTHERS_CHANCE else 0.0


def _chance(changes: list[_Change]) -> float:
    """Of changes this unequal if nothing moved: chi-squared about their weighted mean."""
    return float(chdtrc(len(changes) - 1, sum(_misfits(changes))))


def _oddest(changes: list[_Change]) -> _Change:
    return changes[int(np.argmax(_misfits(changes)))]


def _misfits(changes: list[_Change]) -> list[float]:
    weights = np.array([1 / c.sigma_db**2 for c in changes])
    levels = np.array([c.db for c in changes])
    return [float(m) for m in weights * (levels - np.average(levels, weights=weights)) ** 2]


def _fitted(changes: list[_Change], plane: Plane) -> tuple[float, float] | None:
    """The move that explains the changes best; a change of power explains what all share."""
    east, north = plane.to_metres(np.array([c.lat_deg for c in changes]), np.array([c.lon_deg for c in changes]))
    weight = np.diag([1 / c.sigma_db**2 for c in changes])
    design = np.column_stack([_gradient(east, north), np.ones(len(changes))])
    normal = design.T @ weight @ design
    if np.linalg.cond(normal) > 1e12:
        return None
    moved = np.linalg.solve(normal, design.T @ weight @ np.array([c.db for c in changes]))
    return float(moved[0]), float(moved[1])


def _gradient(east_m: Floats, north_m: Floats) -> Floats:
    """dB a metre of the emitter's move, at each sensor: nearer is louder. (k, 2)"""
    squared = np.maximum(east_m**2 + north_m**2, NEAREST_M**2)
    return np.asarray(10 * EXPONENT / np.log(10) * np.column_stack([east_m, north_m]) / squared[:, None])


def _change(sightings: list[Sighting], sensor: str, old_s: tuple[int, int]) -> _Change | None:
    mine = [s for s in sightings if s.sensor == sensor and s.lat_deg is not None and s.lon_deg is not None]
    now_ns = sightings[-1].time_utc_ns
    new = [s for s in mine if now_ns - s.time_utc_ns < NEW_S * SECOND_NS]
    old = [s for s in mine if old_s[0] * SECOND_NS <= now_ns - s.time_utc_ns < old_s[1] * SECOND_NS]
    if min(len(new), len(old)) < LEAST_LOOKS or any(metres_between(s, new[0]) > SAME_PLACE_M for s in (*new, *old)):
        return None
    here = new[0]
    a, b = _levels(old), _levels(new)
    if here.lat_deg is None or here.lon_deg is None or not (_heard(old) or _heard(new)):
        return None
    sigma = np.hypot(FADING_DB * np.sqrt(1 / len(a) + 1 / len(b)), LEAST_SIGMA_DB)
    return _Change(here.lat_deg, here.lon_deg, float(np.mean(b) - np.mean(a)), float(sigma))


def _levels(sightings: list[Sighting]) -> list[float]:
    """Not heard: as loud as the floor at most; the change is then at least what it seems."""
    found = [level_dbm(s) if s.floor_dbm is None else s.floor_dbm for s in sightings]
    return [level for level in found if level is not None] or [0.0]


def _heard(sightings: list[Sighting]) -> bool:
    return any(s.floor_dbm is None for s in sightings)
