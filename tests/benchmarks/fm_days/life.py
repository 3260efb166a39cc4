"""What happens in a licensed band: each event with its assumed number a day, what it does, and for how long."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from tests.benchmarks.fm_days.band import Band
from tests.benchmarks.fm_days.receiver import Sensor
from tests.benchmarks.fm_days.transmitter import (
    GROUND,
    SPORADIC_E,
    TROPO,
    Transmitter,
    fading,
    professional,
)

HOUR = 3600.0
OVERLOADING_DBM = -50.0
Act = Callable[["Life"], float]  # gives the seconds after which it ends


@dataclass
class Life:
    """later: (time, what) that is due then"""

    band: Band
    sensors: list[Sensor]
    rng: np.random.Generator
    now_s: float = 0.0
    busy: list[Transmitter] = field(default_factory=list)  # of late, so that events do not put back each other's values
    visitors: list[Transmitter] = field(default_factory=list)  # licensed elsewhere, or made in a receiver
    later: list[tuple[float, Callable[[], None]]] = field(default_factory=list)
    on_restart: Callable[[int], None] = lambda place: None

    @property
    def on_air(self) -> list[Transmitter]:
        return [*self.band.transmitters, *self.visitors]

    def settle(self, time_s: float) -> None:
        due = sorted((each for each in self.later if each[0] <= time_s), key=lambda each: each[0])
        self.later = [each for each in self.later if each[0] > time_s]
        for _, act in due:
            act()
        self.visitors = [t for t in self.visitors if t.until_s > time_s]
        self.now_s = time_s

    def any_station(self) -> Transmitter:
        idle = [t for t in self.band.transmitters if t not in self.busy]
        one = idle[int(self.rng.integers(len(idle)))]
        self.busy_for(one, 2 * 86_400.0)
        return one

    def set_for(self, of: Transmitter | Sensor, seconds: float, **values: object) -> float:
        """Other values for a while, then the old ones again."""
        before = {name: getattr(of, name) for name in values}
        _put(of, values)
        self.later.append((self.now_s + seconds, lambda: _put(of, before)))
        twin = getattr(of, "twin", None)
        shared = {name: value for name, value in values.items() if name in STUDIO}
        return self.set_for(twin, seconds, **shared) if twin is not None and shared else seconds

    def busy_for(self, of: Transmitter, seconds: float) -> None:
        self.busy.append(of)
        self.later.append((self.now_s + seconds, lambda: self.busy.remove(of)))


STUDIO = frozenset({"silent", "stereo", "pi", "ps", "deviation_hz"})


def _put(of: object, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(of, name, value)


def minutes(life: Life, low: float, high: float) -> float:
    return 60.0 * float(math.exp(life.rng.uniform(math.log(low), math.log(high))))


def dead_air(life: Life) -> float:
    return life.set_for(life.any_station(), minutes(life, 0.5, 30), silent=True)


def trip(life: Life) -> float:
    return life.set_for(life.any_station(), minutes(life, 0.5, 90), on=False)


def mono(life: Life) -> float:
    return life.set_for(life.any_station(), minutes(life, 20, 240), stereo=False)


def rds_gone(life: Life) -> float:
    return life.set_for(life.any_station(), minutes(life, 1, 600), pi=None)


def rds_zeros(life: Life) -> float:
    return life.set_for(life.any_station(), minutes(life, 0.3, 20), pi=0)


def rds_default(life: Life) -> float:
    """The studio's coder restarts with its factory setting."""
    return life.set_for(life.any_station(), minutes(life, 1, 120), pi=0x1000, ps="RADIO   ")


def rds_wrong(life: Life) -> float:
    """Another programme's data on the coder, until somebody sees it."""
    return life.set_for(life.any_station(), minutes(life, 5, 600), pi=0x8777)


def regional(life: Life) -> float:
    station = life.any_station()
    pi = None if station.pi is None else (station.pi & 0xF0FF) | 0x0500
    return life.set_for(station, minutes(life, 5, 60), pi=pi)


def reserve(life: Life) -> float:
    """The other transmitter of the site: another exciter, less power; every second time its own coder."""
    station, rng = life.any_station(), life.rng
    drop_db = float(rng.uniform(0.0, 8.0))
    values: dict[str, object] = {
        "carrier_hz": float(rng.normal(0, 150.0)),
        "levels_dbm": tuple(level - drop_db for level in station.levels_dbm),
    }
    if rng.random() < 0.5:
        coder = {"pilot_mhz": float(rng.normal(0, 40.0)), "pilot_deviation_hz": float(rng.normal(6750, 300))}
        values |= coder | {"rds_deviation_hz": float(rng.uniform(1500, 3500))}
    life.set_for(station, 20.0, on=False)
    return life.set_for(station, minutes(life, 20, 2880), **values)


def renewed(life: Life) -> float:
    """A new transmitter for good: other oscillators, somewhat more power."""
    station, rng = life.any_station(), life.rng
    more_db = float(rng.uniform(0.0, 3.0))
    levels = tuple(level + more_db for level in station.levels_dbm)
    _put(
        station,
        {"carrier_hz": float(rng.normal(0, 50.0)), "pilot_mhz": float(rng.normal(0, 20.0)), "levels_dbm": levels},
    )
    return 0.0


