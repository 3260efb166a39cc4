"""Roads, where they are known: a vehicle is more likely on one, and along it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from fusion.locate.geo import Plane
from fusion.track.motion import Moving

Floats = NDArray[np.float64]
EVERY_M = 15.0
WIDTH_M = 12.0  # of road and survey
OFF_ROAD = 0.4  # as likely as on one: yards, and roads that the map lacks
ALONG_RAD = 0.35
HOLDS_S = 40.0  # little at a time: few particles on the wrong street must not outweigh what is heard


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """plane : in whose metres the points of `tree` lie. direction_rad : (points,), of the road there, modulo pi.

    lines : (lat_deg, lon_deg) of each street, as they were given
    """

    plane: Plane
    tree: cKDTree
    direction_rad: Floats
    lines: tuple[tuple[Floats, Floats], ...] = ()

    def near(self, lat_deg: float, lon_deg: float, metres: float) -> tuple[tuple[Floats, Floats], ...]:
        """Streets of which a part may lie so near."""
        here = Plane(lat_deg, lon_deg)
        return tuple((lat, lon) for lat, lon in self.lines if _comes_near(*here.to_metres(lat, lon), metres))


def roads_of(lines: Iterable[Sequence[tuple[float, float]]]) -> Roads | None:
    """From polylines of (lat, lon); None where no line has a length."""
    kept = [np.asarray(line, dtype=np.float64) for line in lines if len(line) > 1]
    if not kept:
        return None
    plane = Plane(*map(float, np.mean(np.vstack(kept), axis=0)))
    parts = [_points(np.column_stack(plane.to_metres(line[:, 0], line[:, 1]))) for line in kept]
    points = np.vstack([p for p, _ in parts])
    if not len(points):
        return None
    streets = tuple((street[:, 0], street[:, 1]) for street in kept)
    return Roads(plane, cKDTree(points), np.concatenate([d for _, d in parts]), streets)


def _comes_near(east_m: Floats, north_m: Floats, metres: float) -> bool:
    """By the box about it."""
    return bool(max(_least(east_m), _least(north_m)) <= metres)


def _least(values: Floats) -> float:
    """0 where they lie on both sides."""
    low, high = float(np.min(values)), float(np.max(values))
    return 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))


def _points(line: Floats) -> tuple[Floats, Floats]:
    """Points along a polyline (n, 2), each with its direction."""
    steps = np.diff(line, axis=0)
    lengths = np.hypot(*steps.T)
    counts = np.maximum(1, np.ceil(lengths / EVERY_M).astype(int))
    part = np.repeat(np.arange(len(steps)), counts)
    within = np.concatenate([(np.arange(n) + 0.5) / n for n in counts])
    return line[part] + within[:, None] * steps[part], np.arctan2(steps[part, 0], steps[part, 1])


def by_roads(cloud: Moving, seconds: float, roads: Roads) -> Floats:
    """Log-likelihood of each particle for standing on a road, and driving along it. The cloud's plane is the roads'."""
    distance, nearest = roads.tree.query(np.column_stack([cloud.east_m, cloud.north_m]))
    beside = np.maximum(distance - EVERY_M / 2, 0.0) / WIDTH_M
    across = np.sin(cloud.heading_rad - roads.direction_rad[nearest]) / np.sin(ALONG_RAD)
    along = np.where(cloud.speed_m_s > 0, np.exp(-0.5 * across**2), 1.0)
    on_road = np.exp(-0.5 * beside**2) * (0.3 + 0.7 * along)
    return np.asarray(min(1.0, seconds / HOLDS_S) * np.log(OFF_ROAD + (1 - OFF_ROAD) * on_road))
