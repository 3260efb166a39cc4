"""Approach search: a vehicle follows the planner from kilometres to the hand-held limit, beside simpler ways to drive.

Each scenario draws its own exponent, shadowing, decorrelation and power, which neither the planner nor the locating
knows. Five fixed sensors hear the emitter first; then the vehicle measures a level every 50 m of its way and the
emitter is located anew at every stop, always by the same locating: only where the vehicle goes differs.
"""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import Joint, joined
from fusion.locate.posterior import Posterior, posterior
from fusion.locate.power import propagation
from fusion.locate.region import region
from fusion.planner import HAND_HELD_M, Next, Seeker, advise, radius_m
from fusion.values import BearingSighting, Sighting

PLANE = Plane(30.6, 114.3)
FREQ_HZ = 940e6
SIDE_M = 10_000.0
AREA = tuple(
    float(v) for corner in ((-SIDE_M / 2, -SIDE_M / 2), (SIDE_M / 2, SIDE_M / 2)) for v in PLANE.to_degrees(*corner)
)
EVERY_M = 50.0
NEIGHBOURS = 30  # that a new place's shadowing is drawn by
LEG_M = 600.0  # of every way to drive
LONGEST_M = 12_000.0
CAR_BEARING_DEG = 8.0
MARKS_KM = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0, 12.0)
RING_SHARE, RING_TURN = 0.5, np.pi / 3  # of the region's radius; of the circle, between stops
FIRST_SEED = 6_000  # none of these was looked at while the planner was written


