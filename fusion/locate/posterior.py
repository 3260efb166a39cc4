"""Where an emitter may be: probability on cells that are split where it matters.

A narrow ridge must not fall between the cells of a coarse grid. So a density is asked for its average over cells of a
given size (it adds the cell's own spread to its errors), and all that stays possible is split again, until the
probability changes little from one cell to the next.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIRST_CELLS = 900
MOST_CELLS = 3_000
MOST_ROUNDS = 12
FINE_CELLS = 60  # this few are split in sixteen, more in four
KEPT_OUTSIDE = 2e-4  # probability that a round may leave outside
SMOOTH = 0.28  # mean change of log density between neighbours: a cell is then a third of a sigma


class Density(Protocol):
    """Of one emitter's place, up to a factor."""

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: float) -> Floats:
        """At places (p,), averaged over cells of this size."""
        ...

    def narrowed(self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: float) -> Self:
        """The same for use near these places only; `logs` is what all evidence says of them."""
        ...


D = TypeVar("D", bound=Density)


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
        """east-east, east-north, north-north; the spread inside a cell included."""
        east, north = self.mean_m
        de, dn, p = self.east_m - east, self.north_m - north, self.probability
        return (
            float(p @ de**2) + self.width_m**2 / 12,
            float(p @ (de * dn)),
            float(p @ dn**2) + self.height_m**2 / 12,
        )

    @property
    def cell_m(self) -> float:
        return max(self.width_m, self.height_m)


def posterior(density: D, area: Box) -> tuple[Posterior, D]:
    """Cells fine enough to draw and to average, with the density as it was narrowed down to them."""
    cells = _first(area)
    logs = density.log_density(cells.east_m, cells.north_m, cells.cell_m)
    density = density.narrowed(cells.east_m, cells.north_m, logs, cells.cell_m)
    logs = density.log_density(cells.east_m, cells.north_m, cells.cell_m)
    for _ in range(MOST_ROUNDS):
        kept = possible(logs)
        density = density.narrowed(cells.east_m[kept], cells.north_m[kept], logs[kept], cells.cell_m)
        each = 4 if kept.size <= FINE_CELLS else 2
        if kept.size * each**2 > MOST_CELLS:
            break
        cells = _split(cells, kept, each)
        logs = density.log_density(cells.east_m, cells.north_m, cells.cell_m)
        if _roughness(logs, each) < SMOOTH:
            break
    return replace(cells, probability=shares(logs)), density


def shares(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def possible(logs: Floats) -> NDArray[np.int64]:
    """Numbers of the cells that hold all but KEPT_OUTSIDE."""
    share = shares(logs)
    order = np.argsort(share)[::-1]
    return order[: int(np.searchsorted(np.cumsum(share[order]), 1 - KEPT_OUTSIDE)) + 1]


def _first(area: Box) -> Posterior:
    wide, high = area.east_m - area.west_m, area.north_m - area.south_m
    cell = (wide * high / FIRST_CELLS) ** 0.5
    columns, rows = max(1, round(wide / cell)), max(1, round(high / cell))
    width, height = wide / columns, high / rows
    east = area.west_m + width * (np.arange(columns) + 0.5)
    north = area.south_m + height * (np.arange(rows) + 0.5)
    east_m, north_m = (axis.ravel() for axis in np.meshgrid(east, north))
    return Posterior(east_m, north_m, np.full(east_m.size, 1.0 / east_m.size), width, height)


def _split(cells: Posterior, kept: NDArray[np.int64], each: int) -> Posterior:
    """Each kept cell in each × each; the children of one stand together, rows of the same north first."""
    width, height = cells.width_m / each, cells.height_m / each
    steps = np.arange(each) - (each - 1) / 2
    east = cells.east_m[kept, None, None] + width * steps
    north = cells.north_m[kept, None, None] + height * steps[:, None]
    east_m, north_m = (np.asarray(a, np.float64).ravel() for a in np.broadcast_arrays(east, north))
    return Posterior(east_m, north_m, np.full(east_m.size, 1.0 / east_m.size), width, height)


def _roughness(logs: Floats, each: int) -> float:
    """Mean change from child to child, weighted by probability: the greater of both directions."""
    share, change = shares(logs).reshape(-1, each, each), logs.reshape(-1, each, each)
    found = []
    for axis in (1, 2):
        steps = np.abs(np.diff(change, axis=axis))
        first, last = np.delete(share, -1, axis), np.delete(share, 0, axis)
        found.append(float((steps * (first + last)).sum() / (first + last).sum()))
    return max(found)
