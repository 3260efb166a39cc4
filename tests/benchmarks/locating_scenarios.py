"""Made cities with 4 to 8 sensors and one emitter, measured in every way, with everything that goes wrong in practice.

Every case comes from a seed. What the solver is told is what a sensor would tell: its claimed place, its claimed sigma.
What is wrong with it (an echo, a clock that stepped, a site written down wrongly, a frozen GPS) it is not told.
"""

from dataclasses import dataclass, field, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from fusion.locate import bound
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.values import ArrivalDifference, BearingSighting, Sighting

Floats = NDArray[np.float64]
PLANE = Plane(30.6, 114.3)
LIGHT_M_S = 299_792_458.0
FREQ_HZ = 940e6
FLOOR_DBM = -110.0
AT_100_M_DB = float(20 * np.log10(4 * np.pi * 100.0 * FREQ_HZ / LIGHT_M_S))


@dataclass(frozen=True)
class Settings:
    """How a family of cases is made. Ranges are uniform."""

    sensors: tuple[int, int] = (4, 8)
    radius_m: tuple[float, float] = (2_000.0, 6_000.0)
    arrival_m: tuple[float, float] = (10.0, 60.0)  # sigma of an arrival
    bearing_deg: tuple[float, float] = (2.0, 6.0)
    shadowing_db: tuple[float, float] = (4.0, 8.0)
    exponent: tuple[float, float] = (2.7, 3.7)
    where: tuple[float, float] = (0.0, 0.8)  # distance of the emitter from the middle, in radii
    reflected: float = 0.0  # share of arrivals and bearings
    echo_m: tuple[float, float] = (200.0, 1_000.0)  # mean of the exponential excess
    stepped: tuple[int, int] = (0, 0)  # clocks that are off
    step_s: tuple[float, float] = (1e-6, 20e-6)
    misplaced: int = 0  # sensors whose site is written down wrongly
    misplaced_m: tuple[float, float] = (500.0, 5_000.0)
    frozen: bool = False  # a vehicle whose GPS stands still while it drives
    heard: float = 1.0  # share of measurements that came


KINDS: dict[str, Settings] = {
    "nothing wrong": Settings(),
    "reflections": Settings(sensors=(5, 8), reflected=0.2),
    "clock bias": Settings(sensors=(5, 8), stepped=(1, 2)),
    "wrong site": Settings(sensors=(5, 8), misplaced=1),
    "frozen GPS": Settings(frozen=True),
    "missing reports": Settings(sensors=(5, 8), heard=0.6),
    "outside the network": Settings(where=(1.2, 2.0)),
}


@dataclass(frozen=True, eq=False)
class Case:
    """What is told, and the truth. bound_m: of the measurements as they were meant, before anything went wrong.

    wrong : by kind of evidence, the sensors whose word is
    """

    differences: tuple[ArrivalDifference, ...] = ()
    bearings: tuple[BearingSighting, ...] = ()
    sightings: tuple[Sighting, ...] = ()
    truth_m: tuple[float, float] = (0.0, 0.0)
    fishers: dict[str, Floats] = field(default_factory=dict)
    wrong: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def without_wrong(self) -> "Case":
        """As one who knows what went wrong would use it."""
        late, site = {}, {}
        for d in self.differences:
            late |= {d.sensor_a: 0.0, d.sensor_b: d.difference_s}
            site |= {d.sensor_a: (d.lat_a_deg, d.lon_a_deg), d.sensor_b: (d.lat_b_deg, d.lon_b_deg)}
        first, *others = [name for name in late if name not in self.wrong["tdoa"]] or [""]
        return replace(
            self,
            differences=tuple(
                msgspec.structs.replace(
                    self.differences[0],
                    sensor_a=first,
                    sensor_b=k,
                    difference_s=late[k] - late[first],
                    **dict(zip(("lat_a_deg", "lon_a_deg"), site[first], strict=True)),
                    **dict(zip(("lat_b_deg", "lon_b_deg"), site[k], strict=True)),
                )
                for k in others
            ),
            bearings=tuple(b for b in self.bearings if b.sensor not in self.wrong["aoa"]),
            sightings=tuple(s for s in self.sightings if s.sensor not in self.wrong["power"]),
        )

    def only(self, *kinds: str) -> "Case":
        return replace(
            self,
            differences=self.differences if "tdoa" in kinds else (),
            bearings=self.bearings if "aoa" in kinds else (),
            sightings=self.sightings if "power" in kinds else (),
            fishers={kind: self.fishers[kind] for kind in kinds if kind in self.fishers},
        )

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.sightings, self.differences, self.bearings)

    @property
    def truth(self) -> tuple[float, float]:
        lat, lon = PLANE.to_degrees(*self.truth_m)
        return float(lat), float(lon)

    @property
    def bound_m(self) -> float:
        return bound.rmse_m(*self.fishers.values())


