"""How likely bearings are from each place, when it is not known how good the bearer is.

One bearer's bearings share an unknown sigma (log-normal prior; a claim moves its middle) and an unknown bias. A bearing
may be a reflection (any direction) or point away (the ambiguity of a loop or two elements). Repeats from one place are
one bearing; where they disagree, one of their directions is right at most. The place's own error turns a near bearing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fusion.locate.assumptions import DEVICE, PERSON, Bearer
from fusion.locate.geo import Plane
from fusion.locate.repeats import variance_of_drift, variance_of_mean
from fusion.values import BearingSighting

Floats = NDArray[np.float64]
SAME_PLACE_M = 20.0
SAME_DIRECTION_RAD = np.radians(40.0)  # further apart, repeats from one place contradict each other
WIDEST_RAD = np.radians(104.0)  # standard deviation of no direction at all
BLUR = 0.35  # of a cell's side
NEAREST_M = 1.0
# Gauss–Hermite: five points of a unit normal, and their shares
NORMAL_AT, NORMAL_SHARE = (np.asarray(a, np.float64) for a in np.polynomial.hermite_e.hermegauss(5))
NORMAL_SHARE = NORMAL_SHARE / NORMAL_SHARE.sum()


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """Of one bearer, one entry each direction of each place. All (k,).

    place      : number of the place; of its directions one is right at most
    part       : share of the place's bearings that stand behind it
    relative   : variance over that of a single bearing
    sigma_m    : of the place
    looks      : bearings in it
    """

    sensor: str
    bearer: Bearer
    claimed_rad: float
    east_m: Floats
    north_m: Floats
    azimuth_rad: Floats
    place: NDArray[np.int64]
    part: Floats
    relative: Floats
    sigma_m: Floats
    looks: Floats

    @property
    def places(self) -> int:
        return int(self.place[-1]) + 1


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Directions of several bearers, one after the other, all to be summed over the same points of sigma and bias.

    shared : (k,); place, bearer : (n,) where each place begins among the rows, and each bearer among the places
    """

    directions: tuple[Directions, ...]
    shared: Floats
    place: NDArray[np.int64]
    bearer: NDArray[np.int64]

    @classmethod
    def of(cls, directions: Sequence[Directions]) -> "_Rows":
        shared = [np.full(d.place.size, d.bearer.shared if d.places > 1 else 0.0) for d in directions]
        before = np.cumsum([0, *(d.place.size for d in directions[:-1])])
        starts = [n + np.flatnonzero(np.diff(d.place, prepend=-1)) for n, d in zip(before, directions, strict=True)]
        bearer = np.cumsum([0, *(d.places for d in directions[:-1])])
        return cls(tuple(directions), np.concatenate(shared), np.concatenate(starts), bearer)

    def column(self, name: str) -> Floats:
        return np.concatenate([getattr(d, name) for d in self.directions])[:, None]

    def prior(self, name: str) -> Floats:
        return np.repeat([getattr(d.bearer, name) for d in self.directions], [d.place.size for d in self.directions])

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float) -> Floats:
        """Each bearer's summed over its sigma and its bias: (p,)."""
        off, unsure = _misfit_rad(self, east_m, north_m, cell_m)  # (k, p)
        at, turn, share = _points(bool(self.shared.any()))  # (m,) each
        claimed = np.repeat([d.claimed_rad for d in self.directions], [d.place.size for d in self.directions])
        sigma = claimed * np.exp(self.prior("spread") * at[:, None])  # (m, k)
        own = sigma**2 * (1 - self.shared) * self.column("relative")[:, 0]
        bias = turn[:, None] * sigma * np.sqrt(self.shared)
        logs = self._of_places(wrapped(off - bias[:, :, None]), own[:, :, None] + unsure)  # (m, places, p)
        logs = np.add.reduceat(logs, self.bearer, axis=1)
        top = logs.max(axis=0)
        summed = np.tensordot(share, np.exp(logs - top), axes=1)
        return np.asarray((top + np.log(summed)).sum(axis=0))

    def _of_places(self, off: Floats, variance: Floats) -> Floats:
        """Log-likelihood of each place's directions: (m, places, p). More than a quarter turn off, it pointed away."""
        wild, mirrored = self.prior("wild")[:, None], self.prior("mirrored")[:, None]
        variance = np.minimum(variance, WIDEST_RAD**2)
        off = np.abs(off)
        away = off > np.pi / 2
        share = np.where(away, mirrored, 1 - wild - mirrored) * self.column("part")
        each = share * np.exp(-0.5 * np.where(away, np.pi - off, off) ** 2 / variance) / np.sqrt(2 * np.pi * variance)
        return np.asarray(np.log(np.add.reduceat(each, self.place, axis=1) + wild[self.place] / (2 * np.pi)))


