"""A made city for fusion: sensors and transmitters in metres, reports as sensors would file them."""

from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_fm, judge_gsm
from fusion.locate.geo import Plane
from fusion.values import Delays, FiledReport, Rules, Step, World
from fusion.world import take
from tests.dsp.signatures.made import CHINA, WEIGHTS, clocked
from wire.report import Position, PositionSource, Report, Swept, TimeSource

PLANE = Plane(30.60, 114.30)
AREA = (30.51, 114.20, 30.69, 114.40)  # about 20 km square
START_NS = 1_790_000_000 * 10**9
SECOND = 10**9
NOISE_DBM = -113.0
HEARD_CNR_DB = 10.0


@dataclass
class Transmitter:
    heard: GsmCell | FmStation  # what it broadcasts
    east_m: float
    north_m: float
    eirp_dbm: float = 45.0
    speed_m_s: tuple[float, float] = (0.0, 0.0)
    phase_ns: float | None = None
    on_s: tuple[float, float] = (0.0, 1e9)
    changes: dict[float, dict[str, Any]] = field(default_factory=dict)  # from second → fields

    def now(self, time_s: float) -> GsmCell | FmStation:
        value = self.heard
        for when, fields in sorted(self.changes.items()):
            if time_s >= when:
                value = msgspec.structs.replace(value, **fields)
        if self.phase_ns is not None and isinstance(value, GsmCell):
            value = clocked(value, START_NS + round(time_s * SECOND), phase_ns=self.phase_ns)
        return value

    def place(self, time_s: float) -> tuple[float, float]:
        return self.east_m + self.speed_m_s[0] * time_s, self.north_m + self.speed_m_s[1] * time_s


@dataclass
class Sensor:
    name: str
    east_m: float
    north_m: float
    calibrated: bool = True
    speed_m_s: tuple[float, float] = (0.0, 0.0)
    history: SiteHistory = field(default_factory=SiteHistory)
    seq: int = 0
    blind: frozenset[int] = frozenset()  # indices of transmitters it never hears

    def place(self, time_s: float) -> tuple[float, float]:
        return self.east_m + self.speed_m_s[0] * time_s, self.north_m + self.speed_m_s[1] * time_s