def maintenance(life: Life) -> float:
    """Half of the stations of a mast are off for hours, and come back together."""
    seconds = minutes(life, 60, 240)
    for station in [t for t in life.band.transmitters[::2] if t not in life.busy]:
        life.busy_for(station, seconds + 200.0)
        life.set_for(station, seconds + float(life.rng.uniform(0, 120)), on=False)
    return seconds


def too_much(life: Life) -> float:
    return life.set_for(life.any_station(), minutes(life, 30, 1440), deviation_hz=float(life.rng.uniform(80e3, 100e3)))


def drifting(life: Life) -> float:
    """An exciter loses its lock."""
    return life.set_for(life.any_station(), minutes(life, 30, 1440), carrier_hz=float(life.rng.normal(0, 2500.0)))


def ducting(life: Life) -> float:
    """An evening of far stations, on free channels and on those of the weak: slow fades, hours long."""
    return _opening(life, TROPO, int(life.rng.integers(1, 9)), minutes(life, 60, 360), (-95.0, -72.0))


def sporadic_e(life: Life) -> float:
    """Stations from 1000 km away, many at once, deep fades, as loud as distant ones of the country."""
    return _opening(life, SPORADIC_E, int(life.rng.integers(4, 31)), minutes(life, 10, 120), (-92.0, -62.0))


def _opening(life: Life, path: str, count: int, seconds: float, levels_dbm: tuple[float, float]) -> float:
    rng, sensors = life.rng, len(life.band.sensors)
    raster = [87.6e6 + 100e3 * int(k) for k in rng.choice(203, count, replace=False)]
    for index, freq_hz in enumerate(raster):
        level = float(rng.uniform(*levels_dbm))
        levels = tuple(level + float(rng.normal(0, 2.0)) for _ in range(sensors))
        visitor = professional(rng, freq_hz, levels, int(rng.integers(0x1001, 0xF000)))
        visitor.path, visitor.name = path, f"far {index}"
        visitor.waves = fading(rng, path, sensors)
        visitor.from_s = life.now_s + float(rng.uniform(0, 0.3)) * seconds
        visitor.until_s = life.now_s + float(rng.uniform(0.5, 1.0)) * seconds
        life.visitors.append(visitor)
    return seconds


def product_inside(life: Life) -> float:
    """An overload for some minutes: 2·f1 − f2 of the two strongest of a sensor appear in it."""
    sensor = life.sensors[int(life.rng.integers(len(life.sensors)))]
    loud = [t for t in life.band.transmitters if t.levels_dbm[sensor.place] >= OVERLOADING_DBM]
    if len(loud) < 2:
        return 0.0
    a, b = (loud[int(k)] for k in life.rng.choice(len(loud), 2, replace=False))
    freq_hz = 2 * a.freq_hz - b.freq_hz
    levels = tuple(-80.0 if place == sensor.place else -200.0 for place in range(len(life.sensors)))
    seconds = minutes(life, 1, 60)
    waves = fading(life.rng, GROUND, len(levels))
    ghost = Transmitter(
        freq_hz, levels, stereo=False, occupied_hz=240e3, waves=waves, until_s=life.now_s + seconds, name="product"
    )
    life.visitors.append(ghost)
    return seconds


def gain(life: Life) -> float:
    sensor = life.sensors[int(life.rng.integers(len(life.sensors)))]
    _put(sensor, {"gain_db": sensor.gain_db + float(life.rng.uniform(-10, 10))})
    return 0.0


def restart(life: Life) -> float:
    sensor = life.sensors[int(life.rng.integers(len(life.sensors)))]
    _put(sensor, {"started_s": life.now_s, "warm_ppm": float(life.rng.uniform(0.5, 3.0))})
    life.on_restart(sensor.place)
    return 0.0


def wet_cable(life: Life) -> float:
    sensor = life.sensors[int(life.rng.integers(len(life.sensors)))]
    return life.set_for(sensor, minutes(life, 5, 600), deaf_db=float(life.rng.uniform(5, 30)))


EVENTS: tuple[tuple[Act, float], ...] = (  # a day and town
    (dead_air, 1.0),
    (trip, 0.7),
    (mono, 0.5),
    (rds_gone, 0.4),
    (rds_zeros, 0.3),
    (rds_default, 0.2),
    (rds_wrong, 0.1),
    (regional, 1.0),
    (reserve, 0.4),
    (renewed, 0.02),
    (maintenance, 0.1),
    (too_much, 0.1),
    (drifting, 0.05),
    (ducting, 0.3),
    (sporadic_e, 0.1),
    (product_inside, 0.3),
    (gain, 0.1),
    (restart, 0.2),
    (wet_cable, 0.05),
)


def events_of_day(rng: np.random.Generator, day: int) -> list[tuple[float, Act]]:
    """Ducting comes at dusk, sporadic E by day, maintenance after one at night; the others at any hour."""
    hours = {ducting: (18, 23), sporadic_e: (9, 20), maintenance: (0.5, 2)}
    drawn = []
    for act, rate in EVENTS:
        for _ in range(rng.poisson(rate)):
            low, high = hours.get(act, (0, 24))
            drawn.append((day * 24 * HOUR + HOUR * float(rng.uniform(low, high)), act))
    return sorted(drawn, key=lambda each: each[0])
