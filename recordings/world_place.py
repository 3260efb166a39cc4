"""Where things are: a flat city of east and north metres around an origin, and how a vehicle moves in it."""

import itertools
import math

import msgspec
import numpy as np
import pymap3d
from numpy.typing import ArrayLike, NDArray


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where east = north = 0 is, WGS-84. The plane that touches the Earth there is the map."""

    lat_deg: float
    lon_deg: float

    def geodetic(self, position_m: NDArray[np.float64]) -> tuple[float, float]:
        """(lat, lon) in degrees of one (3,) position."""
        east, north, up = (float(x) for x in position_m)
        lat, lon, _ = pymap3d.enu2geodetic(east, north, up, self.lat_deg, self.lon_deg, 0.0)
        return float(lat), float(lon)


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """A fixed antenna."""

    east_m: float
    north_m: float
    height_m: float = 10.0  # of the antenna over ground

    @property
    def moves(self) -> bool:
        return False

    def positions_m(self, time_s: ArrayLike) -> NDArray[np.float64]:
        """(n, 3) east, north, height at each time."""
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        return np.broadcast_to(np.array([self.east_m, self.north_m, self.height_m]), (len(times), 3))


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle on a line of points: at an even speed, or round a closed line in an even lap time.

    A closed route is driven for ever; an open one is driven once and the vehicle stays at its end.
    """

    points_m: tuple[tuple[float, float], ...]  # (east, north)
    speed_m_s: float | None = None  # exactly one of these two
    lap_s: float | None = None  # seconds once round (closed) or from end to end (open)
    closed: bool = True
    start_m: float = 0.0  # how far along the line it is at time 0
    height_m: float = 1.8  # of the antenna over ground

    @property
    def moves(self) -> bool:
        return True

    @property
    def length_m(self) -> float:
        return math.fsum(math.dist(a, b) for a, b in itertools.pairwise(self._corners()))

    def metres_per_second(self) -> float:
        """The speed, given or from the lap time."""
        if self.speed_m_s is not None:
            return self.speed_m_s
        return self.length_m / self.lap_s if self.lap_s else 0.0

    def positions_m(self, time_s: ArrayLike) -> NDArray[np.float64]:
        """(n, 3) east, north, height at each time."""
        times = np.atleast_1d(np.asarray(time_s, dtype=np.float64))
        corners = np.array(self._corners(), dtype=np.float64)
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
        driven = self.start_m + self.metres_per_second() * times
        driven = np.mod(driven, along[-1]) if self.closed else np.clip(driven, 0.0, along[-1])
        east, north = (np.interp(driven, along, corners[:, axis]) for axis in (0, 1))
        return np.column_stack([east, north, np.full(len(times), self.height_m)])

    def _corners(self) -> tuple[tuple[float, float], ...]:
        return (*self.points_m, self.points_m[0]) if self.closed else self.points_m


Where = Site | Route


def distance_m(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) metres between two (n, 3) tracks, through the air."""
    return np.asarray(np.linalg.norm(one - other, axis=-1))
