"""Where an emitter may be: probability on a grid that is refined where it matters, and its 95 % region."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

Floats = NDArray[np.float64]
LogLikelihood = Callable[[Floats, Floats], Floats]
SIDE = 36  # cells a side
SHARE = 0.95
MOST_ROUNDS = 3
KEPT_OUTSIDE = 1e-3  # probability that a refinement may leave outside


@dataclass(frozen=True, slots=True)
class Box:
    west_m: float
    south_m: float
    east_m: float
    north_m: float

    @property
    def area_m2(self) -> float:
        return (self.east_m - self.west_m) * (self.north_m - self.south_m)


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """east_m, north_m : (p,) centres of cells of size (width_m, height_m); probability : (p,), sums to 1."""

    east_m: Floats
    north_m: Floats
    probability: Floats
    width_m: float
    height_m: float

    @property
    def mean_m(self) -> tuple[float, float]:
        return float(self.probability @ self.east_m), float(self.probability @ self.north_m)

    @property
    def covariance_m2(self) -> tuple[float, float, float]:
        """east-east, east-north, north-north; half a cell of quantisation included."""
        east, north = self.mean_m
        de, dn, p = self.east_m - east, self.north_m - north, self.probability
        return (
            float(p @ de**2) + self.width_m**2 / 12,
            float(p @ (de * dn)),
            float(p @ dn**2) + self.height_m**2 / 12,
        )


def posterior(log_likelihood: LogLikelihood, area: Box) -> Posterior:
    """Uniform before, over `area`. Each round looks closer at what the last one left possible."""
    found = _on_grid(log_likelihood, area)
    for _ in range(MOST_ROUNDS):
        closer = _possible(found)
        if closer.area_m2 > 0.6 * area.area_m2:
            break
        area, found = closer, _on_grid(log_likelihood, closer)
    return found


def region(found: Posterior, share: float = SHARE) -> MultiPolygon:
    """The smallest set of cells that holds `share`, holes filled, corners smoothed outwards by half a cell."""
    order = np.argsort(found.probability)[::-1]
    count = int(np.searchsorted(np.cumsum(found.probability[order]), share)) + 1
    kept = order[:count]
    half_w, half_h = found.width_m / 2, found.height_m / 2
    east, north = found.east_m[kept], found.north_m[kept]
    cells = shapely.box(east - half_w * 1.001, north - half_h * 1.001, east + half_w * 1.001, north + half_h * 1.001)
    margin = min(half_w, half_h)
    smooth = shapely.union_all(cells).buffer(margin).simplify(margin)
    pieces = [smooth] if isinstance(smooth, Polygon) else list(smooth.geoms)
    return MultiPolygon([Polygon(piece.exterior) for piece in pieces])


def _on_grid(log_likelihood: LogLikelihood, area: Box) -> Posterior:
    width, height = (area.east_m - area.west_m) / SIDE, (area.north_m - area.south_m) / SIDE
    east = area.west_m + width * (np.arange(SIDE) + 0.5)
    north = area.south_m + height * (np.arange(SIDE) + 0.5)
    east_m, north_m = (axis.ravel() for axis in np.meshgrid(east, north))
    logs = log_likelihood(east_m, north_m)
    weights = np.exp(logs - logs.max())
    return Posterior(east_m, north_m, weights / weights.sum(), width, height)


def _possible(found: Posterior) -> Box:
    """The box around all but KEPT_OUTSIDE, one cell wider."""
    order = np.argsort(found.probability)[::-1]
    count = int(np.searchsorted(np.cumsum(found.probability[order]), 1 - KEPT_OUTSIDE)) + 1
    east, north = found.east_m[order[:count]], found.north_m[order[:count]]
    w, h = 1.5 * found.width_m, 1.5 * found.height_m
    return Box(float(east.min()) - w, float(north.min()) - h, float(east.max()) + w, float(north.max()) + h)
