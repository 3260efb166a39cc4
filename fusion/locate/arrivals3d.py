"""Arrivals of one signal at sensors hundreds of kilometres apart, from an emitter in the air.

The plane of `joint` ends at some 50 km. Here places are on the WGS-84 ellipsoid, heights count, and the air delays: its
refractivity falls exponentially with height (ITU-R P.453: 315 N units at the ground, scale 7.35 km). What can be wrong
with a sensor is the same set of hypotheses as in `tdoa`. Gauss–Newton first finds the places where all fit best, from a
coarse grid; from those every hypothesis is solved, all at once. Its weight is its evidence (Laplace), and the region is
the union of the ellipses that matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pymap3d
from numpy.typing import NDArray

from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.faults import MEANS_M, Hypotheses, simplest, variances_m2

Floats = NDArray[np.float64]
REFRACTIVITY, SCALE_HEIGHT_M = 315e-6, 7_350.0
GRID, REACH = 14, 1.5  # starts a side, over so many times the sensors' extent
STARTS, BEST = 6, 2  # places of the grid to start from; of what they led to, to go on from
FIRST_STEPS, STEPS, LONGEST_STEP_M = 5, 4, 60_000.0
USUAL_HEIGHT_M, HEIGHT_SIGMA_M = 6_000.0, 4_000.0  # of aircraft, where no height is told
KNOWN_HEIGHT_SIGMA_M = 50.0
REGION_SHARE, QUANTILE = 0.99, 5.99  # hypotheses drawn; of chi-squared with two degrees of freedom: 95 %
CORNERS = 48


@dataclass(frozen=True, slots=True)
class Arrival:
    """Of one sensor whose clock is true to sigma_s."""

    sensor: str
    lat_deg: float
    lon_deg: float
    height_m: float
    time_s: float
    sigma_s: float


@dataclass(frozen=True, slots=True)
class HighFix:
    """covariance_m2 : east-east, east-north, north-north. region : pieces, likeliest first. wrong : likeliest to be."""

    lat_deg: float
    lon_deg: float
    height_m: float
    covariance_m2: tuple[float, float, float]
    region: tuple[tuple[tuple[float, float], ...], ...]
    wrong: tuple[str, ...]


def locate_high(arrivals: Sequence[Arrival], *, height_m: float | None = None) -> HighFix | None:
    """None with fewer than four arrivals. `height_m` over the ellipsoid, where it is told."""
    if len(arrivals) < 4:
        return None
    network = _Network.of(arrivals, height_m)
    hypotheses = simplest(len(arrivals))
    starts = network.starts()
    first = _solved(network, hypotheses[np.zeros(len(starts), np.int64)], starts, steps=FIRST_STEPS)
    best = first.places[np.argsort(np.where(np.isfinite(first.log_evidence), -first.log_evidence, np.inf))[:BEST]]
    rows = hypotheses[np.repeat(np.arange(hypotheses.scale.size), BEST)]
    return _fix(network, rows, _solved(network, rows, np.tile(best, (hypotheses.scale.size, 1)), steps=STEPS))


@dataclass(frozen=True, slots=True, eq=False)
class _Network:
    """at_m : (s, 3) on the Earth's axes; late_m, sigma_m : (s,); height and its sigma as known beforehand."""

    names: tuple[str, ...]
    middle: tuple[float, float]
    extent_deg: tuple[float, float]
    at_m: Floats
    heights_m: Floats
    late_m: Floats
    sigma_m: Floats
    height_m: float
    height_sigma_m: float

    @classmethod
    def of(cls, arrivals: Sequence[Arrival], height_m: float | None) -> "_Network":
        lat, lon = np.array([a.lat_deg for a in arrivals]), np.array([a.lon_deg for a in arrivals])
        height = np.array([a.height_m for a in arrivals])
        first = min(a.time_s for a in arrivals)
        return cls(
            tuple(a.sensor for a in arrivals),
            (float(lat.mean()), float(lon.mean())),
            (max(float(np.ptp(lat)), 0.2), max(float(np.ptp(lon)), 0.2)),
            np.column_stack(_on_axes(lat, lon, height)),
            height,
            np.array([(a.time_s - first) * LIGHT_M_S for a in arrivals]),
            np.array([a.sigma_s * LIGHT_M_S for a in arrivals]),
            USUAL_HEIGHT_M if height_m is None else height_m,
            HEIGHT_SIGMA_M if height_m is None else KNOWN_HEIGHT_SIGMA_M,
        )

    def starts(self) -> Floats:
        """(STARTS, 3): latitude, longitude, height of the best places of a grid, not side by side, under errors as wide
        as a cell."""
        lat, lon = (
            m + REACH * extent * np.linspace(-1, 1, GRID)
            for m, extent in zip(self.middle, self.extent_deg, strict=True)
        )
        places = np.column_stack([np.repeat(lat, GRID), np.tile(lon, GRID), np.full(GRID**2, self.height_m)])
        misfit = self.late_m - self.paths_m(places)[0]
        wide_m = REACH * max(self.extent_deg) * 111_000.0 / GRID
        in_order, count = np.sort(misfit, axis=1), misfit.shape[1]
        middle = (in_order[:, (count - 1) // 2] + in_order[:, count // 2]) / 2
        off = (misfit - middle[:, None]) / wide_m
        order = np.argsort(np.log1p(off**2).sum(axis=1))
        chosen: list[int] = []
        for k in order.tolist():
            row, column = divmod(k, GRID)
            if all(max(abs(row - j // GRID), abs(column - j % GRID)) > 1 for j in chosen):
                chosen.append(k)
            if len(chosen) == STARTS:
                break
        return np.asarray(places[chosen])

    def paths_m(self, places: Floats) -> tuple[Floats, Floats]:
        """Of light from places (p, 3) to the sensors: (p, s), air included; and the direction it takes: (p, s, 3)."""
        away = np.column_stack(_on_axes(*places.T))[:, None, :] - self.at_m
        straight = np.sqrt((away**2).sum(axis=2))
        return straight * (1 + _mean_refractivity(self.heights_m, places[:, 2:])), away / straight[:, :, None]


def _on_axes(lat_deg: Floats, lon_deg: Floats, height_m: Floats) -> tuple[Floats, Floats, Floats]:
    x, y, z = pymap3d.geodetic2ecef(lat_deg, lon_deg, height_m)
    return np.asarray(x), np.asarray(y), np.asarray(z)


def _mean_refractivity(low_m: Floats, high_m: Floats) -> Floats:
    """Of a straight path between two heights."""
    rise = np.where(np.abs(high_m - low_m) < 1.0, 1.0, high_m - low_m)
    fall = np.exp(-low_m / SCALE_HEIGHT_M) - np.exp(-(low_m + rise) / SCALE_HEIGHT_M)
    return np.asarray(REFRACTIVITY * SCALE_HEIGHT_M * fall / rise)


@dataclass(frozen=True, slots=True, eq=False)
class _Solved:
    """places : (h, 3); covariance_m2 : (h, 2, 2); log_evidence : (h,)"""

    places: Floats
    covariance_m2: Floats
    log_evidence: Floats


def _solved(network: _Network, rows: Hypotheses, places: Floats, *, steps: int) -> _Solved:
    weight = (rows.chosen / variances_m2(network.sigma_m)).sum(axis=1)  # (h, s)
    delay = (rows.chosen * MEANS_M[:, None]).sum(axis=1)
    for _ in range(steps):
        normal, gradient, _ = _normal(network, weight, delay, places)
        step = np.linalg.solve(normal, gradient[:, :, None])[:, :, 0]
        length = np.sqrt((step**2).sum(axis=1))
        step *= np.minimum(1.0, LONGEST_STEP_M / np.maximum(length, 1.0))[:, None]
        places = _moved(places, np.asarray(step, np.float64))
        if length.max() < 0.5:
            break
    normal, _, misfit = _normal(network, weight, delay, places)
    evidence = 0.5 * (np.log(weight).sum(axis=1) - np.log(weight.sum(axis=1)) - misfit)
    _, volume = np.linalg.slogdet(normal)
    return _Solved(
        places, np.asarray(np.linalg.inv(normal)[:, :2, :2], np.float64), evidence - 0.5 * volume + rows.log_share
    )


def _normal(network: _Network, weight: Floats, delay: Floats, places: Floats) -> tuple[Floats, Floats, Floats]:
    """In metres east, north, up: (h, 3, 3) with the emission time eliminated, (h, 3), and the misfit (h,)."""
    paths, direction = network.paths_m(places)
    slope = direction @ _axes(places)  # (h, s, 3): growth of each path
    misfit = network.late_m - delay - paths
    total = weight.sum(axis=1)
    slope = slope - (weight[:, None, :] @ slope) / total[:, None, None]
    misfit = misfit - ((weight * misfit).sum(axis=1) / total)[:, None]
    weighted = slope * weight[:, :, None]
    normal = np.swapaxes(weighted, 1, 2) @ slope
    gradient = (np.swapaxes(weighted, 1, 2) @ misfit[:, :, None])[:, :, 0]
    known = 1 / network.height_sigma_m**2
    normal[:, 2, 2] += known
    off = network.height_m - places[:, 2]
    gradient[:, 2] += known * off
    return normal, gradient, np.asarray((weight * misfit**2).sum(axis=1) + known * off**2)


def _axes(places: Floats) -> Floats:
    """(h, 3, 3): east, north and up as columns."""
    lat, lon = np.radians(places[:, :2].T)
    (sin_lat, sin_lon), (cos_lat, cos_lon) = np.sin((lat, lon)), np.cos((lat, lon))
    zero = np.zeros_like(lat)
    rows = (-sin_lon, -sin_lat * cos_lon, cos_lat * cos_lon, cos_lon, -sin_lat * sin_lon, cos_lat * sin_lon)
    return np.array([*rows, zero, cos_lat, sin_lat]).T.reshape(-1, 3, 3)


def _moved(places: Floats, step_m: Floats) -> Floats:
    lat, lon, height = places.T
    turned = step_m[:, 1] / 6_371_000.0, step_m[:, 0] / (6_371_000.0 * np.cos(np.radians(lat)))
    return np.column_stack([lat + np.degrees(turned[0]), lon + np.degrees(turned[1]), height + step_m[:, 2]])


def _fix(network: _Network, rows: Hypotheses, solved: _Solved) -> HighFix | None:
    usable = np.isfinite(solved.log_evidence) & np.isfinite(solved.places).all(axis=1)
    if not usable.any():
        return None
    share = np.where(usable, np.exp(solved.log_evidence - solved.log_evidence[usable].max()), 0.0)
    order = np.argsort(share)[::-1]
    drawn = order[: int(np.searchsorted(np.cumsum(share[order]) / share.sum(), REGION_SHARE)) + 1]
    best = int(order[0])
    lat, lon, height = (float(v) for v in solved.places[best])
    (ee, en), (_, nn) = solved.covariance_m2[best]
    wrong = tuple(name for name, fault in zip(network.names, rows.fault[best], strict=True) if fault)
    shown = _distinct(solved, drawn)
    pieces = _ellipses(solved.places[shown], solved.covariance_m2[shown])
    return HighFix(lat, lon, height, (float(ee), float(en), float(nn)), pieces, wrong)


def _distinct(solved: _Solved, drawn: NDArray[np.int64]) -> list[int]:
    """Without those that say the same as a likelier one: at its place, and no wider."""
    places, size = solved.places[drawn, :2], np.trace(solved.covariance_m2[drawn], axis1=1, axis2=2)
    there = np.abs(places[:, None] - places).max(axis=2) < 1e-5
    same = there & (size[:, None] < 1.05 * size)
    kept: list[int] = []
    for number in range(drawn.size):
        if not same[number, kept].any():
            kept.append(number)
    return [int(drawn[number]) for number in kept]


def _ellipses(places: Floats, covariance_m2: Floats) -> tuple[tuple[tuple[float, float], ...], ...]:
    """Of places (h, 3): closed rings of (lat, lon)."""
    values, vectors = np.linalg.eigh(covariance_m2)
    angle = np.linspace(0, 2 * np.pi, CORNERS + 1)
    axes = vectors * np.sqrt(QUANTILE * np.maximum(values, 0.0))[:, None, :]
    step_m = np.swapaxes(axes @ np.stack([np.cos(angle), np.sin(angle)]), 1, 2).reshape(-1, 2)
    flat = np.column_stack([step_m, np.zeros(len(step_m))])
    corners = _moved(np.repeat(places, CORNERS + 1, axis=0), flat)[:, :2].reshape(-1, CORNERS + 1, 2)
    return tuple(tuple(zip(ring[0], ring[1], strict=True)) for ring in np.swapaxes(corners, 1, 2).tolist())
