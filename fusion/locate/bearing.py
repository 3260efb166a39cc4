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
FEW = 6  # places, that tell a bearer's sigma and bias hardly more finely than their priors
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
    together : places of all bearers, of these rows and others
    """

    directions: tuple[Directions, ...]
    shared: Floats
    place: NDArray[np.int64]
    bearer: NDArray[np.int64]
    together: int

    @classmethod
    def of(cls, directions: Sequence[Directions], together: int) -> "_Rows":
        shared = [np.full(d.place.size, d.bearer.shared if d.places > 1 else 0.0) for d in directions]
        before = np.cumsum([0, *(d.place.size for d in directions[:-1])])
        starts = [n + np.flatnonzero(np.diff(d.place, prepend=-1)) for n, d in zip(before, directions, strict=True)]
        bearer = np.cumsum([0, *(d.places for d in directions[:-1])])
        return cls(tuple(directions), np.concatenate(shared), np.concatenate(starts), bearer, together)

    def column(self, name: str) -> Floats:
        return np.concatenate([getattr(d, name) for d in self.directions])[:, None]

    def prior(self, name: str) -> Floats:
        return np.repeat([getattr(d.bearer, name) for d in self.directions], [d.place.size for d in self.directions])

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float) -> Floats:
        """Each bearer's summed over its sigma and its bias: (p,).

        Many bearings tell both far more finely than their priors do: their points lie where the misfits at each place
        put them (adaptive Gauss-Hermite quadrature, Liu and Pierce, Biometrika 81(3), 1994).
        """
        off, unsure, blur = _misfit_rad(self, east_m, north_m, cell_m)  # (k, p)
        at, turn, share = _points(bool(self.shared.any()))  # (m,) each
        many = max(d.places for d in self.directions) > FEW
        middle = _Middle.of(self, off, unsure + blur) if many else _Middle.prior(self.bearer.size)
        at, turn = (
            m + s * x[:, None, None] for m, s, x in ((middle.at, middle.at_s, at), (middle.turn, middle.turn_s, turn))
        )  # (m, bearers, p)
        logs = np.log(share)[:, None, None] + middle.log_ratio(at, turn)
        at, turn = (np.repeat(each, self.counts, axis=1) for each in (at, turn))  # (m, k, p)
        sigma = self.claimed * np.exp(self.prior("spread")[:, None] * at)
        own = sigma**2 * (1 - self.shared[:, None]) * self.column("relative")
        bias = turn * sigma * np.sqrt(self.shared)[:, None]
        found = self._of_places(wrapped(off - bias), own + unsure, blur)  # (m, places, p)
        logs = logs + _summed(found, self.bearer)
        top = logs.max(axis=0)
        return np.asarray((top + np.log(np.exp(logs - top).sum(axis=0))).sum(axis=0))

    @property
    def counts(self) -> NDArray[np.int64]:
        """Rows of each bearer."""
        return np.array([d.place.size for d in self.directions])

    @property
    def claimed(self) -> Floats:
        """(k, 1)"""
        return np.repeat([d.claimed_rad for d in self.directions], self.counts)[:, None]

    def _of_places(self, off: Floats, variance: Floats, blur: Floats) -> Floats:
        """Log-likelihood of each place's directions: (m, places, p). More than a quarter turn off, it pointed away.

        Somewhere in a cell two directions cross, and the others pass there as well: of `together` directions what the
        cell's size (`blur`) takes off their density is taken off twice, not by each of them.
        """
        wild, mirrored = self.prior("wild")[:, None], self.prior("mirrored")[:, None]
        taken_off = (0.5 - 1 / max(self.together, 2)) * np.log1p(blur / variance)
        variance = np.minimum(variance + blur, WIDEST_RAD**2)
        off = np.abs(off)
        away = off > np.pi / 2
        share = np.where(away, mirrored, 1 - wild - mirrored) * self.column("part")
        misfit = 0.5 * np.where(away, np.pi - off, off) ** 2 / variance
        each = share * np.exp(taken_off - misfit) / np.sqrt(2 * np.pi * variance)
        return np.asarray(np.log(_summed(each, self.place) + wild[self.place] / (2 * np.pi)))


@dataclass(frozen=True, slots=True, eq=False)
class _Middle:
    """Where the misfits at each place put each bearer's ln sigma and bias, and how surely, in units of their priors:
    all (bearers, p)."""

    at: Floats
    at_s: Floats
    turn: Floats
    turn_s: Floats

    @classmethod
    def prior(cls, bearers: int) -> "_Middle":
        zero, one = np.zeros((bearers, 1)), np.ones((bearers, 1))
        return cls(zero, one, zero, one)

    @classmethod
    def of(cls, rows: _Rows, off: Floats, unsure: Floats) -> "_Middle":
        """By reweighting, from no bias and the claim: what is likelier a reflection hardly counts."""
        starts, shared = rows.place[rows.bearer], rows.shared[:, None]
        single, part = (1 - shared) * rows.column("relative"), rows.column("part")
        spread = rows.prior("spread")[starts][:, None]
        wild = rows.prior("wild")[:, None] / (2 * np.pi)
        at = turn = np.zeros((starts.size, off.shape[1]))
        at_s = turn_s = np.ones_like(at)
        for more in (1.0, 0.0, 0.0):  # at first the bias is part of what is not known
            sigma = rows.claimed * np.exp(np.repeat(spread * at, rows.counts, axis=0))
            bias = sigma * np.sqrt(shared)
            left = wrapped(off - np.repeat(turn, rows.counts, axis=0) * bias)
            variance = sigma**2 * single + unsure + more * bias**2
            right = np.exp(-0.5 * left**2 / variance) / np.sqrt(2 * np.pi * variance)
            weight = part * right / (right + wild)
            squares = np.add.reduceat(weight * (left**2 / variance - 1), starts, axis=0)
            many = np.add.reduceat(weight, starts, axis=0)
            turn_s = 1 / np.sqrt(1 + np.add.reduceat(weight * bias**2 / variance, starts, axis=0))
            turn = turn_s**2 * np.add.reduceat(weight * bias * off / variance, starts, axis=0)
            at_s = 1 / np.sqrt(1 + 2 * many * spread**2)
            at = at_s**2 * (2 * many * spread**2 * at + squares * spread)
        return cls(at, at_s, turn, turn_s)

    def log_ratio(self, at: Floats, turn: Floats) -> Floats:
        """Of the priors to the normals the points are drawn from. (m, bearers, p)"""
        drawn = ((at - self.at) / self.at_s) ** 2 + ((turn - self.turn) / self.turn_s) ** 2
        return np.asarray(0.5 * (drawn - at**2 - turn**2) + np.log(self.at_s * self.turn_s))


@dataclass(frozen=True, slots=True, eq=False)
class Bearings:
    """The likelihood of all bearers' directions: of those with one place, and of those with a bias to be learnt."""

    bearers: tuple[Directions, ...]
    rows: tuple[_Rows, ...]

    @classmethod
    def of(cls, bearings: Sequence[BearingSighting], plane: Plane) -> "Bearings":
        names = dict.fromkeys((b.sensor, b.source) for b in bearings)
        bearers = [_directions([b for b in bearings if (b.sensor, b.source) == n], plane) for n in names]
        kinds = ({1}, set(range(2, FEW + 1)))
        groups = [[d for d in bearers if d.places in places] for places in kinds]
        groups.append([d for d in bearers if d.places > FEW])
        together = sum(d.places for d in bearers)
        return cls(tuple(bearers), tuple(_Rows.of(group, together) for group in groups if group))

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float = 0.0) -> Floats:
        """Of places (p,)."""
        return np.asarray(sum(rows.log_density(east_m, north_m, cell_m) for rows in self.rows))

    @property
    def places(self) -> int:
        return sum(d.places for d in self.bearers)


