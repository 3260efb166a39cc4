"""What sensors measure of a vehicle that drives: bearings, levels, time differences, with all that goes wrong."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fusion.locate.geo import Plane
from fusion.values import ArrivalDifference, BearingSighting, Sighting
from tests.benchmarks.moving.drives import Drive

Floats = NDArray[np.float64]
PLANE = Plane(30.6, 114.3)
START_NS = 1_790_000_000 * 10**9
LIGHT_M_S = 299_792_458.0
FREQ_HZ = 947.4e6
FLOOR_DBM = -103.0


@dataclass
class Scene:
    """sites : (k, 2), fixed sensors; car : one more, that drives."""

    drive: Drive
    sites: Floats
    car: Drive | None
    rng: np.random.Generator
    every_s: float = 5.0
    bearing_deg: float | None = 5.0  # None: no direction finders
    car_bearing_deg: float = 8.0
    reflected: float = 0.05
    levels: bool = True
    shadowing_db: float = 6.0
    exponent: float = 3.2
    eirp_dbm: float = 40.0
    gain_db: float = 2.5
    timed: int = 0  # sensors that measure arrivals, the first of `sites`
    arrival_s: float = 80e-9
    echoed: float = 0.1
    shadows: dict[str, tuple[Floats, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gains = self.rng.normal(0, self.gain_db, len(self.sites) + 1)

    def names(self) -> list[str]:
        return [f"s{i}" for i in range(len(self.sites))] + (["car"] if self.car else [])

    def place(self, name: str, time_s: float) -> Floats:
        return self.car.at(time_s) if name == "car" and self.car else self.sites[int(name[1:])]

    def looks(self, seconds: float) -> list[tuple[float, str]]:
        """(second, sensor): each in turn, with its own delay."""
        names = self.names()
        turns = np.arange(0.0, seconds, self.every_s)
        stagger = {name: self.rng.uniform(0, self.every_s) for name in names}
        found = [(t + stagger[n] + self.rng.uniform(-0.2, 0.2), n) for t in turns for n in names]
        return sorted((t, n) for t, n in found if 0 <= t < seconds)

    def bearing(self, name: str, time_s: float) -> BearingSighting | None:
        if self.bearing_deg is None:
            return None
        sigma = self.car_bearing_deg if name == "car" else self.bearing_deg
        here, there = self.place(name, time_s), self.drive.at(time_s)
        true = np.degrees(np.arctan2(*(there - here)))
        wild = self.rng.uniform() < self.reflected
        azimuth = self.rng.uniform(0, 360) if wild else true + self.rng.normal(0, sigma)
        lat, lon = PLANE.to_degrees(*here)
        return BearingSighting(
            sensor=name, boot="0" * 32, seq=round(10 * time_s) + 1, time_utc_ns=at_ns(time_s), lat_deg=float(lat),
            lon_deg=float(lon), position_sigma_m=5.0, azimuth_deg=float(azimuth % 360.0), sigma_deg=sigma,
            source="device", freq_hz=FREQ_HZ,
        )  # fmt: skip

    def sighting(self, name: str, time_s: float) -> Sighting:
        here, there = self.place(name, time_s), self.drive.at(time_s)
        metres = max(float(np.hypot(*(there - here))), 20.0)
        at_100_m = 20 * np.log10(4 * np.pi * 100.0 * FREQ_HZ / LIGHT_M_S)
        level = self.eirp_dbm - at_100_m - 10 * self.exponent * np.log10(metres / 100.0)
        level += self._shadow(name, np.r_[here, there]) + self.gains[self.names().index(name)] + self.rng.normal(0, 2.0)
        heard = self.levels and level > FLOOR_DBM
        lat, lon = PLANE.to_degrees(*here)
        return Sighting(
            sensor=name, boot="0" * 32, seq=round(10 * time_s) + 1, time_utc_ns=at_ns(time_s), lat_deg=float(lat),
            lon_deg=float(lon), position_sigma_m=5.0, level_dbm=float(level) if heard else None, cnr_db=None,
            floor_dbm=None if heard else FLOOR_DBM, level_sigma_db=2.5,
        )  # fmt: skip

    def _shadow(self, name: str, ends: Floats) -> float:
        """Correlated along the way of both ends, 100 m."""
        before, value = self.shadows.get(name, (ends, self.rng.normal(0, self.shadowing_db)))
        kept = np.exp(-float(np.hypot(*(ends[:2] - before[:2])) + np.hypot(*(ends[2:] - before[2:]))) / 100.0)
        value = kept * value + self.rng.normal(0, self.shadowing_db * np.sqrt(1 - kept**2))
        self.shadows[name] = ends, value
        return float(value)

    def differences(self, time_s: float) -> list[ArrivalDifference]:
        """One arrival a timed sensor, told as differences to the first."""
        there = self.drive.at(time_s)
        metres = np.hypot(*(self.sites[: self.timed] - there).T)
        late = np.where(self.rng.uniform(size=self.timed) < self.echoed, self.rng.exponential(200.0, self.timed), 0.0)
        arrival = (metres + late) / LIGHT_M_S + self.rng.normal(0, self.arrival_s, self.timed)
        lat, lon = PLANE.to_degrees(*self.sites[: self.timed].T)
        return [
            ArrivalDifference(
                sensor_a="s0", sensor_b=f"s{i}", lat_a_deg=float(lat[0]), lon_a_deg=float(lon[0]),
                lat_b_deg=float(lat[i]), lon_b_deg=float(lon[i]), position_sigma_m=5.0,
                difference_s=float(arrival[i] - arrival[0]), sigma_s=self.arrival_s * np.sqrt(2),
                time_utc_ns=at_ns(time_s), method="gsm_reference",
            )
            for i in range(1, self.timed)
        ]  # fmt: skip


def at_ns(time_s: float) -> int:
    return START_NS + round(time_s * 1e9)


def sites(rng: np.random.Generator, count: int, half_m: float = 3_000.0) -> Floats:
    """Spread as a network is: no two within a fifth of the side."""
    found: list[Floats] = []
    while len(found) < count:
        place = rng.uniform(-half_m, half_m, 2)
        if all(np.hypot(*(place - other)) > 0.4 * half_m for other in found):
            found.append(place)
    return np.array(found)
