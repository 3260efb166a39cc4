"""The made city through the real sensor program and fusion, in one process and as fast as it goes."""

import math
import threading
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import msgspec
from shapely.geometry import Point, Polygon

from fusion.values import Case, Delays, Emitter, FiledReport, Rules, World
from fusion.world import take
from recordings.make import make
from recordings.scenario import AnyEmitter, Scenario
from sensor.outbox import Outbox
from sensor.parts import outbox_path
from sensor.program import run
from sensor.settings import SensorSettings
from shell.settings import read_settings
from tests.dsp.signatures.made import LAW
from wavewarden.demo import kits
from wire.report import Report
from wire.report_codec import open_item


@dataclass(frozen=True)
class Told:
    """What came of a city."""

    scenario: Scenario
    reports: tuple[FiledReport, ...]
    world: World
    alerts: tuple[tuple[int, Case], ...]  # (seconds since the scenario began, case) at each rise of a level

    def emitter_of(self, case: Case) -> Emitter:
        return self.world.emitters[case.emitter_id]

    def cases_near(self, freq_hz: float, *, within_hz: float = 60e3) -> list[Case]:
        return [c for c in self.world.cases.values() if abs(self.emitter_of(c).freq_hz - freq_hz) <= within_hz]


def tell(scenario: Scenario, folder: Path, *, made: Path) -> Told:
    """Make it, let every sensor hear it, and let fusion take the reports in the order of their times."""
    reports: list[tuple[str, Report]] = []
    kits.write_licences(folder, scenario.licences())
    for recording, plan in zip(make(scenario, made), scenario.sensor, strict=True):
        reports += [(plan.name, report) for report in _heard_by(folder, recording, plan, scenario)]
    return _fused(scenario, reports)


def _heard_by(folder: Path, recording: Path, plan, scenario: Scenario) -> list[Report]:
    file = kits.write_sensor(
        folder, plan, recording=recording, scenario=scenario, shift_s=0.0, language="en", link=None
    )
    live = read_settings(file, SensorSettings)
    replay = msgspec.structs.replace(live.radio.replay, live=False, loop=False, loop_s=None)
    settings = msgspec.structs.replace(live, radio=msgspec.structs.replace(live.radio, replay=replay))
    run(settings, stream=StringIO(), stop=threading.Event())
    outbox = Outbox.open(outbox_path(settings))
    try:
        return [open_item(waiting.item) for waiting in outbox.rows(first=0, before=None, limit=10_000)]
    finally:
        outbox.close()


def _fused(scenario: Scenario, reports: list[tuple[str, Report]]) -> Told:
    area = kits.area_of(scenario)
    corners = (area.south_deg, area.west_deg, area.north_deg, area.east_deg)
    rules = Rules(licences=scenario.licences(), area=corners, fm=Delays(alarm_s=kits.ALARM_DELAY_S), **LAW)
    world, filed, alerts = World(), [], []
    for row, (sensor, report) in enumerate(sorted(reports, key=lambda item: item[1].time_utc_ns or 0), 1):
        when = report.time_utc_ns or scenario.start_utc_ns
        filed.append(FiledReport(row=row, sensor=sensor, received_utc_ns=when, report=report))
        step = take(world, filed[-1], rules)
        for case in step.cases:
            before = world.cases.get(case.id)
            if before is None or case.level > before.level:
                alerts.append((round((when - scenario.start_utc_ns) / 1e9), case))
        world = step.world
    return Told(scenario, tuple(filed), world, tuple(alerts))


def holds(region, truth: tuple[float, float]) -> bool:
    """Whether any piece of a region of (lat, lon) rings holds a place."""
    return any(Polygon(ring).contains(Point(truth)) for ring in region)


def truth_at(scenario: Scenario, emitter: AnyEmitter, time_utc_ns: int) -> tuple[float, float]:
    seconds = math.fmod((time_utc_ns - scenario.start_utc_ns) / 1e9, scenario.duration_s)
    lat_deg, lon_deg = scenario.place.geodetic(emitter.where.positions_m(seconds)[0])
    return lat_deg, lon_deg
