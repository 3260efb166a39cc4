"""The 95 % region of a posterior, as polygons."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from fusion.locate.geo import Floats, Plane
from fusion.locate.posterior import Posterior

SHARE = 0.95
OVERLAP = 1.001  # of neighbouring cells, so that they join
RADIUS_SIGMAS = 2.448  # of a circle that holds 95 % of a normal


def region(found: Posterior, share: float = SHARE, *, shared_m: float = 0.0) -> MultiPolygon:
    """The smallest set of cells that holds `share`, holes filled, steps smoothed away; likeliest piece first.

    shared_m : one sigma a coordinate of what all places that were measured from are off by together.
    """
    kept = found.densest(share)
    half = float(min(found.width_m[kept].min(), found.height_m[kept].min())) / 2
    joined = shapely.union_all(_boxes(found, kept))
    smooth = joined.buffer(half, quad_segs=3).buffer(-half, quad_segs=3).simplify(half / 3)
    if shared_m:
        radius = (joined.area / np.pi) ** 0.5
        smooth = smooth.buffer(float(np.hypot(radius, RADIUS_SIGMAS * shared_m) - radius), quad_segs=3)
    pieces = [smooth] if isinstance(smooth, Polygon) else list(smooth.geoms)
    filled = [Polygon(piece.exterior) for piece in pieces]
    return MultiPolygon(sorted(filled, key=lambda piece: -within(found, piece)))


def within(found: Posterior, piece: Polygon) -> float:
    """Probability that it is in there."""
    shapely.prepare(piece)
    return float(found.probability[shapely.contains_xy(piece, found.east_m, found.north_m)].sum())


def _boxes(found: Posterior, kept: NDArray[np.int64]) -> NDArray[np.object_]:
    """Cells of one size side by side as one box, such rows one above the other as one: far fewer to join."""
    width, height = found.width_m[kept], found.height_m[kept]
    west, south = found.east_m[kept] - width / 2, found.north_m[kept] - height / 2
    fine = float(width.min()), float(height.min())  # edges of all sizes lie on the lattice of the finest
    origin = float(west.min()), float(south.min())
    column, row = _numbers(west - origin[0], fine[0]), _numbers(south - origin[1], fine[1])
    wide, high = _numbers(width, fine[0]), _numbers(height, fine[1])
    row, high, wide, column, ends = _runs(row, high, wide, column, column + wide)
    column, ends, _, row, tops = _runs(column, ends, high, row, row + high)
    w, h = (f * (OVERLAP - 1.0) for f in fine)
    e, n = (origin[0] + fine[0] * a for a in (column, ends)), (origin[1] + fine[1] * a for a in (row, tops))
    (low_e, high_e), (low_n, high_n) = e, n
    return np.asarray(shapely.box(low_e - w, low_n - h, high_e + w, high_n + h))


def _numbers(metres: Floats, unit_m: float) -> NDArray[np.int64]:
    return np.round(metres / unit_m).astype(np.int64)


def _runs(*columns: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """(three keys, begin, end) of pieces: those with the same keys, one beginning where the other ends, as one."""
    *keys, begin, end = columns
    order = np.lexsort((begin, *keys))
    *keys, begin, end = (a[order] for a in columns)
    goes_on = begin[1:] == end[:-1]
    for key in keys:
        goes_on &= np.diff(key) == 0
    first = np.concatenate([[True], ~goes_on])
    last = np.concatenate([~goes_on, [True]])
    return (*(key[first] for key in keys), begin[first], end[last])


def ring(piece: Polygon, plane: Plane) -> tuple[tuple[float, float], ...]:
    """Closed, of (lat, lon); to a decimetre."""
    east, north = np.asarray(piece.exterior.coords).T
    lat, lon = plane.to_degrees(east, north)
    return tuple((round(float(a), 6), round(float(b), 6)) for a, b in zip(lat, lon, strict=True))
