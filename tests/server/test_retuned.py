"""No licensed station in the suspect's window: sensors retune from one to the other and back, server and all."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, select

from dsp.signatures.licences import FmLicence, Licences
from fusion.locate.assumptions import LIGHT_M_S
from fusion.values import Emitter, Latest, Level, Rules
from hardware.replay import Replay
from recordings.read import open_recording
from sensor.plan import FollowRecording
from server import case_store, tables
from server.difference_making import WAIT_NS, all_measured
from server.differences import DifferenceDesk
from server.settings import Differences
from tests.dsp.fm import difference_made as made
from tests.dsp.fm.retuned_made import BESIDE_HZ, REFERENCE_HZ, TARGET_HZ, Retuning, receivers
from tests.fusion.test_fm_differences import NAMES, degrees
from tests.sensor.test_survey import OneWindow
from tests.server.made import NOW, S, case, emitter, put_case, put_emitter, put_sensor, report, station
from tests.server.retuned_run import AirRadio, Clock, record, request, run_sensor
from tests.server.web import database
from wire.phase_snippet import MOST_PACKED_BYTES

PLACE = degrees(made.REFERENCE)
RULES = Rules(licences=Licences(fm=(FmLicence(freq_hz=REFERENCE_HZ, name="one", lat_deg=PLACE[0], lon_deg=PLACE[1]),)))
SPEECH = made.Set("speech", seed=7, cnr_db=12.0, seconds=0.8)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with database(tmp_path) as engine:
        for number, (name, place) in enumerate(zip(NAMES, made.SENSORS, strict=True), start=1):
            put_sensor(engine, number, name, report(*degrees(place)))
        pirate = _emitter("p", TARGET_HZ, licensed=False)
        put_emitter(engine, pirate)
        put_emitter(engine, _emitter("r", REFERENCE_HZ, licensed=True))
        put_case(engine, case("c", pirate, "pirate_fm", Level.WATCH, 15.0))
        yield engine


def _emitter(id: str, freq_hz: float, *, licensed: bool) -> Emitter:
    latest = tuple(Latest(sensor=name, time_utc_ns=NOW - 3 * S, heard=station(freq_hz)) for name in NAMES)
    return emitter(id, "fm", freq_hz, licensed=licensed, latest=latest)


def _desk(engine: Engine, *, later_ns: int = 0) -> DifferenceDesk:
    with engine.connect() as connection:
        world = case_store.load_world(connection)[0]
    return DifferenceDesk(
        engine, RULES, Differences(), world=lambda: world, clock_ns=lambda: NOW + later_ns, on_stored=lambda: None
    )


def _outcome(engine: Engine) -> str:
    q = tables.difference_request.c
    with engine.connect() as connection:
        return str(connection.execute(select(q.outcome).order_by(q.id.desc()).limit(1)).scalar_one())


def _ears() -> tuple[Retuning, ...]:
    return receivers(SPEECH)


def test_three_sensors_retune_and_the_server_finds_every_difference_to_metres(engine: Engine) -> None:
    """4.9 MHz between target and reference, half a part in a million either way, clocks 36 ms apart, 12 dB."""
    desk = _desk(engine)
    desk.work()
    asked = request(engine).asked
    assert asked.in_turn_hz == (REFERENCE_HZ, TARGET_HZ, REFERENCE_HZ)
    for number, ear in enumerate(_ears()):
        clock = Clock()
        radio = AirRadio(ear, clock)
        link = run_sensor(engine, number, radio, OneWindow(), clock)
        (size,) = link.sizes
        assert len(radio.looked) == 3 and size < MOST_PACKED_BYTES
    desk.work()
    assert _outcome(engine) == "3 measured"
    with engine.connect() as connection:
        ((told),) = all_measured(connection)
    errors_m = [
        (d.difference_s - made.truth_s(NAMES.index(d.sensor_a), NAMES.index(d.sensor_b))[1]) * LIGHT_M_S
        for d in told.differences
    ]
    assert float(np.sqrt(np.mean(np.square(errors_m)))) < 12.0
    assert {d.method for d in told.differences} == {"fm_reference_in_turn"}
    assert all(d.sigma_s * LIGHT_M_S < 30.0 for d in told.differences)


def test_a_dongle_that_loses_samples_while_it_tunes_gives_nothing(engine: Engine) -> None:
    desk = _desk(engine)
    desk.work()
    for number, ear in enumerate(_ears()[:2]):
        clock = Clock()
        run_sensor(engine, number, AirRadio(ear, clock, dropped=256 * number), OneWindow(), clock)
    later = _desk(engine, later_ns=request(engine).asked.at_utc_ns - NOW + WAIT_NS + 1)
    later.work()
    assert _outcome(engine).startswith("0 measured; west: no_snippet; east-north: ")


@pytest.mark.parametrize(("counted", "outcome"), [(True, "1 measured"), (False, "0 measured")])
def test_a_recording_serves_it_where_it_says_the_receivers_own_count(
    engine: Engine, tmp_path: Path, counted: bool, outcome: str
) -> None:
    desk = _desk(engine)
    desk.work()
    at_ns = request(engine).asked.at_utc_ns
    for number, ear in enumerate(_ears()[:2]):
        file = record(tmp_path, NAMES[number], _looks(ear, at_ns), counted=counted)
        recording = open_recording(file)
        replay = Replay(recording)  # type: ignore[arg-type]
        run_sensor(engine, number, replay, FollowRecording(replay), Clock(), turns=3)
    later = _desk(engine, later_ns=at_ns - NOW + WAIT_NS + 1)
    later.work()
    assert _outcome(engine).startswith(outcome)


def _looks(ear: Retuning, at_ns: int) -> list:
    radio = AirRadio(ear, Clock(now_ns=at_ns))
    looks = []
    for k, freq_hz in enumerate((REFERENCE_HZ, TARGET_HZ, REFERENCE_HZ)):
        radio.clock.now_ns = at_ns + k * 1_600_000_000
        looks.append(radio.look(freq_hz - BESIDE_HZ, 0.96e6, 0.8))
    return looks