@dataclass(frozen=True, slots=True, eq=False)
class Bearings:
    """The likelihood of all bearers' directions: of those with one place, and of those with a bias to be learnt."""

    bearers: tuple[Directions, ...]
    rows: tuple[_Rows, ...]

    @classmethod
    def of(cls, bearings: Sequence[BearingSighting], plane: Plane) -> "Bearings":
        names = dict.fromkeys((b.sensor, b.source) for b in bearings)
        bearers = [_directions([b for b in bearings if (b.sensor, b.source) == n], plane) for n in names]
        groups = ([d for d in bearers if d.places == 1], [d for d in bearers if d.places > 1])
        return cls(tuple(bearers), tuple(_Rows.of(group) for group in groups if group))

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float = 0.0) -> Floats:
        """Of places (p,)."""
        return np.asarray(sum(rows.log_density(east_m, north_m, cell_m) for rows in self.rows))

    @property
    def places(self) -> int:
        return sum(d.places for d in self.bearers)


def _points(biased: bool) -> tuple[Floats, Floats, Floats]:
    """(of ln sigma, of the bias, their share), in units of their priors: (m,) each."""
    if not biased:
        return NORMAL_AT, np.zeros(NORMAL_AT.size), NORMAL_SHARE
    at, turn = (a.ravel() for a in np.meshgrid(NORMAL_AT, NORMAL_AT))
    return at, turn, np.outer(NORMAL_SHARE, NORMAL_SHARE).ravel()


def _misfit_rad(rows: _Rows, east_m: Floats, north_m: Floats, cell_m: Floats | float) -> tuple[Floats, Floats]:
    """(bearing less true direction, variance of that from the place and the cell): each (k, p)."""
    east, north = east_m - rows.column("east_m"), north_m - rows.column("north_m")
    squared = np.maximum(east**2 + north**2, NEAREST_M**2)
    off = wrapped(rows.column("azimuth_rad") - np.arctan2(east, north))
    return off, np.asarray((rows.column("sigma_m") ** 2 + (BLUR * cell_m) ** 2) / squared)


