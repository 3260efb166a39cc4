"""Where an emitter may be: probability on cells that are split where it matters.

A narrow ridge must not fall between the cells of a coarse grid. So a density is asked for its average over cells of a
given size (it adds the cell's own spread to its errors), and where nearly all of the probability is, cells are split
again, until it changes little from one to the next. The thin tail keeps its coarse cells. Nothing is given up: where a
cell turns out to have promised too much, those passed over before have their turn.
"""

from dataclasses import dataclass, fields, replace
from typing import Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FIRST_CELLS = 484
MOST_CELLS = 2_400  # evaluated in one round
MOST_ROUNDS = 16
MOST_ASKED = 150  # cells, the likeliest, by which a density is narrowed down
FINE_CELLS = 50  # this few are split in sixteen, more in four
TAIL = 0.02  # of the probability: what may keep coarse cells, where it is thin
THIN = 9.0  # so much less log density than at the top
FORGOTTEN = 1e-5  # of the probability: what is left out of the result
ROUGHEST = 10.0  # of a cell that was never compared
SMOOTH = 0.36  # mean change of log density between neighbours: a cell is then half a sigma


class Density(Protocol):
    """Of one emitter's place, up to a factor."""

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats) -> Floats:
        """At places (p,), averaged over cells of this size."""
        ...

    def narrowed(self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: Floats) -> tuple[Self, Floats]:
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
    """Centres and sizes, with what the density says there; rough: mean change of that to the neighbours. All (p,)."""

    east_m: Floats
    north_m: Floats
    width_m: Floats
    height_m: Floats
    log: Floats
    rough: Floats

    def __getitem__(self, kept: NDArray[np.int64] | NDArray[np.bool_] | slice) -> "Cells":
        return Cells(*(getattr(self, f.name)[kept] for f in fields(self)))

    def __add__(self, other: "Cells") -> "Cells":
        return Cells(*(np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)))

    @property
    def share(self) -> Floats:
        return shares(self.log + np.log(self.width_m * self.height_m))

    @property
    def size_m(self) -> Floats:
        return np.maximum(self.width_m, self.height_m)


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
        half = self.densest(0.5)
        weight = self.probability[half] / self.probability[half].sum()
        return float(weight @ self.east_m[half]), float(weight @ self.north_m[half])

    def densest(self, share: float) -> NDArray[np.int64]:
        """Numbers of the cells that hold `share` in the smallest area."""
        order = np.argsort(self.density)[::-1]
        return order[: int(np.searchsorted(np.cumsum(self.probability[order]), share)) + 1]

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
    density, logs = density.narrowed(cells.east_m, cells.north_m, cells.log, cells.size_m)
    cells = replace(cells, log=logs, rough=_roughness_of_grid(logs, int(np.unique(cells.north_m).size)))
    for number in range(MOST_ROUNDS):
        likeliest = _likeliest(cells)
        split = likeliest[cells.rough[likeliest] > SMOOTH / 2]
        if cells.share[likeliest] @ np.minimum(cells.rough[likeliest], ROUGHEST) < SMOOTH or not split.size:
            break
        if number:  # of the first grid it was asked
            best = cells[split[:MOST_ASKED]]
            density, _ = density.narrowed(best.east_m, best.north_m, best.log, best.size_m)
        each = 4 if split.size <= FINE_CELLS else 2
        split = split[: MOST_CELLS // each**2]
        kept = np.ones(cells.log.size, np.bool_)
        kept[split] = False
        cells = _with_roughness(_asked(density, _split(cells[split], each)), each) + cells[kept]
    return _result(cells), density


def shares(logs: Floats) -> Floats:
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum())


def _likeliest(cells: Cells) -> NDArray[np.int64]:
    """Numbers of the cells that hold all but the tail, and of others as dense, the densest first."""
    order = np.argsort(cells.log)[::-1]
    beyond = 1.0 - np.cumsum(cells.share[order])
    main = int(np.searchsorted(-beyond, -TAIL)) + 1
    dense = int(np.searchsorted(-cells.log[order], THIN - cells.log[order[0]]))
    return order[: max(main, dense)]


def _result(cells: Cells) -> Posterior:
    order = np.argsort(cells.share)[::-1]
    count = int(np.searchsorted(np.cumsum(cells.share[order]), 1 - FORGOTTEN)) + 1
    kept = cells[order[:count]]
    return Posterior(kept.east_m, kept.north_m, kept.share, kept.width_m, kept.height_m)


def _asked(density: Density, cells: Cells) -> Cells:
    return replace(cells, log=density.log_density(cells.east_m, cells.north_m, cells.size_m))


def _first(area: Box) -> Cells:
    wide, high = area.east_m - area.west_m, area.north_m - area.south_m
    cell = (wide * high / FIRST_CELLS) ** 0.5
    columns, rows = max(1, round(wide / cell)), max(1, round(high / cell))
    width, height = wide / columns, high / rows
    east = area.west_m + width * (np.arange(columns) + 0.5)
    north = area.south_m + height * (np.arange(rows) + 0.5)
    east_m, north_m = np.meshgrid(east, north)
    count = east_m.size
    return _cells(east_m, north_m, np.full(count, width), np.full(count, height))


def _split(cells: Cells, each: int) -> Cells:
    """Each in each × each; the children of one stand together, rows of the same north first."""
    steps = np.arange(each) - (each - 1) / 2
    width, height = cells.width_m / each, cells.height_m / each
    east = cells.east_m[:, None, None] + width[:, None, None] * steps
    north = cells.north_m[:, None, None] + height[:, None, None] * steps[:, None]
    east_m, north_m = np.broadcast_arrays(east, north)
    return _cells(east_m, north_m, np.repeat(width, each**2), np.repeat(height, each**2))


def _cells(east_m: Floats, north_m: Floats, width_m: Floats, height_m: Floats) -> Cells:
    """Nothing asked yet."""
    east, north = np.asarray(east_m, np.float64).ravel(), np.asarray(north_m, np.float64).ravel()
    return Cells(east, north, width_m, height_m, np.zeros(east.size), np.full(east.size, np.inf))


def _roughness_of_grid(logs: Floats, rows: int) -> Floats:
    """Of each cell the mean change to those beside it: the greater of both directions."""
    grid = logs.reshape(rows, -1)
    found = np.zeros(grid.shape)
    for axis in (0, 1):
        if grid.shape[axis] > 1:
            change = np.abs(np.diff(grid, axis=axis))
            before = np.concatenate([change.take([0], axis), change], axis)
            after = np.concatenate([change, change.take([-1], axis)], axis)
            found = np.maximum(found, (before + after) / 2)
    return found.ravel()


def _with_roughness(cells: Cells, each: int) -> Cells:
    """Of each family the mean change from child to child, weighted by probability: the greater of both directions."""
    logs = cells.log.reshape(-1, each, each)
    share = np.exp(logs - logs.max(axis=(1, 2), keepdims=True))
    found = []
    for axis in (1, 2):
        weight = np.delete(share, -1, axis) + np.delete(share, 0, axis)
        found.append((np.abs(np.diff(logs, axis=axis)) * weight).sum(axis=(1, 2)) / weight.sum(axis=(1, 2)))
    return replace(cells, rough=np.repeat(np.maximum(*found), each**2))