@dataclass
class City:
    sensors: list[Sensor]
    transmitters: list[Transmitter]
    licences: Licences = field(default_factory=Licences)
    exponent: float = 3.2
    shadowing_db: float = 5.0
    fading_db: float = 1.5
    seed: int = 1
    area: tuple[float, float, float, float] | None = AREA
    row: int = 0
    time_source: TimeSource = TimeSource.GNSS
    time_sigma_ns: int | None = 1000

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)
        self.shadows = self.chance.normal(0.0, self.shadowing_db, (len(self.sensors), len(self.transmitters)))

    @property
    def rules(self) -> Rules:
        return Rules(licences=self.licences, area=self.area, weights=WEIGHTS, plan=CHINA, fm=Delays(alarm_s=10.0))

    def level_dbm(self, i: int, k: int, time_s: float) -> float:
        sensor, transmitter = self.sensors[i], self.transmitters[k]
        (a, b), (c, d) = sensor.place(time_s), transmitter.place(time_s)
        distance = max(float(np.hypot(a - c, b - d)), 20.0)
        at_100_m = 20 * np.log10(4 * np.pi * 100.0 * transmitter.heard.freq_hz / 299_792_458.0)
        loss = at_100_m + 10 * self.exponent * np.log10(distance / 100.0)
        return float(transmitter.eirp_dbm - loss + self.shadows[i, k] + self.chance.normal(0.0, self.fading_db))

    def look(self, i: int, time_s: float, service: str = "gsm") -> FiledReport:
        """One look of one sensor at one service. On a channel the strongest is heard."""
        sensor = self.sensors[i]
        loudest: dict[int, tuple[float, GsmCell | FmStation]] = {}
        for k, transmitter in enumerate(self.transmitters):
            if not transmitter.on_s[0] <= time_s < transmitter.on_s[1] or k in sensor.blind:
                continue
            value = transmitter.now(time_s)
            if (service == "gsm") != isinstance(value, GsmCell):
                continue
            level = self.level_dbm(i, k, time_s)
            channel = round(value.freq_hz / 60e3)
            if level - NOISE_DBM >= HEARD_CNR_DB and level > loudest.get(channel, (-999.0,))[0]:
                loudest[channel] = (level, value)
        heard = tuple(self._as_heard(sensor, level, value) for level, value in loudest.values())
        return self._report(sensor, heard, time_s, service)

    def _as_heard(self, sensor: Sensor, level: float, value: GsmCell | FmStation) -> GsmCell | FmStation:
        return msgspec.structs.replace(
            value,
            level_dbfs=level + 30.0,
            level_dbm=level if sensor.calibrated else None,
            cnr_db=min(level - NOISE_DBM, 60.0),
        )

    def _report(
        self, sensor: Sensor, heard: tuple[GsmCell | FmStation, ...], time_s: float, service: str
    ) -> FiledReport:
        now_ns = START_NS + round(time_s * SECOND)
        if service == "gsm":
            findings = judge_gsm(heard, sensor.history, self.licences, now_ns=now_ns, weights=WEIGHTS, plan=CHINA)
        else:
            findings = judge_fm(heard, sensor.history, self.licences, now_ns=now_ns)
        sensor.history = sensor.history.with_look(heard, now_ns=now_ns, findings=findings)
        sensor.seq += 1
        self.row += 1
        lat, lon = PLANE.to_degrees(*sensor.place(time_s))
        band = (930e6, 960e6) if service == "gsm" else (87e6, 108e6)
        report = Report(
            boot="0" * 32,
            seq=sensor.seq,
            time_utc_ns=now_ns if self.time_source is not TimeSource.NONE else None,
            time_sigma_ns=self.time_sigma_ns,
            time_source=self.time_source,
            created_utc_ns=now_ns,
            created_monotonic_ns=now_ns,
            position=Position(lat_deg=float(lat), lon_deg=float(lon), sigma_m=5.0, source=PositionSource.SURVEYED),
            swept=(
                Swept(
                    service=service,
                    low_hz=band[0],
                    high_hz=band[1],
                    seconds=2.0,
                    noise_dbfs_200k=-80.0,
                    lost_samples=0,
                    clipped_share=0.0,
                    floor_dbm=NOISE_DBM + HEARD_CNR_DB if sensor.calibrated else None,
                ),
            ),
            heard=heard,
            findings=findings,
        )
        return FiledReport(row=self.row, sensor=sensor.name, received_utc_ns=now_ns + SECOND // 5, report=report)

    def run(
        self, seconds: float, *, every_s: float = 10.0, services: tuple[str, ...] = ("gsm",), world: World | None = None
    ) -> World:
        """Every sensor looks in turn, every `every_s`."""
        world = world or World()
        for filed in self.reports(seconds, every_s=every_s, services=services):
            world = take(world, filed, self.rules).world
        return world

    def reports(
        self, seconds: float, *, every_s: float = 10.0, services: tuple[str, ...] = ("gsm",), start_s: float = 0.0
    ) -> list[FiledReport]:
        stagger = every_s / len(self.sensors)
        return [
            self.look(i, start_s + turn * every_s + i * stagger, service)
            for turn in range(int(seconds / every_s))
            for i in range(len(self.sensors))
            for service in services
        ]


def five_sensors(**fields: Any) -> list[Sensor]:
    places = ((-3000, -2500), (3200, -2000), (2500, 3000), (-2800, 2600), (200, 100))
    return [Sensor(f"s{i}", float(e), float(n), **fields) for i, (e, n) in enumerate(places)]


def open_cases(world: World) -> list[Any]:
    return [case for case in world.cases.values() if case.closed_utc_ns is None]


def last(steps: list[Step]) -> World:
    return steps[-1].world