def _summed(values: Floats, begins: NDArray[np.int64]) -> Floats:
    """Of (m, n, p), what lies between two beginnings; often there is one each, and nothing to sum."""
    return values if begins.size == values.shape[1] else np.add.reduceat(values, begins, axis=1)


def _points(biased: bool) -> tuple[Floats, Floats, Floats]:
    """(of ln sigma, of the bias, their share), in units of their priors: (m,) each."""
    if not biased:
        return NORMAL_AT, np.zeros(NORMAL_AT.size), NORMAL_SHARE
    at, turn = (a.ravel() for a in np.meshgrid(NORMAL_AT, NORMAL_AT))
    return at, turn, np.outer(NORMAL_SHARE, NORMAL_SHARE).ravel()


def _misfit_rad(rows: _Rows, east_m: Floats, north_m: Floats, cell_m: Floats | float) -> tuple[Floats, Floats, Floats]:
    """(bearing less true direction, variance of that from the place, and from the cell): each (k, p)."""
    east, north = east_m - rows.column("east_m"), north_m - rows.column("north_m")
    squared = np.maximum(east**2 + north**2, NEAREST_M**2)
    off = wrapped(rows.column("azimuth_rad") - np.arctan2(east, north))
    return off, np.asarray(rows.column("sigma_m") ** 2 / squared), np.asarray((BLUR * cell_m) ** 2 / squared)


def misfit_rad(d: Directions, east_m: Floats, north_m: Floats) -> tuple[Floats, Floats]:
    """(bearing less true direction, variance of that from the place alone): each (k, p)."""
    return _misfit_rad(_Rows.of([d], d.places), east_m, north_m, 0.0)[:2]


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
    at = plane.to_metres(np.array([b.lat_deg for b in bearings]), np.array([b.lon_deg for b in bearings]))
    for b, east, north in zip(bearings, *(v.tolist() for v in at), strict=True):
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
