"""Sensors' clocks against the known sites of licensed emitters, where arrival times of these were measured."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from fusion.calibration import KnownEmitter
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.geo import distance_m

ECHO_S = 0.3e-6  # of city echoes, and what a licence's place is off by
LEAST_PAIRS = 3
SIGMAS = 5.0
MOST_WRONG = 0.6  # of its pairs: more, and it is this sensor


@dataclass(frozen=True, slots=True)
class ClockError:
    """By how much a sensor is late, by its median.  scattered: by emitter, not alike: then it is not the clock"""

    error_s: float
    sigma_s: float
    wrong: bool
    scattered: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    a: str
    b: str
    late_s: float  # of b against a, beyond geometry
    sigma_s: float

    @property
    def wrong(self) -> bool:
        return abs(self.late_s) > SIGMAS * (self.sigma_s + ECHO_S)


def clock_errors(known: Iterable[KnownEmitter], since_ns: int) -> dict[str, ClockError]:
    """By sensor. Of a wrong pair one is to blame: the one that is wrong with most others, one after another."""
    left = [pair for each in known for pair in _pairs(each, since_ns)]
    found: dict[str, ClockError] = {}
    while True:
        errors = {name: _error(name, left) for name in sorted({n for p in left for n in (p.a, p.b)} - set(found))}
        worst = max(errors, key=lambda name: _wrongs(name, left), default=None)
        if worst is None or not _mostly_wrong(worst, left):
            return found | {name: error for name, error in errors.items() if error is not None}
        error = errors[worst]
        if error is not None:
            found[worst] = error
        left = [p for p in left if worst not in (p.a, p.b)]


def _pairs(each: KnownEmitter, since_ns: int) -> Iterator[_Pair]:
    site = each.lat_deg, each.lon_deg
    for d in each.emitter.differences:
        if d.time_utc_ns >= since_ns:
            metres = distance_m(site, (d.lat_b_deg, d.lon_b_deg)) - distance_m(site, (d.lat_a_deg, d.lon_a_deg))
            yield _Pair(d.sensor_a, d.sensor_b, d.difference_s - metres / LIGHT_M_S, d.sigma_s)


def _wrongs(name: str, pairs: list[_Pair]) -> int:
    return sum(p.wrong for p in pairs if name in (p.a, p.b))


def _mostly_wrong(name: str, pairs: list[_Pair]) -> bool:
    mine = [p for p in pairs if name in (p.a, p.b)]
    return len(mine) >= LEAST_PAIRS and _wrongs(name, pairs) > MOST_WRONG * len(mine)


def _error(name: str, pairs: list[_Pair]) -> ClockError | None:
    mine = [p for p in pairs if name in (p.a, p.b)]
    if len(mine) < LEAST_PAIRS:
        return None
    late = np.array([p.late_s if p.b == name else -p.late_s for p in mine])
    middle, usual = float(np.median(late)), float(np.median([p.sigma_s for p in mine])) + ECHO_S
    about = float(np.median(np.abs(late - middle)))
    return ClockError(middle, usual / len(mine) ** 0.5, _mostly_wrong(name, pairs), about > SIGMAS * usual / 2)
