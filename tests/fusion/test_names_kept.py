"""Emitters keep their names: through a change of everything they broadcast, through silence, through a restart."""

from dataclasses import replace

import msgspec
import numpy as np
from sqlalchemy import Engine

from fusion.locate.geo import Plane
from fusion.values import Emitter, World
from fusion.world import take
from server import case_store
from server.case_store import Changes
from server.settings import Alerts, ServerSettings
from server.store import open_store
from tests.dsp.signatures.made import network, rogue
from tests.fusion.city import PLANE, START_NS, City, Transmitter, five_sensors
from wire.report import Bearing

SITES = ((-2000, 0), (2000, 500), (0, 2500), (500, -3000))


def cells() -> list[Transmitter]:
    return [
        Transmitter(c, float(e), float(n), eirp_dbm=50.0, phase_ns=97e9 * (i + 1))
        for i, (c, (e, n)) in enumerate(zip(network(4), SITES, strict=True))
    ]


def rogues(world: World) -> list[Emitter]:
    return [e for e in world.emitters.values() if (e.ci or 0) < 100]


def part(arfcn: int, on_s: tuple[float, float], *, ppm: float, phase_ns: float, **fields: int) -> Transmitter:
    heard = msgspec.structs.replace(rogue(arfcn, **fields), relative_offset_ppm=ppm, relative_offset_sigma_ppm=0.02)
    return Transmitter(heard, 900.0, -1200.0, eirp_dbm=42.0, phase_ns=phase_ns, on_s=on_s)


def test_a_rogue_that_changes_all_it_broadcasts_keeps_its_name_by_its_frame_clock():
    parts = [part(75, (0, 60), ppm=0.05, phase_ns=5e12), part(99, (60, 130), ppm=0.05, phase_ns=5e12, lac=41, ci=11)]
    (emitter,) = rogues(City(five_sensors(), [*cells(), *parts]).run(130))
    assert (emitter.arfcn, emitter.lac) == (99, 41)


def test_after_a_restart_its_carrier_and_its_settings_name_it():
    parts = [
        part(75, (0, 60), ppm=-1.1, phase_ns=5e12),
        part(99, (65, 130), ppm=-1.1, phase_ns=8e12, ci=11, bsic=33),
    ]
    assert len(rogues(City(five_sensors(), [*cells(), *parts]).run(130))) == 1


def test_another_rogue_that_begins_as_one_ends_is_another():
    parts = [part(75, (0, 60), ppm=-1.1, phase_ns=5e12), part(99, (65, 130), ppm=0.7, phase_ns=8e12, ci=11, bsic=33)]
    assert len(rogues(City(five_sensors(), [*cells(), *parts]).run(130))) == 2


def test_two_rogues_on_the_air_at_once_are_never_one():
    parts = [part(75, (0, 130), ppm=-1.1, phase_ns=5e12), part(99, (50, 130), ppm=-1.1, phase_ns=5e12, ci=11, bsic=33)]
    assert len(rogues(City(five_sensors(), [*cells(), *parts]).run(130))) == 2


def test_after_an_hour_of_silence_it_is_the_same_emitter():
    parts = [part(75, (0, 40), ppm=-1.1, phase_ns=5e12), part(75, (3600, 3700), ppm=-1.1, phase_ns=5e12)]
    city = City(five_sensors(), [*cells(), *parts])
    world = city.run(40)
    (before,) = rogues(world)
    for filed in city.reports(40, start_s=3600.0):
        world = take(world, filed, city.rules).world
    (after,) = rogues(world)
    assert after.id == before.id


def test_a_track_goes_on_after_the_server_was_started_again(tmp_path):
    """A rogue that drives, with bearings: stored after every report and read back half way."""
    car = replace(part(75, (0, 400), ppm=-1.1, phase_ns=5e12), speed_m_s=(9.0, 5.0))
    city = City(five_sensors(), [*cells(), car])
    reports = [_with_bearing(filed, city, car) for filed in city.reports(150, every_s=5.0)]
    engine = open_store(ServerSettings(data=str(tmp_path)))
    whole = stopped = World()
    for number, filed in enumerate(reports):
        whole = take(whole, filed, city.rules).world
        step = take(stopped, filed, city.rules)
        stopped = step.world
        _write(engine, number, step.emitters, step.cases)
        if number == len(reports) // 2:
            stopped = msgspec.structs.replace(_read(engine), networks=whole.networks, programmes=whole.programmes)
    assert stopped.emitters == whole.emitters
    (emitter,) = rogues(stopped)
    assert emitter.cloud is not None and emitter.moving and len(emitter.track) > 2
    assert emitter.fix is not None and emitter.fix.method == "track"


def _with_bearing(filed, city: City, car: Transmitter):
    time_s = (filed.report.created_utc_ns - START_NS) / 1e9
    at = PLANE.to_degrees(*car.place(time_s))
    east, north = Plane(filed.report.position.lat_deg, filed.report.position.lon_deg).to_metres(*at)
    azimuth = float(np.degrees(np.arctan2(east, north)) + city.chance.normal(0, 4.0)) % 360.0
    bearing = Bearing(freq_hz=car.heard.freq_hz, azimuth_deg=azimuth, sigma_deg=4.0)
    return msgspec.structs.replace(filed, report=msgspec.structs.replace(filed.report, bearings=(bearing,)))


def _write(engine: Engine, number: int, emitters, cases) -> None:
    changes = Changes(number, emitters={e.id: e for e in emitters}, cases={c.id: c for c in cases})
    with engine.begin() as connection:
        case_store.write(connection, changes, Alerts(), now_utc_ns=0)


def _read(engine: Engine) -> World:
    with engine.connect() as connection:
        return case_store.load_world(connection)[0]
