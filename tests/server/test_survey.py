"""Where fixed sensors stand: told once, and from then on one that says it is elsewhere has no part in fixes."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from sqlalchemy import Engine, select, update

from dsp.signatures.licences import FmLicence, Licences
from fusion import world as real_fusion
from fusion.values import Emitter, Rules
from server import tables
from server.casework import Casework
from server.enrolment import NotEnrolled
from server.filing import Arrived, file_reports
from server.roles import Role
from server.settings import Alerts
from server.survey import BadSurvey, off_survey_m, survey_sensor, surveyed_in_record, surveyed_places
from tests.server import grounds_made, made, web
from wire.report import Position, PositionSource
from wire.report_codec import encode_report

MOVED, ASIDE_M = "hill", 5_000.0
HZ = 97.437e6
RULES = Rules(licences=Licences(fm=(FmLicence(freq_hz=91.8e6, name="one"),)))  # the pirate is in no list


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with web.database(tmp_path) as engine:
        made.fill(engine)
        pirate = msgspec.structs.replace(made.pirate(), sightings=(), fix=None, bearings=())
        made.put_emitter(engine, pirate)
        for number, name in enumerate(grounds_made.SENSORS, start=50):
            with engine.begin() as connection:
                known = connection.execute(select(tables.sensor.c.id).where(tables.sensor.c.name == name)).first()
            if known is None:
                made.put_sensor(engine, number, name, None)
        yield engine


def _file(engine: Engine) -> None:
    """Every sensor hears the pirate as loudly as it is far; one says that it is 5 km from where it stands."""
    with engine.begin() as connection:
        ids = {name: id for id, name in connection.execute(select(tables.sensor.c.id, tables.sensor.c.name))}
        arrived = []
        for seq in range(1001, 1009):
            for name, place in grounds_made.SENSORS.items():
                metres = float(np.hypot(place[0] - grounds_made.EMITTER[0], place[1] - grounds_made.EMITTER[1]))
                said = (place[0] - ASIDE_M, place[1]) if name == MOVED else place
                lat_deg, lon_deg = grounds_made.degrees(said)
                level_dbm = -22.0 - 28.0 * float(np.log10(metres / 100.0))
                heard = msgspec.structs.replace(made.station(HZ), level_dbm=level_dbm)
                report = msgspec.structs.replace(
                    made.report(lat_deg, lon_deg, seq=seq),
                    heard=(heard,),
                    level_sigma_db=1.0,
                    time_utc_ns=made.NOW + seq * made.S,
                    created_utc_ns=made.NOW + seq * made.S,
                )
                arrived.append(Arrived(ids[name], made.BOOT, seq, made.NOW + (seq + 1) * made.S, encode_report(report)))
        file_reports(connection, arrived)


def _pirate(engine: Engine) -> tuple[Emitter, Casework]:
    work = Casework(engine, real_fusion, RULES, Alerts(), clock_ns=lambda: made.NOW + 1020 * made.S)
    work.work()
    work.commit()
    return work.world.emitters["e-pirate"], work


def _survey(engine: Engine) -> None:
    survey_sensor(engine, MOVED, grounds_made.degrees(grounds_made.SENSORS[MOVED]))


def test_a_sensor_five_kilometres_from_its_survey_is_left_out_live_and_the_page_says_why(engine: Engine) -> None:
    _survey(engine)
    _file(engine)
    found, _ = _pirate(engine)
    assert found.fix is not None and found.fix.sensors == len(grounds_made.SENSORS) - 1
    app = web.make_app(engine)
    with web.visitor(app, Role.VIEWER) as client:
        said = client.get("/api/v1/cases/c-pirate/grounds").json()["residuals"]
        sensors = {one["name"]: one for one in client.get("/api/v1/sensors").json()}
    assert {one["sensor"] for one in said if one["why"] == "off_its_survey"} == {MOVED}
    (reason,) = [r for r in sensors[MOVED]["reasons"] if r["code"] == "off_survey"]
    assert (sensors[MOVED]["state"], "5.0 km" in reason["text"]) == ("bad", True)


def test_a_survey_told_while_the_server_works_counts_from_the_next_tick(engine: Engine) -> None:
    _, work = _pirate(engine)
    _survey(engine)
    work._ticked_at = 0.0
    work.work()
    _file(engine)
    work.work()
    fix = work.world.emitters["e-pirate"].fix
    assert fix is not None and fix.sensors == len(grounds_made.SENSORS) - 1


def test_nobody_is_left_out_where_nothing_was_surveyed(engine: Engine) -> None:
    _file(engine)
    found, _ = _pirate(engine)
    assert found.fix is not None and found.fix.sensors == len(grounds_made.SENSORS)


def test_a_survey_is_audited_and_can_be_forgotten(engine: Engine) -> None:
    _survey(engine)
    with engine.connect() as connection:
        assert set(surveyed_places(connection)) == {MOVED}
    survey_sensor(engine, MOVED, None)
    with engine.connect() as connection:
        assert surveyed_places(connection) == {}
        whats = connection.scalars(select(tables.audit.c.what)).all()
    assert whats.count("sensor_surveyed") == 2


def test_a_revoked_sensors_survey_is_none(engine: Engine) -> None:
    _survey(engine)
    with engine.begin() as connection:
        connection.execute(update(tables.sensor).where(tables.sensor.c.name == MOVED).values(revoked_utc_ns=1))
        assert surveyed_places(connection) == {}
    with pytest.raises(NotEnrolled):
        _survey(engine)


@pytest.mark.parametrize("place", [(0.0, 0.0), (91.0, 3.0), (float("nan"), 3.0), (3.0, 181.0)])
def test_a_place_that_cannot_be_is_refused(engine: Engine, place: tuple[float, float]) -> None:
    with pytest.raises(BadSurvey):
        survey_sensor(engine, MOVED, place)


def test_a_record_of_before_surveys_is_read_as_it_is(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sensor DROP COLUMN surveyed_lat_deg")
        assert surveyed_in_record(connection) == {}


def test_the_position_of_a_moving_sensor_is_its_own_affair() -> None:
    """What is out of the question is judged against the position's own sigma."""
    rough = Position(lat_deg=30.27, lon_deg=120.16, sigma_m=2_000.0, source=PositionSource.GNSS)
    assert off_survey_m((30.25, 120.16), rough) is None
    assert off_survey_m((30.25, 120.16), msgspec.structs.replace(rough, sigma_m=5.0)) == pytest.approx(2_217, abs=10)