@dataclass
class Town:
    """What is there, and unknown."""

    rng: np.random.Generator
    emitter: NDArray[np.float64]
    eirp_dbm: float
    exponent: float
    shadowing_db: float
    decorrelation_m: float
    fixed: NDArray[np.float64]
    car: NDArray[np.float64]
    bearings: bool
    sightings: list[Sighting] = field(default_factory=list)
    directions: list[BearingSighting] = field(default_factory=list)
    places: list[NDArray[np.float64]] = field(default_factory=list)
    shadows: list[float] = field(default_factory=list)
    driven_m: float = 0.0
    promised: float | None = None  # by the planner of the leg being driven: logarithm of what is left of the area
    kept: list[tuple[float, float]] = field(default_factory=list)  # (promised, came)

    @classmethod
    def of(cls, seed: int, *, bearings: bool) -> "Town":
        rng = np.random.default_rng(seed)
        town = cls(
            rng=rng,
            emitter=rng.uniform(-SIDE_M / 3, SIDE_M / 3, 2),
            eirp_dbm=rng.uniform(30, 46),
            exponent=rng.uniform(2.5, 3.8),
            shadowing_db=rng.uniform(4, 8),
            decorrelation_m=rng.uniform(60, 250),
            fixed=rng.uniform(-SIDE_M / 2, SIDE_M / 2, (5, 2)),
            car=rng.uniform(-SIDE_M / 2, SIDE_M / 2, 2),
            bearings=bearings,
        )
        for number, place in enumerate(town.fixed):
            town.hear(f"s{number}", place)
        town.hear("car", town.car)
        return town

    def shadow(self, place: NDArray[np.float64]) -> float:
        """Correlated with the nearest places before: one field over the town."""
        if not self.places:
            value = self.rng.normal(0, self.shadowing_db)
        else:
            at = np.array(self.places)
            near = np.argsort(np.hypot(*(at - place).T))[:NEIGHBOURS]
            at, known_db = at[near], np.array(self.shadows)[near]
            apart = np.hypot(*(at[:, None] - at).transpose(2, 0, 1))
            known = np.exp(-apart / self.decorrelation_m) + 1e-6 * np.eye(len(at))
            cross = np.exp(-np.hypot(*(at - place).T) / self.decorrelation_m)
            gain = np.linalg.solve(known, cross)
            left = max(1e-6, 1 - float(gain @ cross))
            value = float(gain @ known_db) + self.rng.normal(0, self.shadowing_db * left**0.5)
        self.places.append(place.copy())
        self.shadows.append(float(value))
        return float(value)

    def hear(self, sensor: str, place: NDArray[np.float64]) -> None:
        metres = max(float(np.hypot(*(place - self.emitter))), 20.0)
        at_100_m = 20 * np.log10(4 * np.pi * 100.0 * FREQ_HZ / 299_792_458.0)
        level = self.eirp_dbm - at_100_m - 10 * self.exponent * np.log10(metres / 100.0)
        level += self.shadow(place) + self.rng.normal(0, 2.0)
        lat, lon = (float(v) for v in PLANE.to_degrees(*(place + self.rng.normal(0, 5.0, 2))))
        heard = level > -103.0
        second = len(self.sightings)
        self.sightings.append(
            Sighting(
                sensor=sensor,
                boot="",
                seq=second,
                time_utc_ns=second * 10**9,
                lat_deg=lat,
                lon_deg=lon,
                position_sigma_m=5.0,
                level_dbm=float(level) if heard else None,
                cnr_db=None,
                floor_dbm=None if heard else -103.0,
                level_sigma_db=3.0,
            )
        )

    def look_around(self) -> None:
        """One bearing at a stop; one in seven is a reflection."""
        toward = self.emitter - self.car
        azimuth = np.degrees(np.arctan2(*toward)) + self.rng.normal(0, CAR_BEARING_DEG)
        if self.rng.uniform() < 1 / 7:
            azimuth = self.rng.uniform(0, 360)
        lat, lon = (float(v) for v in PLANE.to_degrees(*self.car))
        self.directions.append(
            BearingSighting(
                sensor="car",
                boot="",
                seq=len(self.directions),
                time_utc_ns=len(self.sightings) * 10**9,
                lat_deg=lat,
                lon_deg=lon,
                position_sigma_m=5.0,
                azimuth_deg=float(azimuth % 360),
                sigma_deg=CAR_BEARING_DEG,
                source="device",
                freq_hz=FREQ_HZ,
            )
        )

    def drive_to(self, target: NDArray[np.float64]) -> None:
        target = np.clip(target, -SIDE_M * 0.7, SIDE_M * 0.7)
        metres = float(np.hypot(*(target - self.car)))
        steps = max(1, int(metres // EVERY_M))
        for place in np.linspace(self.car, target, steps + 1)[1:]:
            self.hear("car", place)
        self.car, self.driven_m = target, self.driven_m + metres
        if self.bearings:
            self.look_around()


@dataclass(frozen=True)
class Stop:
    driven_m: float
    radius_m: float
    holds: bool


Policy = Callable[[Town, Posterior, Joint, float], NDArray[np.float64] | None]


def seeker(town: Town) -> Seeker:
    lat, lon = (float(v) for v in PLANE.to_degrees(*town.car))
    return Seeker(lat, lon, sensor="car", bearing_sigma_deg=CAR_BEARING_DEG if town.bearings else None)


def by_planner(town: Town, found: Posterior, joint: Joint, area_km2: float) -> NDArray[np.float64] | None:
    advice = advise(found, joint, area_km2=area_km2, seeker=seeker(town))
    if advice.what is not Next.GO:
        return None
    assert advice.lat_deg is not None and advice.lon_deg is not None
    assert advice.metres is not None and advice.expected_area_km2 is not None
    whole = advice.metres <= LEG_M
    town.promised = float(np.log(advice.expected_area_km2 / area_km2)) if whole else None
    return part_way(town, np.array([float(v) for v in PLANE.to_metres(advice.lat_deg, advice.lon_deg)]))


def part_way(town: Town, target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Asked anew after LEG_M, with what was heard by then."""
    metres = float(np.hypot(*(target - town.car)))
    return town.car + (target - town.car) * min(1.0, LEG_M / metres)


def to_the_mean(town: Town, found: Posterior, joint: Joint, area_km2: float) -> NDArray[np.float64] | None:
    """As people drive: to where the map says, and there on a little way when it still says so."""
    mean = np.array([float(v) for v in PLANE.to_metres(*joint.plane.to_degrees(*found.mean_m))])
    if np.hypot(*(mean - town.car)) < EVERY_M:
        turn = town.rng.uniform(0, 2 * np.pi)
        return town.car + 150.0 * np.array([np.sin(turn), np.cos(turn)])
    return part_way(town, mean)


def around(town: Town, found: Posterior, joint: Joint, area_km2: float) -> NDArray[np.float64] | None:
    """Round about the mean of the map, half the region's radius off, a sixth of the circle at a time."""
    mean = np.array([float(v) for v in PLANE.to_metres(*joint.plane.to_degrees(*found.mean_m))])
    off = town.car - mean
    turn = np.arctan2(*off) + RING_TURN
    ring_m = max(RING_SHARE * radius_m(area_km2), 2 * EVERY_M)
    return part_way(town, mean + ring_m * np.array([np.sin(turn), np.cos(turn)]))


def at_random(town: Town, found: Posterior, joint: Joint, area_km2: float) -> NDArray[np.float64] | None:
    turn = town.rng.uniform(0, 2 * np.pi)
    return town.car + LEG_M * np.array([np.sin(turn), np.cos(turn)])


def search(town: Town, policy: Policy) -> Iterator[Stop]:
    prior, before = propagation("gsm", FREQ_HZ), 0.0
    while True:
        evidence = Evidence(tuple(town.sightings), (), tuple(town.directions))
        joint = joined(evidence, prior=prior, area=AREA)
        assert joint is not None
        found, joint = posterior(joint, joint.box)
        pieces = region(found)
        here = [float(v) for v in joint.plane.to_metres(*PLANE.to_degrees(*town.emitter))]
        if town.promised is not None:
            town.kept.append((town.promised, float(np.log(pieces.area / before))))
        town.promised, before = None, pieces.area
        yield Stop(town.driven_m, radius_m(pieces.area / 1e6), bool(pieces.contains(shapely.Point(here))))
        if town.driven_m >= LONGEST_M or radius_m(pieces.area / 1e6) <= HAND_HELD_M:
            return
        target = policy(town, found, joint, pieces.area / 1e6)
        if target is None:
            return
        town.drive_to(target)


def at_mark(stops: list[Stop], km: float) -> Stop:
    return [stop for stop in stops if stop.driven_m <= km * 1000][-1]


def told(name: str, runs: list[list[Stop]]) -> str:
    ended = [run[-1] for run in runs]
    arrived = [run[-1].driven_m for run in runs if run[-1].radius_m <= HAND_HELD_M]
    radii = " / ".join(f"{np.median([at_mark(run, km).radius_m for run in runs]):.0f}" for km in MARKS_KM)
    stops = [stop for run in runs for stop in run]
    return (
        f"| {name} | {len(runs)} | {radii} | {len(arrived)} | {_km(arrived)} | "
        f"{sum(stop.holds for stop in ended)} | {np.mean([stop.holds for stop in stops]):.0%} |"
    )


def _km(metres: list[float]) -> str:
    return f"{np.median(metres) / 1000:.1f}, {np.quantile(metres, 0.9) / 1000:.1f}" if metres else "–"


def main() -> None:
    towns = int(os.environ.get("WAVEWARDEN_BENCH_TOWNS", "12"))
    marks = " / ".join(f"{km:g}" for km in MARKS_KM)
    print(
        f"| drive | towns | median radius of the region, m, after {marks} km | reach {HAND_HELD_M:.0f} m "
        "| km to it: median, p90 | true at the end | true at all stops |"
    )
    print("|---|---|---|---|---|---|---|")
    policies: tuple[tuple[str, Policy], ...] = (
        ("planner", by_planner),
        ("to the mean", to_the_mean),
        ("around the mean", around),
        ("at random", at_random),
    )
    kept: list[tuple[str, float, float]] = []
    for bearings, what in ((False, "levels"), (True, "levels and bearings")):
        for name, policy in policies:
            there = [Town.of(FIRST_SEED + n, bearings=bearings) for n in range(towns)]
            runs = [list(search(town, policy)) for town in there]
            print(told(f"{name}, {what}", runs), flush=True)
            kept += [(what, *each) for town in there for each in town.kept]
    print("\n| legs the planner proposed and that were driven whole | n | area left, promised | came | median came |")
    print("|---|---|---|---|---|")
    for what in dict.fromkeys(each[0] for each in kept):
        promised, came = np.array([each[1:] for each in kept if each[0] == what]).T
        left = (np.exp(v) for v in (promised.mean(), came.mean(), np.median(came)))
        print(f"| {what} | {came.size} | " + " | ".join(f"{v:.2f}" for v in left) + " |")


if __name__ == "__main__":
    began = time.process_time()
    main()
    print(f"{time.process_time() - began:.0f} CPU s")
