"""What a set of sensors can hear in an area, and how large the 95 % region of an emitter there would be, by method.

Levels: the posterior that an emitter in each cell would give without noise, on the cells themselves: the local bound is
neither reached nor meaningful for fixed sensors of unknown gain. Time differences and bearings: the Cramér-Rao bound
with the errors of a town, never below FLOOR_M. All together: the sum of what they say. A radius is that of a circle as
large as the region.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from dsp.propagation import Link, area_loss
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.bound import of_arrivals, of_bearings
from fusion.locate.geo import Plane
from fusion.locate.power import REFERENCE_M, propagation

Floats = NDArray[np.float64]
Area = tuple[float, float, float, float]  # south, west, north, east
METHODS = ("power", "tdoa", "bearing", "hybrid")
CHI2_95 = 5.991  # of two degrees of freedom
FLOOR_M = 30.0  # radius: echoes and the sites' own places
DISTANCES_M = np.geomspace(50.0, 200_000.0, 60)
PARTS = 0.95
WIDE = 0.98  # of the area's own radius: no place is told


@dataclass(frozen=True, slots=True)
class Site:
    """One sensor. timing_ns, bearing_deg : one sigma of what it measures; None: it does not."""

    name: str
    lat_deg: float
    lon_deg: float
    height_m: float = 15.0
    floor_dbm: float = -103.0
    gain_sigma_db: float = 3.0
    timing_ns: float | None = None
    bearing_deg: float | None = None


@dataclass(frozen=True, slots=True)
class Emission:
    """What is looked for. houses_db : lost among houses, which the terrain model does not know."""

    service: str
    freq_hz: float
    eirp_dbm: float
    height_m: float
    houses_db: float
    terrain_m: float = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Of cells, rows from south to north. heard : (rows, columns), by how many sensors;
    radius_m : by method, infinite where it does not tell the place within the area."""

    lat_deg: Floats
    lon_deg: Floats
    heard: NDArray[np.int64]
    radius_m: dict[str, Floats]

    @property
    def heard_share(self) -> float:
        return float((self.heard > 0).mean())

    def usual_m(self, method: str) -> float:
        """The median over all cells; infinite where most of the area is not located."""
        return float(np.median(self.radius_m[method]))


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    plane: Plane
    east_m: Floats  # (cells,)
    north_m: Floats
    cell_m2: float
    shape: tuple[int, int]
    widest_m: float


def coverage(sites: Sequence[Site], emission: Emission, area: Area, *, side: int = 30) -> Coverage:
    """On side × side cells."""
    ground = _ground(area, side)
    at = np.array([ground.plane.to_metres(s.lat_deg, s.lon_deg) for s in sites]).reshape(-1, 2)
    level = _levels(sites, emission, ground, at)  # (cells, sites)
    heard = level > np.array([s.floor_dbm for s in sites])
    power = _by_power(sites, emission, ground, at, level)
    radii: dict[str, list[float]] = {name: [] for name in METHODS}
    for cell, place in enumerate(zip(ground.east_m.tolist(), ground.north_m.tolist(), strict=True)):
        for name, value in _of_cell(sites, at, place, heard=heard[cell], power_m2=power[cell]).items():
            radii[name].append(value if value < WIDE * ground.widest_m else float("inf"))
    lat, lon = ground.plane.to_degrees(ground.east_m, ground.north_m)
    return Coverage(
        lat_deg=lat.reshape(ground.shape),
        lon_deg=lon.reshape(ground.shape),
        heard=heard.sum(axis=1).reshape(ground.shape),
        radius_m={name: np.array(values).reshape(ground.shape) for name, values in radii.items()},
    )


def best_addition(
    sites: Sequence[Site], emission: Emission, area: Area, *, kit: Site, candidates: Sequence[tuple[float, float]] = ()
) -> tuple[Site, Coverage]:
    """Where one more `kit` helps most, of the candidates (lat, lon) or of places all over the area."""
    places = candidates or _spread(area)
    tried = [replace(kit, lat_deg=lat, lon_deg=lon) for lat, lon in places]
    worth = [_cost(coverage([*sites, site], emission, area, side=14), area) for site in tried]
    best = tried[int(np.argmin(worth))]
    return best, coverage([*sites, best], emission, area)


def _cost(found: Coverage, area: Area) -> float:
    """Mean logarithm of the radius: a place that is not located counts as the whole area."""
    widest = _ground(area, 2).widest_m
    return float(np.log(np.minimum(found.radius_m["hybrid"], widest)).mean())


def _spread(area: Area, side: int = 6) -> list[tuple[float, float]]:
    south, west, north, east = area
    shares = (np.arange(side) + 0.5) / side
    return [(south + a * (north - south), west + b * (east - west)) for a in shares for b in shares]


def _ground(area: Area, side: int) -> _Ground:
    south, west, north, east = area
    plane = Plane((south + north) / 2, (west + east) / 2)
    low, high = plane.to_metres(south, west), plane.to_metres(north, east)
    width, height = float(high[0] - low[0]), float(high[1] - low[1])
    shares = (np.arange(side) + 0.5) / side
    e, n = np.meshgrid(low[0] + shares * width, low[1] + shares * height)
    widest_m = float(np.sqrt(PARTS * width * height / np.pi))
    return _Ground(plane, e.ravel(), n.ravel(), width * height / side**2, (side, side), widest_m)


