"""What cannot be true is left out before anything is computed, and why is said.

Only what is certain is refused here. What is merely odd (an echo, a clock that stepped, a sensor three streets from
where it says) is weighed by the likelihoods, which can be wrong about it by degrees.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import dist, isfinite
from typing import TypeVar

import numpy as np
import pymap3d

from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.evidence import Checked, Evidence, LeftOut
from fusion.values import ArrivalDifference, BearingSighting, Sighting

LatLon = tuple[float, float]
NOWHERE_DEG = 0.05  # about 0° N 0° E: a receiver without a fix, never a sensor
FARTHEST_M = 1_000_000.0  # no emitter of ours is heard at two places this far apart
OFF_SURVEY_M = 1_000.0  # and at least so many of its own sigmas: a surveyed sensor that claims to be elsewhere
OFF_SURVEY_SIGMAS = 5.0
ECHO_SLACK_M = 3_000.0  # an echo may lengthen one of two paths by so much
SIGMAS = 5.0
LOUDEST_DBM, WEAKEST_DBM = 60.0, -180.0
REFUSED_CLOCKS = ("ntp", "none")  # a millisecond is 300 km
Item = TypeVar("Item", Sighting, ArrivalDifference, BearingSighting)


@dataclass(frozen=True, slots=True)
class _Known:
    """middle : of the sensors; surveyed : where fixed ones stand; placed : every place asked about, on the Earth."""

    middle: LatLon | None
    surveyed: Mapping[str, LatLon]
    placed: dict[LatLon, tuple[float, float, float]]

    def apart_m(self, a: LatLon, b: LatLon) -> float:
        """Straight through the Earth: right at any distance."""
        return dist(self._at(a), self._at(b))

    def _at(self, place: LatLon) -> tuple[float, float, float]:
        if place not in self.placed:
            x, y, z = pymap3d.geodetic2ecef(*place, 0.0)
            self.placed[place] = (float(x), float(y), float(z))
        return self.placed[place]


def checked(evidence: Evidence, *, surveyed: Mapping[str, LatLon] | None = None) -> Checked:
    """`surveyed`: (lat, lon) where fixed sensors are known to stand."""
    nowhere = _Known(None, surveyed or {}, {})
    known = _Known(_middle(evidence, nowhere), nowhere.surveyed, nowhere.placed)
    out: list[LeftOut] = []
    sightings = _kept(evidence.sightings, "power", out, lambda s: s.sensor, lambda s: _sighting_fault(s, known))
    differences = _kept(
        evidence.differences,
        "difference",
        out,
        lambda d: f"{d.sensor_a}–{d.sensor_b}",
        lambda d: _difference_fault(d, known),
    )
    bearings = _kept(evidence.bearings, "bearing", out, lambda b: b.sensor, lambda b: _bearing_fault(b, known))
    return Checked(Evidence(sightings, differences, bearings), tuple(out))


def _kept(
    items: Iterable[Item],
    kind: str,
    out: list[LeftOut],
    name: Callable[[Item], str],
    fault: Callable[[Item], str | None],
) -> tuple[Item, ...]:
    kept, counts = [], dict[tuple[str, str], int]()
    seen = set[Item]()
    for item in items:
        why = "duplicate" if item in seen else fault(item)
        seen.add(item)
        if why is None:
            kept.append(item)
        else:
            counts[name(item), why] = counts.get((name(item), why), 0) + 1
    out += [LeftOut(kind, sensor, why, times) for (sensor, why), times in counts.items()]
    return tuple(kept)


def _sighting_fault(s: Sighting, known: _Known) -> str | None:
    if s.lat_deg is None or s.lon_deg is None:
        return "no_place"
    if any(v is not None and not isfinite(v) for v in (s.level_dbm, s.cnr_db, s.floor_dbm)):
        return "not_finite"
    if s.level_dbm is not None and not WEAKEST_DBM <= s.level_dbm <= LOUDEST_DBM:
        return "no_such_level"
    return _place_fault(s.sensor, (s.lat_deg, s.lon_deg), s.position_sigma_m or 0.0, known)


def _difference_fault(d: ArrivalDifference, known: _Known) -> str | None:
    a, b = (d.lat_a_deg, d.lon_a_deg), (d.lat_b_deg, d.lon_b_deg)
    if not (isfinite(d.difference_s) and isfinite(d.sigma_s) and isfinite(d.position_sigma_m)):
        return "not_finite"
    if d.sigma_s <= 0.0 or d.position_sigma_m < 0.0:
        return "no_sigma"
    if d.sensor_a == d.sensor_b:
        return "same_sensor"
    if d.method in REFUSED_CLOCKS:
        return "clock_not_trusted"
    for sensor, place in ((d.sensor_a, a), (d.sensor_b, b)):
        why = _place_fault(sensor, place, d.position_sigma_m, known)
        if why is not None:
            return why
    slack_m = ECHO_SLACK_M + SIGMAS * (d.sigma_s * LIGHT_M_S + d.position_sigma_m)
    longest_m = known.apart_m(a, b) + slack_m
    return "longer_than_baseline" if abs(d.difference_s) * LIGHT_M_S > longest_m else None


def _bearing_fault(b: BearingSighting, known: _Known) -> str | None:
    if not (isfinite(b.azimuth_deg) and isfinite(b.position_sigma_m)):
        return "not_finite"
    if (b.sigma_deg is not None and not b.sigma_deg > 0.0) or b.position_sigma_m < 0.0:
        return "no_sigma"
    return _place_fault(b.sensor, (b.lat_deg, b.lon_deg), b.position_sigma_m, known)


def _place_fault(sensor: str, place: LatLon, sigma_m: float, known: _Known) -> str | None:
    if not _on_earth(place):
        return "no_such_place"
    survey = known.surveyed.get(sensor)
    if survey is not None and known.apart_m(survey, place) > max(OFF_SURVEY_M, OFF_SURVEY_SIGMAS * sigma_m):
        return "off_its_survey"
    if known.middle is None or known.apart_m(known.middle, place) > FARTHEST_M:
        return "far_from_the_others"
    return None


def _on_earth(place: LatLon) -> bool:
    lat, lon = place
    if not (isfinite(lat) and isfinite(lon) and abs(lat) <= 90.0 and abs(lon) <= 180.0):
        return False
    return abs(lat) > NOWHERE_DEG or abs(lon) > NOWHERE_DEG


def _middle(evidence: Evidence, known: _Known) -> LatLon | None:
    """Of the sensors, each counted once; None when most lie far from each other: which are right cannot be told."""
    places: dict[str, LatLon] = {}
    for s in evidence.sightings:
        if s.lat_deg is not None and s.lon_deg is not None:
            places.setdefault(s.sensor, (s.lat_deg, s.lon_deg))
    for d in evidence.differences:
        places.setdefault(d.sensor_a, (d.lat_a_deg, d.lon_a_deg))
        places.setdefault(d.sensor_b, (d.lat_b_deg, d.lon_b_deg))
    for b in evidence.bearings:
        places.setdefault(b.sensor, (b.lat_deg, b.lon_deg))
    real = [place for place in places.values() if _on_earth(place)]
    if not real:
        return None
    near = [sum(known.apart_m(a, b) <= FARTHEST_M for b in real) for a in real]
    best = int(np.argmax(near))
    return real[best] if 2 * near[best] > len(real) else None
