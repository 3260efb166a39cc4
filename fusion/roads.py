"""Streets as a net: how far along them it is from here to everywhere within reach."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
SPACING_M = 60.0  # between two points of a street
JOINED_M = 5.0  # ends this near are one crossing


@dataclass(frozen=True, slots=True, eq=False)
class Roads:
    """east_m, north_m : (n,) points on streets; first, second, length_m : (m,) the pieces between them."""

    east_m: Floats
    north_m: Floats
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    length_m: Floats

    @classmethod
    def of(cls, lines: Sequence[tuple[Floats, Floats]]) -> "Roads":
        """lines : (east, north) each, in one plane."""
        pieces = [_dense(east, north) for east, north in lines if len(east) > 1]
        if not pieces:
            empty, none = np.zeros(0), np.zeros(0, np.int64)
            return cls(empty, empty, none, none, empty)
        points = np.vstack(pieces)
        number = _crossings(points)
        begins = np.zeros(len(points), bool)
        begins[np.cumsum([0, *map(len, pieces)])[:-1]] = True
        second = np.flatnonzero(~begins)
        _, standing = np.unique(number, return_index=True)
        east, north = points[standing].T
        length = np.hypot(*(points[second] - points[second - 1]).T)
        ends = np.sort(np.stack([number[second - 1], number[second]]), axis=0)
        _, once = np.unique(ends, axis=1, return_index=True)  # streets that share a stretch
        return cls(east, north, ends[0, once], ends[1, once], np.maximum(length[once], 0.1))

    def nearest(self, east_m: float, north_m: float) -> int:
        return int(np.argmin(np.hypot(self.east_m - east_m, self.north_m - north_m)))

    def ways(self, start: int, reach_m: float) -> tuple[Floats, NDArray[np.int64]]:
        """(metres along streets to each point, infinite beyond reach; the point before it)."""
        n = self.east_m.size
        graph = csr_array((self.length_m, (self.first, self.second)), shape=(n, n))
        metres, before = dijkstra(graph, False, np.array(start), True, limit=reach_m)
        return np.asarray(metres, np.float64), np.asarray(before, np.int64)


def way_to(point: int, before: NDArray[np.int64]) -> list[int]:
    """Numbers of the points from the start, which is left out, to `point`."""
    way = [point]
    while before[way[-1]] >= 0:
        way.append(int(before[way[-1]]))
    return way[-2::-1]


def _dense(east_m: Floats, north_m: Floats) -> Floats:
    """(k, 2) points along a line, at most SPACING_M apart."""
    found = [np.array([[east_m[0], north_m[0]]])]
    for a, b in zip(zip(east_m, north_m, strict=True), list(zip(east_m, north_m, strict=True))[1:], strict=False):
        steps = max(1, int(np.ceil(np.hypot(b[0] - a[0], b[1] - a[1]) / SPACING_M)))
        found.append(np.linspace(a, b, steps + 1)[1:])
    return np.vstack(found)


def _crossings(points: Floats) -> NDArray[np.int64]:
    """The number of each point's place: points in one place share it."""
    pairs = cKDTree(points).query_pairs(JOINED_M, output_type="ndarray")
    near = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(points), len(points)))
    return np.asarray(connected_components(near, directed=False)[1], np.int64)