def made(settings: Settings, rng: np.random.Generator) -> Case:
    count = int(rng.integers(settings.sensors[0], settings.sensors[1] + 1))
    radius = rng.uniform(*settings.radius_m)
    at = _sites(rng, count, radius)
    angle, out = rng.uniform(0, 2 * np.pi), rng.uniform(*settings.where) * radius
    truth = np.array([out * np.sin(angle), out * np.cos(angle)])
    claimed = at + _misplacement(settings, rng, count)
    late, arrival_fisher, odd_late = _arrivals(settings, rng, at, claimed, truth)
    bearings, bearing_fisher, odd_bearings = _bearings(settings, rng, at, claimed, truth)
    sightings, level_fisher = _levels(settings, rng, at, claimed, truth)
    if settings.frozen:
        more, found = _frozen_drive(settings, rng, radius, truth)
        bearings, sightings = (*bearings, *more), (*sightings, *found)
    return Case(
        late,
        bearings,
        sightings,
        (float(truth[0]), float(truth[1])),
        {"tdoa": arrival_fisher, "aoa": bearing_fisher, "power": level_fisher},
        _wrong(settings, (claimed != at).any(axis=1), odd_late, odd_bearings),
    )


def _wrong(
    settings: Settings, misplaced: NDArray[np.bool_], late: NDArray[np.bool_], bearings: NDArray[np.bool_]
) -> dict[str, frozenset[str]]:
    vehicle = {"car"} if settings.frozen else set()

    def names(which: NDArray[np.bool_]) -> frozenset[str]:
        return frozenset({f"s{k}" for k in np.flatnonzero(which)} | vehicle)

    return {"tdoa": names(misplaced | late), "aoa": names(misplaced | bearings), "power": names(misplaced)}


def _sites(rng: np.random.Generator, count: int, radius: float) -> Floats:
    """Round about, never all on one side."""
    angle = 2 * np.pi * (np.arange(count) + rng.uniform(-0.3, 0.3, count)) / count + rng.uniform(0, 2 * np.pi)
    out = radius * rng.uniform(0.5, 1.0, count)
    return np.column_stack([out * np.sin(angle), out * np.cos(angle)])


def _misplacement(settings: Settings, rng: np.random.Generator, count: int) -> Floats:
    moved = np.zeros((count, 2))
    for which in rng.permutation(count)[: settings.misplaced]:
        angle, metres = rng.uniform(0, 2 * np.pi), rng.uniform(*settings.misplaced_m)
        moved[which] = metres * np.array([np.sin(angle), np.cos(angle)])
    return moved


def _came(settings: Settings, rng: np.random.Generator, count: int, least: int) -> NDArray[np.int64]:
    """Numbers of what was reported."""
    order = rng.permutation(count)
    wanted = max(least, int(np.sum(rng.random(count) < settings.heard)))
    return np.sort(order[:wanted])


def _arrivals(
    settings: Settings, rng: np.random.Generator, at: Floats, claimed: Floats, truth: Floats
) -> tuple[tuple[ArrivalDifference, ...], Floats, NDArray[np.bool_]]:
    sigma = rng.uniform(*settings.arrival_m)
    late = np.hypot(*(at - truth).T) + rng.normal(0, sigma, len(at))
    wrong = rng.random(len(at)) < settings.reflected
    late += wrong * rng.exponential(rng.uniform(*settings.echo_m), len(at))
    for which in rng.permutation(len(at))[: rng.integers(settings.stepped[0], settings.stepped[1] + 1)]:
        late[which] += rng.choice([-1, 1]) * rng.uniform(*settings.step_s) * LIGHT_M_S
        wrong[which] = True
    used = _came(settings, rng, len(at), 3)
    lat, lon = PLANE.to_degrees(*claimed.T)
    first, *others = (int(k) for k in used)
    told = tuple(
        ArrivalDifference(
            sensor_a=f"s{first}",
            sensor_b=f"s{k}",
            lat_a_deg=float(lat[first]),
            lon_a_deg=float(lon[first]),
            lat_b_deg=float(lat[k]),
            lon_b_deg=float(lon[k]),
            position_sigma_m=2.0,
            difference_s=float(late[k] - late[first]) / LIGHT_M_S,
            sigma_s=sigma * 2**0.5 / LIGHT_M_S,
            time_utc_ns=0,
            method="fm_reference",
        )
        for k in others
    )
    return told, bound.of_arrivals(tuple(truth), at[used], np.full(used.size, sigma)), wrong