def _levels(sites: Sequence[Site], emission: Emission, ground: _Ground, at: Floats) -> Floats:
    """Median level at each site of the emission in each cell, dBm."""
    found = np.empty((ground.east_m.size, len(sites)))
    for k, site in enumerate(sites):
        metres = np.hypot(ground.east_m - at[k, 0], ground.north_m - at[k, 1])
        loss = _loss_db(emission, site.height_m)
        found[:, k] = emission.eirp_dbm - np.interp(np.log(np.maximum(metres, 50.0)), np.log(DISTANCES_M), loss)
    return found


def _loss_db(emission: Emission, receiver_m: float) -> Floats:
    links = [
        Link(emission.freq_hz, float(metres), emission.height_m, receiver_m, emission.terrain_m)
        for metres in DISTANCES_M
    ]
    return np.array([area_loss(link).median_db for link in links]) + emission.houses_db


def _by_power(sites: Sequence[Site], emission: Emission, ground: _Ground, at: Floats, level: Floats) -> Floats:
    """Area of the 95 % region in m², by levels and silences alone: (cells,)."""
    prior = propagation(emission.service, emission.freq_hz)
    shadowing = prior.usual_shadowing_db
    own = np.array([s.gain_sigma_db**2 + shadowing**2 for s in sites])
    floors = np.array([s.floor_dbm for s in sites])
    heard = level > floors
    areas = np.empty(ground.east_m.size)
    for cell in range(areas.size):
        mine = heard[cell]
        if not mine.any():
            areas[cell] = np.inf
            continue
        decay = _decay_db(ground, cell, at[mine])
        covariance = np.diag(own[mine]) + prior.eirp_sigma_db**2
        covariance = covariance + prior.exponent_sigma**2 * np.outer(decay, decay)
        off = level[:, mine] - level[cell, mine]
        logs = -0.5 * np.einsum("ck,kl,cl->c", off, np.linalg.inv(covariance), off)
        shift = -off.mean(axis=1)  # what the power would have to be more, for that cell
        silent = ndtr((floors[~mine] - (level[:, ~mine] + shift[:, None])) / np.sqrt(own[~mine]))
        logs = logs + np.log(0.05 + 0.95 * silent).sum(axis=1)
        share = np.sort(np.exp(logs - logs.max()))[::-1]
        areas[cell] = ground.cell_m2 * (1 + int(np.searchsorted(np.cumsum(share) / share.sum(), PARTS)))
    return areas


def _decay_db(ground: _Ground, cell: int, at: Floats) -> Floats:
    """How levels change for each unit of the exponent, which is not known."""
    metres = np.hypot(ground.east_m[cell] - at[:, 0], ground.north_m[cell] - at[:, 1])
    return np.asarray(-10.0 * np.log10(np.maximum(metres, 50.0) / REFERENCE_M))


def _of_cell(
    sites: Sequence[Site], at: Floats, place: tuple[float, float], *, heard: NDArray[np.bool_], power_m2: float
) -> dict[str, float]:
    """Radius by method, of an emitter at one place; as large as may be, the area not known."""
    apart = np.hypot(*(at - place).T) > 1.0
    timed = np.array([s.timing_ns is not None for s in sites], bool) & heard & apart
    bearing = np.array([s.bearing_deg is not None for s in sites], bool) & heard & apart
    none = np.zeros((2, 2))
    by_time = _by_time(sites, place, at, timed) if timed.sum() > 2 else none
    by_bearing = _by_bearing(sites, place, at, bearing) if bearing.any() else none
    by_power = np.eye(2) * (np.pi * CHI2_95 / power_m2 if np.isfinite(power_m2) else 0.0)
    fishers = {"tdoa": by_time, "bearing": by_bearing, "hybrid": by_time + by_bearing + by_power}
    found = {name: _radius_m(fisher) for name, fisher in fishers.items()}
    return found | {"power": float(np.sqrt(power_m2 / np.pi))}


def _by_time(sites: Sequence[Site], place: tuple[float, float], at: Floats, used: NDArray[np.bool_]) -> Floats:
    sigma = np.array([(s.timing_ns or 0.0) * 1e-9 * LIGHT_M_S for s in sites])
    return of_arrivals(place, at[used], sigma[used])


def _by_bearing(sites: Sequence[Site], place: tuple[float, float], at: Floats, used: NDArray[np.bool_]) -> Floats:
    sigma = np.radians([s.bearing_deg or 0.0 for s in sites])
    return of_bearings(place, at[used], sigma[used], site_m=10.0)


def _radius_m(fisher: Floats) -> float:
    determinant = float(np.linalg.det(fisher))
    if determinant <= 0.0:
        return float("inf")
    return max(float(np.sqrt(CHI2_95 / np.sqrt(determinant))), FLOOR_M)