def misfit_rad(d: Directions, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """(bearing less true direction, variance of that from the place alone): each (k, p)."""
    return _misfit_rad(_Rows.of([d]), east_m, north_m, 0.0)


def wrapped(angle_rad: Floats) -> Floats:
    """To −π … π."""
    return np.asarray(angle_rad - 2 * np.pi * np.round(angle_rad / (2 * np.pi)))


def right_share(d: Directions, off_rad: Floats, sigma_rad: Floats) -> tuple[Floats, Floats]:
    """(k,) each: how sure it is that a direction is no reflection, and that it is the opposite of the true one."""
    scale = 1 / (np.sqrt(2 * np.pi) * sigma_rad)
    right = (1 - d.bearer.wild - d.bearer.mirrored) * scale * np.exp(-0.5 * (off_rad / sigma_rad) ** 2)
    away = d.bearer.mirrored * scale * np.exp(-0.5 * ((np.pi - np.abs(off_rad)) / sigma_rad) ** 2)
    total = right + away + d.bearer.wild / (2 * np.pi)
    return right / total, away / total


def _directions(bearings: Sequence[BearingSighting], plane: Plane) -> Directions:
    bearer = PERSON if bearings[0].source == "person" else DEVICE
    sigma_rad = _expected_rad(bearings, bearer)
    rows = []
    for number, group in enumerate(_by_place(bearings, plane)):
        for direction in _by_direction(group):
            azimuth, relative = _mean(direction, sigma_rad, bearer)
            east, north = np.mean([(e, n) for e, n, _ in direction], axis=0)
            sigma_m = max(b.position_sigma_m for _, _, b in direction)
            looks = len(direction)
            rows.append((east, north, azimuth, number, looks / len(group), relative, sigma_m, looks))
    east_m, north_m, azimuth_rad, place, part, relative, sigma_m, counts = np.array(rows, dtype=np.float64).T
    return Directions(
        bearings[0].sensor,
        bearer,
        sigma_rad,
        east_m,
        north_m,
        azimuth_rad,
        place.astype(np.int64),
        part,
        relative,
        sigma_m,
        counts,
    )


def _expected_rad(bearings: Sequence[BearingSighting], bearer: Bearer) -> float:
    """Middle of the prior of its sigma: between what is usual and what is claimed."""
    claims = [b.sigma_deg for b in bearings if b.sigma_deg is not None]
    if not claims:
        return float(np.radians(bearer.sigma_deg))
    claimed = float(np.median(claims))
    return float(np.radians(claimed**bearer.claim_counts * bearer.sigma_deg ** (1 - bearer.claim_counts)))


_Placed = tuple[float, float, BearingSighting]


def _by_place(bearings: Sequence[BearingSighting], plane: Plane) -> list[list[_Placed]]:
    groups: list[list[_Placed]] = []
    for b in bearings:
        east, north = (float(v) for v in plane.to_metres(b.lat_deg, b.lon_deg))
        reach = max(SAME_PLACE_M, 3 * b.position_sigma_m)
        near = (g for g in groups if np.hypot(g[0][0] - east, g[0][1] - north) <= reach)
        group = next(near, None)
        if group is None:
            groups.append([(east, north, b)])
        else:
            group.append((east, north, b))
    return groups


def _by_direction(group: Sequence[_Placed]) -> list[list[_Placed]]:
    """Split at gaps wider than SAME_DIRECTION_RAD, around the circle."""
    ordered = sorted(group, key=lambda item: item[2].azimuth_deg % 360.0)
    azimuth = np.radians([b.azimuth_deg % 360.0 for _, _, b in ordered])
    gaps = np.diff(azimuth, append=azimuth[0] + 2 * np.pi)
    ends = np.flatnonzero(gaps > SAME_DIRECTION_RAD) + 1
    if ends.size < 2:
        return [ordered]
    turned = [*ordered[ends[0] :], *ordered[: ends[0]]]
    cuts = [0, *np.diff(ends).cumsum().tolist(), len(turned)]
    return [turned[a:b] for a, b in pairwise(cuts)]


def _mean(direction: Sequence[_Placed], sigma_rad: float, bearer: Bearer) -> tuple[float, float]:
    """(azimuth, variance over that of one)."""
    in_time = sorted((b for _, _, b in direction), key=lambda b: b.time_utc_ns)
    azimuth = np.radians([b.azimuth_deg for b in in_time])
    mean = float(np.angle(np.exp(1j * azimuth).sum()))
    off = wrapped(azimuth - mean)
    variance = variance_of_mean(float((off**2).sum()), off.size, sigma_rad**2, always_shared=bearer.same_place)
    if len({b.time_utc_ns for b in in_time}) == off.size:
        variance += variance_of_drift(off)
    return mean, variance / sigma_rad**2
