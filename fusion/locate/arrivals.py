"""From differences of pairs to arrivals at sensors.

Differences that have a sensor in common have its error in common. So the arrivals are the unknowns: one at each place
of reception, in metres of light, up to what is common to all (the time of emission, which nobody needs).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fusion.locate.assumptions import CLOSURE_SIGMAS, LIGHT_M_S
from fusion.locate.evidence import LeftOut
from fusion.locate.geo import Plane
from fusion.locate.repeats import variance_of_mean
from fusion.values import ArrivalDifference

Floats = NDArray[np.float64]
SAME_PLACE_SIGMAS, SAME_PLACE_SHARE = 3.0, 0.3  # of the place's own sigma, and of the difference's
LEAST_SHARE = 0.05  # of a pair's variance, at least, that is laid to each of its ends


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """One network of pairs. All (s,): late_m up to a constant; sigma_m: noise and place together."""

    sensors: tuple[str, ...]
    east_m: Floats
    north_m: Floats
    late_m: Floats
    sigma_m: Floats
    looks: tuple[int, ...]  # differences with an end there


@dataclass(frozen=True, slots=True)
class _End:
    sensor: str
    east_m: float
    north_m: float
    sigma_m: float


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """first, second : (k,) numbers of ends; late_m : (k,) second − first; variance_m2 : (k,)"""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    late_m: Floats
    variance_m2: Floats

    def __getitem__(self, kept: NDArray[np.bool_]) -> "_Pairs":
        return _Pairs(self.first[kept], self.second[kept], self.late_m[kept], self.variance_m2[kept])


def arrivals(
    differences: Sequence[ArrivalDifference], plane: Plane
) -> tuple[tuple[Arrivals, ...], tuple[LeftOut, ...]]:
    """One of each network whose sensors are joined by differences; and the pairs that contradict the others."""
    ends, sides = _ends(differences, plane)
    pairs = _merged(differences, sides)
    networks, left_out = [], []
    for members in _networks(len(ends), pairs):
        kept, scale, dropped = _closed(pairs[np.isin(pairs.first, members)], members)
        left_out += [LeftOut("difference", f"{ends[a].sensor}–{ends[b].sensor}", "closure") for a, b in dropped]
        looks = tuple(sum(m in side for side in sides) for m in members.tolist())
        networks.append(_solved([ends[m] for m in members], _renumbered(kept, members), scale, looks))
    return tuple(networks), tuple(left_out)


def _ends(differences: Sequence[ArrivalDifference], plane: Plane) -> tuple[list[_End], list[tuple[int, int]]]:
    """Places of reception, each once, and the two numbers of every difference."""
    places: list[_End] = []
    sides = []
    at = [(d.lat_a_deg, d.lon_a_deg, d.lat_b_deg, d.lon_b_deg) for d in differences]
    lat_a, lon_a, lat_b, lon_b = np.array(at, np.float64).reshape(-1, 4).T
    east, north = (np.asarray(v).reshape(2, -1) for v in plane.to_metres(np.r_[lat_a, lat_b], np.r_[lon_a, lon_b]))
    for d, (east_a, east_b), (north_a, north_b) in zip(differences, east.T.tolist(), north.T.tolist(), strict=True):
        reach = max(SAME_PLACE_SIGMAS * d.position_sigma_m, SAME_PLACE_SHARE * d.sigma_s * LIGHT_M_S)
        a = _number(places, _End(d.sensor_a, east_a, north_a, d.position_sigma_m), reach)
        b = _number(places, _End(d.sensor_b, east_b, north_b, d.position_sigma_m), reach)
        sides.append((a, b))
    return places, sides


def _number(places: list[_End], end: _End, reach_m: float) -> int:
    for number, place in enumerate(places):
        near = math.hypot(place.east_m - end.east_m, place.north_m - end.north_m) <= reach_m
        if place.sensor == end.sensor and near:
            return number
    places.append(end)
    return len(places) - 1


def _merged(differences: Sequence[ArrivalDifference], sides: Sequence[tuple[int, int]]) -> _Pairs:
    """Repeats of a pair as one, with what the repeats are worth."""
    repeats: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for d, (a, b) in zip(differences, sides, strict=True):
        late_m, variance = d.difference_s * LIGHT_M_S, (d.sigma_s * LIGHT_M_S) ** 2
        repeats.setdefault((min(a, b), max(a, b)), []).append((late_m if a < b else -late_m, variance))
    late, variances = [], []
    for values in repeats.values():
        value, variance = np.asarray(values).T
        mean = float(np.average(value, weights=1 / variance))
        claimed = float(1 / np.mean(1 / variance))
        squares = float(((value - mean) ** 2 / variance).sum()) * claimed
        late.append(mean)
        variances.append(variance_of_mean(squares, len(values), claimed))
    first, second = np.array(list(repeats)).reshape(-1, 2).T
    return _Pairs(first, second, np.array(late), np.array(variances))


def _networks(count: int, pairs: _Pairs) -> list[NDArray[np.int64]]:
    graph = coo_array((np.ones(pairs.first.size), (pairs.first, pairs.second)), shape=(count, count))
    number, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == n) for n in range(number)]


def _closed(pairs: _Pairs, members: NDArray[np.int64]) -> tuple[_Pairs, float, list[tuple[int, int]]]:
    """Without the pairs that do not close with the others; where it cannot be told which, all count less (scale)."""
    dropped: list[tuple[int, int]] = []
    if pairs.first.size < members.size:  # each pair joins one more: there is nothing to close
        return pairs, 1.0, dropped
    misfit = _closure(_renumbered(pairs, members), members.size)
    while misfit > CLOSURE_SIGMAS:
        tries = [_without(pairs, k, members) for k in range(pairs.first.size)]
        best, second = sorted([t for t in tries if t is not None] + [misfit] * 2)[:2]
        if best > CLOSURE_SIGMAS or second < 2 * best + CLOSURE_SIGMAS / 2:
            return pairs, misfit, dropped
        worst = tries.index(best)
        dropped.append((int(pairs.first[worst]), int(pairs.second[worst])))
        pairs, misfit = pairs[np.arange(pairs.first.size) != worst], best
    return pairs, 1.0, dropped


def _without(pairs: _Pairs, number: int, members: NDArray[np.int64]) -> float | None:
    """How well the others close without this one; None when they no longer join all members."""
    rest = _renumbered(pairs[np.arange(pairs.first.size) != number], members)
    return _closure(rest, members.size) if len(_networks(members.size, rest)) == 1 else None


def _closure(pairs: _Pairs, count: int) -> float:
    """Of pairs against the arrivals that fit them best: the largest misfit in sigmas."""
    late = _fitted(pairs, count)
    misfit = pairs.late_m - (late[pairs.second] - late[pairs.first])
    return float(np.max(np.abs(misfit) / np.sqrt(pairs.variance_m2)))


def _renumbered(pairs: _Pairs, members: NDArray[np.int64]) -> _Pairs:
    first, second = np.searchsorted(members, pairs.first), np.searchsorted(members, pairs.second)
    return _Pairs(first, second, pairs.late_m, pairs.variance_m2)


def _incidence(pairs: _Pairs, count: int) -> Floats:
    design = np.zeros((pairs.first.size, count))
    design[np.arange(pairs.first.size), pairs.first] = -1.0
    design[np.arange(pairs.first.size), pairs.second] = 1.0
    return design


def _fitted(pairs: _Pairs, count: int) -> Floats:
    weight = 1 / np.sqrt(pairs.variance_m2)
    solved = np.linalg.lstsq(_incidence(pairs, count) * weight[:, None], pairs.late_m * weight, rcond=None)
    return np.asarray(solved[0], np.float64)


def _solved(ends: Sequence[_End], pairs: _Pairs, scale: float, looks: tuple[int, ...]) -> Arrivals:
    variance = _variances(pairs, len(ends)) * max(scale, 1.0) ** 2
    return Arrivals(
        sensors=tuple(end.sensor for end in ends),
        east_m=np.array([end.east_m for end in ends]),
        north_m=np.array([end.north_m for end in ends]),
        late_m=_fitted(pairs, len(ends)),
        sigma_m=np.sqrt(variance + np.array([end.sigma_m**2 for end in ends])),
        looks=looks,
    )


def _variances(pairs: _Pairs, count: int) -> Floats:
    """Of the arrivals, such that each pair's two add up to its own; halves, as near as that allows."""
    halves = np.full(count, np.inf)
    np.minimum.at(halves, pairs.first, pairs.variance_m2 / 2)
    np.minimum.at(halves, pairs.second, pairs.variance_m2 / 2)
    ends = np.abs(_incidence(pairs, count))
    change = np.linalg.lstsq(ends, pairs.variance_m2 - ends @ halves, rcond=None)[0]
    return np.asarray(np.maximum(halves + change, 2 * LEAST_SHARE * halves), np.float64)