def _bearings(
    settings: Settings, rng: np.random.Generator, at: Floats, claimed: Floats, truth: Floats
) -> tuple[tuple[BearingSighting, ...], Floats, NDArray[np.bool_]]:
    sigma = rng.uniform(*settings.bearing_deg)
    true = np.degrees(np.arctan2(*(truth - at).T))
    said = true + rng.normal(0, sigma, len(at))
    wrong = rng.random(len(at)) < settings.reflected
    said = np.where(wrong, rng.uniform(0, 360, len(at)), said)
    used = _came(settings, rng, len(at), 2)
    told = tuple(bearing(f"s{k}", claimed[k], said[k], sigma_deg=sigma) for k in used)
    return told, bound.of_bearings(tuple(truth), at[used], np.full(used.size, np.radians(sigma))), wrong


def bearing(
    sensor: str, at: Floats, azimuth_deg: float, *, sigma_deg: float | None, second: int = 0
) -> BearingSighting:
    lat, lon = PLANE.to_degrees(*at)
    return BearingSighting(
        sensor=sensor,
        boot="",
        seq=second,
        time_utc_ns=second * 10**9,
        lat_deg=float(lat),
        lon_deg=float(lon),
        position_sigma_m=5.0,
        azimuth_deg=float(azimuth_deg % 360.0),
        sigma_deg=sigma_deg,
        source="device",
        freq_hz=FREQ_HZ,
    )


def _levels(
    settings: Settings, rng: np.random.Generator, at: Floats, claimed: Floats, truth: Floats
) -> tuple[tuple[Sighting, ...], Floats]:
    shadowing, exponent = rng.uniform(*settings.shadowing_db), rng.uniform(*settings.exponent)
    distance = np.maximum(np.hypot(*(at - truth).T), 20.0)
    level = rng.normal(38.0, 8.0) - AT_100_M_DB - 10 * exponent * np.log10(distance / 100.0)
    level = level + rng.normal(0, np.hypot(shadowing, 2.5), len(at)) + rng.normal(0, 1.5, len(at))
    used = _came(settings, rng, len(at), 1)
    told = tuple(sighting(f"s{k}", claimed[k], float(level[k])) for k in used)
    covariance = np.eye(used.size) * (shadowing**2 + 2.5**2 + 1.5**2)
    return told, bound.of_levels(tuple(truth), at[used], covariance, exponent=exponent, power_sigma_db=8.0)


def sighting(sensor: str, at: Floats, level_dbm: float, *, second: int = 0) -> Sighting:
    lat, lon = PLANE.to_degrees(*at)
    heard = level_dbm > FLOOR_DBM
    return Sighting(
        sensor=sensor,
        boot="",
        seq=second,
        time_utc_ns=second * 10**9,
        lat_deg=float(lat),
        lon_deg=float(lon),
        position_sigma_m=5.0,
        level_dbm=level_dbm if heard else None,
        cnr_db=None,
        floor_dbm=None if heard else FLOOR_DBM,
        level_sigma_db=2.5,
    )


def _frozen_drive(
    settings: Settings, rng: np.random.Generator, radius: float, truth: Floats
) -> tuple[tuple[BearingSighting, ...], tuple[Sighting, ...]]:
    """A dozen bearings and levels along a street, all said to be from its first point."""
    heading, start = rng.uniform(0, 2 * np.pi), rng.uniform(-0.7, 0.7, 2) * radius
    steps = np.linspace(0, rng.uniform(0.5, 1.0) * radius, 12)
    track = start + steps[:, None] * [np.sin(heading), np.cos(heading)]
    azimuth = np.degrees(np.arctan2(*(truth - track).T)) + rng.normal(0, 6.0, len(track))
    distance = np.maximum(np.hypot(*(track - truth).T), 20.0)
    level = 38.0 - AT_100_M_DB - 32.0 * np.log10(distance / 100.0) + rng.normal(0, 6.0, len(track))
    bearings = tuple(bearing("car", start, a, sigma_deg=6.0, second=k) for k, a in enumerate(azimuth))
    return bearings, tuple(sighting("car", start, float(p), second=k) for k, p in enumerate(level))
