"""A suspect beside nothing licensed: sensors whose samples satellites time are compared by their clocks, no others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, select

from fusion.locate.assumptions import LIGHT_M_S
from fusion.values import Latest, Level, Rules
from hardware.replay import Replay
from recordings.read import open_recording
from sensor.plan import FollowRecording
from sensor.settings import SampleClockSettings
from server import case_store, tables
from server.difference_making import all_measured
from server.differences import DifferenceDesk
from server.settings import Differences
from tests.dsp.fm import difference_made as made
from tests.dsp.fm.retuned_made import BESIDE_HZ, TARGET_HZ, receivers
from tests.fusion.test_fm_differences import NAMES, degrees
from tests.server.made import NOW, S, case, emitter, put_case, put_emitter, put_sensor, report, station
from tests.server.retuned_run import AirRadio, Clock, record, request, run_sensor
from tests.server.web import database
from wire.report import TimeSource

PULSE = SampleClockSettings(source="pps", sigma_ns=50)
SPEECH = made.Set("speech", seed=9, cnr_db=15.0, seconds=1.0, ppm=(0.001, -0.001, 0.0))
AHEAD_S = (40e-9, -30e-9, 10e-9)  # what pulses are late by


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with database(tmp_path) as engine:
        for number, (name, place) in enumerate(zip(NAMES, made.SENSORS, strict=True), start=1):
            put_sensor(engine, number, name, report(*degrees(place)))
        heard = [
            Latest(
                sensor=name,
                time_utc_ns=NOW - 3 * S,
                heard=station(TARGET_HZ),
                clock=TimeSource.PPS,
                clock_sigma_ns=PULSE.sigma_ns,
            )
            for name in NAMES
        ]
        pirate = emitter("p", "fm", TARGET_HZ, licensed=False, latest=tuple(heard))
        put_emitter(engine, pirate)
        put_case(engine, case("c", pirate, "pirate_fm", Level.WATCH, 15.0))
        yield engine


def _measured(engine: Engine, folder: Path, clocks: tuple[SampleClockSettings | None, ...]) -> str:
    """Each sensor replays what it recorded, with what its settings say of its clock; the server's word for it."""
    with engine.connect() as connection:
        world = case_store.load_world(connection)[0]
    desk = DifferenceDesk(engine, Rules(), Differences(), world=lambda: world, clock_ns=lambda: NOW)
    desk.work()
    asked = request(engine).asked
    assert (asked.reference_id, asked.stations_hz, set(asked.sensors)) == (None, (TARGET_HZ,), set(NAMES))
    for number, (ear, pulse) in enumerate(zip(receivers(SPEECH), clocks, strict=True)):
        timed = replace(ear, ear=replace(ear.ear, ahead_s=AHEAD_S[number]))
        radio = AirRadio(timed, Clock(now_ns=asked.at_utc_ns))
        block = radio.look(TARGET_HZ - BESIDE_HZ, 0.96e6, 1.0)
        replay = Replay(open_recording(record(folder, NAMES[number], [block], counted=False)))  # type: ignore[arg-type]
        run_sensor(engine, number, replay, FollowRecording(replay), Clock(), sample_clock=pulse)
    desk.work()
    q = tables.difference_request.c
    with engine.connect() as connection:
        return str(connection.execute(select(q.outcome)).scalar_one())


def test_three_sensors_timed_by_satellites_need_no_reference(engine: Engine, tmp_path: Path) -> None:
    assert _measured(engine, tmp_path, (PULSE, PULSE, PULSE)) == "3 measured"
    with engine.connect() as connection:
        (told,) = all_measured(connection)
    errors = [
        (d.difference_s - made.truth_s(NAMES.index(d.sensor_a), NAMES.index(d.sensor_b))[1]) / d.sigma_s
        for d in told.differences
    ]
    assert float(np.max(np.abs(errors))) < 3.0
    assert all(15.0 < d.sigma_s * LIGHT_M_S < 40.0 for d in told.differences)  # 50 ns each way, and noise
    assert {(d.method, d.references) for d in told.differences} == {("gnss", ())}


def test_a_recording_whose_clock_nobody_vouches_for_is_refused_by_name(engine: Engine, tmp_path: Path) -> None:
    rough = SampleClockSettings(source="gnss", sigma_ns=5_000)
    outcome = _measured(engine, tmp_path, (PULSE, None, rough))
    assert outcome == "0 measured; east: clock_recording; west: clock_too_unsure"
