"""The 95 % region of a posterior, as polygons."""

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from fusion.locate.geo import Plane
from fusion.locate.posterior import Posterior

SHARE = 0.95
OVERLAP = 1.001  # of neighbouring cells, so that they join


def region(found: Posterior, share: float = SHARE) -> MultiPolygon:
    """The smallest set of cells that holds `share`, holes filled, steps smoothed away; likeliest piece first."""
    kept = found.densest(share)
    half = float(min(found.width_m[kept].min(), found.height_m[kept].min())) / 2
    joined = shapely.union_all(_strips(found, kept))
    smooth = joined.buffer(half, quad_segs=3).buffer(-half, quad_segs=3).simplify(half / 3)
    pieces = [smooth] if isinstance(smooth, Polygon) else list(smooth.geoms)
    filled = [Polygon(piece.exterior) for piece in pieces]
    return MultiPolygon(sorted(filled, key=lambda piece: -within(found, piece)))


def within(found: Posterior, piece: Polygon) -> float:
    """Probability that it is in there."""
    return float(found.probability[shapely.contains_xy(piece, found.east_m, found.north_m)].sum())


def _strips(found: Posterior, kept: np.ndarray) -> np.ndarray:
    """Cells of one size side by side as one box: far fewer to join."""
    east, north, width, height = (a[kept] for a in (found.east_m, found.north_m, found.width_m, found.height_m))
    column = np.round((east - east.min()) / width).astype(int)
    row = np.round(2 * (north - north.min()) / height).astype(int)  # halves: sizes differ
    order = np.lexsort((column, row, width))
    column, row, east, north, width, height = (a[order] for a in (column, row, east, north, width, height))
    same = (np.diff(width) == 0) & (np.diff(row) == 0) & (np.diff(column) == 1)
    begins = np.concatenate([[True], ~same])
    ends = np.concatenate([begins[1:], [True]])
    w, h = width[begins] / 2 * OVERLAP, height[begins] / 2 * OVERLAP
    return np.asarray(shapely.box(east[begins] - w, north[begins] - h, east[ends] + w, north[begins] + h))


def ring(piece: Polygon, plane: Plane) -> tuple[tuple[float, float], ...]:
    """Closed, of (lat, lon); to a decimetre."""
    east, north = np.asarray(piece.exterior.coords).T
    lat, lon = plane.to_degrees(east, north)
    return tuple((round(float(a), 6), round(float(b), 6)) for a, b in zip(lat, lon, strict=True))
