"""Where an emitter may be: probability on cells that are split where it matters.

A narrow ridge must not fall between the cells of a coarse grid. So a density is asked for its average over cells of a
given size (it adds the cell's own spread to its errors), and where nearly all of the probability is, cells are split
again, until it changes little from one to the next. The thin tail keeps its coarse cells.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIRST_CELLS = 484
MOST_CELLS = 2_400  # evaluated in one round
MOST_ROUNDS = 12
MOST_ASKED = 150  # cells, the likeliest, by which a density is narrowed down
FINE_CELLS = 50  # this few are split in sixteen, more in four
TAIL = 0.02  # of the probability: what may keep coarse cells, where it is thin
THIN = 9.0  # so much less log density than at the top
FORGOTTEN = 2e-4  # of the probability: what a round may drop altogether
SMOOTH = 0.36  # mean change of log density between neighbours: a cell is then half a sigma


class Density(Protocol):
    """Of one emitter's place, up to a factor."""

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: float) -> Floats:
        """At places (p,), averaged over cells of this size."""
        ...

    def narrowed(self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: float) -> tuple[Self, Floats]:
        """The same for use near these places only, and what it says of them; `logs` is what this one says."""
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
class Cells:
    """Centres and sizes, with what the density says there. All (p,)."""

    east_m: Floats
    north_m: Floats
    width_m: Floats
    height_m: Floats
    log: Floats

    def __getitem__(self, kept: NDArray[np.int64] | slice) -> "Cells":
        return Cells(self.east_m[kept], self.north_m[kept], self.width_m[kept], self.height_m[kept], self.log[kept])

    @property
    def log_mass(self) -> Floats:
        return np.asarray(self.log + np.log(self.width_m * self.height_m))


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """east_m, north_m : (p,) centres of cells of size (width_m, height_m); probability : (p,), sums to 1."""

    east_m: Floats
    north_m: Floats
    probability: Floats
    width_m: Floats
    height_m: Floats

    @property
    def mean_m(self) -> tuple[float, float]:
        return float(self.probability @ self.east_m), float(self.probability @ self.north_m)

    @property
    def middle_m(self) -> tuple[float, float]:
        """Of the likeliest half: of a normal its mean, of a long or one-sided tail not drawn after it."""
        order = np.argsort(self.density)[::-1]
        half = order[: int(np.searchsorted(np.cumsum(self.probability[order]), 0.5)) + 1]
        weight = self.probability[half] / self.probability[half].sum()
        return float(weight @ self.east_m[half]), float(weight @ self.north_m[half])

    @property
    def covariance_m2(self) -> tuple[float, float, float]:
        """east-east, east-north, north-north; the spread inside a cell included."""
        east, north = self.mean_m
        de, dn, p = self.east_m - east, self.north_m - north, self.probability
        return (
            float(p @ (de**2 + self.width_m**2 / 12)),
            float(p @ (de * dn)),
            float(p @ (dn**2 + self.height_m**2 / 12)),
        )

    @property
    def density(self) -> Floats:
        """Probability a square metre."""
        return np.asarray(self.probability / (self.width_m * self.height_m))

    def within(self, inside: NDArray[np.bool_] | NDArray[np.int64]) -> "Posterior":
        """Given that it is in one of these cells."""
        kept = self.probability[inside]
        parts = (self.east_m[inside], self.north_m[inside])
        return Posterior(*parts, kept / kept.sum(), self.width_m[inside], self.height_m[inside])


def posterior(density: D, area: Box) -> tuple[Posterior, D]:
    """Cells fine enough to draw and to average, with the density as it was narrowed down to them."""
    cells = _asked(density, _first(area))
    density, logs = density.narrowed(cells.east_m, cells.north_m, cells.log, _size(cells))
    cells, leaves = replace(cells, log=logs), list[Cells]()
    for _ in range(MOST_ROUNDS):
        split, kept = _likeliest(cells, leaves)
        leaves.append(cells[kept])
        cells = cells[split]
        best = cells[:MOST_ASKED]
        density, _ = density.narrowed(best.east_m, best.north_m, best.log, _size(best))
        each = 4 if split.size <= FINE_CELLS else 2
        cells = _asked(density, _split(cells, each))
        if _roughness(cells.log, each) < SMOOTH:
            break
    return _whole([*leaves, cells]), density


def shares(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _whole(parts: list[Cells]) -> Posterior:
    east, north, width, height, log_mass = (
        np.concatenate([getattr(part, name) for part in parts])
        for name in ("east_m", "north_m", "width_m", "height_m", "log_mass")
    )
    return Posterior(east, north, shares(log_mass), width, height)


def _likeliest(cells: Cells, leaves: list[Cells]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Numbers of the cells to split, and of those to keep as they are."""
    share = shares(np.concatenate([cells.log_mass, *(leaf.log_mass for leaf in leaves)]))
    order = np.argsort(cells.log)[::-1]
    beyond = 1.0 - np.cumsum(share[: cells.log.size][order]) - share[cells.log.size :].sum()
    kept = int(np.searchsorted(-beyond, -FORGOTTEN)) + 1
    main = int(np.searchsorted(-beyond, -TAIL)) + 1
    dense = int(np.searchsorted(-cells.log[order], THIN - cells.log.max()))
    split = min(max(main, dense), kept, MOST_CELLS // 4)
    return order[:split], order[split:kept]


def _asked(density: Density, cells: Cells) -> Cells:
    return replace(cells, log=density.log_density(cells.east_m, cells.north_m, _size(cells)))


def _size(cells: Cells) -> float:
    return float(max(cells.width_m.max(), cells.height_m.max()))


def _first(area: Box) -> Cells:
    wide, high = area.east_m - area.west_m, area.north_m - area.south_m
    cell = (wide * high / FIRST_CELLS) ** 0.5
    columns, rows = max(1, round(wide / cell)), max(1, round(high / cell))
    width, height = wide / columns, high / rows
    east = area.west_m + width * (np.arange(columns) + 0.5)
    north = area.south_m + height * (np.arange(rows) + 0.5)
    east_m, north_m = np.meshgrid(east, north)
    return _cells(east_m, north_m, width, height)


def _split(cells: Cells, each: int) -> Cells:
    """Each in each × each; the children of one stand together, rows of the same north first."""
    width, height = float(cells.width_m[0]) / each, float(cells.height_m[0]) / each
    steps = np.arange(each) - (each - 1) / 2
    east = cells.east_m[:, None, None] + width * steps
    north = cells.north_m[:, None, None] + height * steps[:, None]
    east_m, north_m = np.broadcast_arrays(east, north)
    return _cells(east_m, north_m, width, height)


def _cells(east_m: Floats, north_m: Floats, width_m: float, height_m: float) -> Cells:
    """All of one size, nothing asked yet."""
    east, north = np.asarray(east_m, np.float64).ravel(), np.asarray(north_m, np.float64).ravel()
    return Cells(east, north, np.full(east.size, width_m), np.full(east.size, height_m), np.zeros(east.size))


def _roughness(logs: Floats, each: int) -> float:
    """Mean change from child to child, weighted by probability: the greater of both directions."""
    share, change = shares(logs).reshape(-1, each, each), logs.reshape(-1, each, each)
    found = []
    for axis in (1, 2):
        steps = np.abs(np.diff(change, axis=axis))
        first, last = np.delete(share, -1, axis), np.delete(share, 0, axis)
        found.append(float((steps * (first + last)).sum() / (first + last).sum()))
    return max(found)
