"""A person's bearing becomes a stored report under a number, and nobody's name."""

import msgspec
import pytest
from sqlalchemy import select

from fusion.values import Rules, World
from fusion.world import take
from server import tables
from server.case_store import reports_after
from server.roles import Role
from tests.server import made, web
from wire.report import PositionSource

FORM = {"azimuth_deg": "350.5", "lat_deg": "30.25", "lon_deg": "120.15"}


@pytest.fixture
def app(tmp_path):
    with web.database(tmp_path) as engine:
        made.fill(engine)
        yield web.make_app(engine)


def taken(app) -> list:
    with app.state.site.engine.connect() as connection:
        filed = reports_after(connection, 0, limit=10_000)
    return [f for f in filed if f.sensor.startswith("person:")]


def case_id(app) -> str:
    with app.state.site.engine.connect() as connection:
        return (
            connection.execute(select(tables.case.c.id).where(tables.case.c.closed_utc_ns.is_(None))).scalars().first()
        )


def test_a_bearing_from_a_case_page_is_a_report_of_a_person(app):
    with web.visitor(app, Role.MONITOR) as client:
        answer = client.post(f"/cases/{case_id(app)}/bearing", data={**FORM, "csrf": client.headers["X-CSRF-Token"]})
        assert answer.status_code == 303
        magnetic = {**FORM, "north": "magnetic", "declination_deg": "12", "sigma_deg": "10"}
        client.post(f"/cases/{case_id(app)}/bearing", data={**magnetic, "csrf": client.headers["X-CSRF-Token"]})
        sensors = client.get("/api/v1/sensors").json()
    first, second = taken(app)
    (one,), (other,) = first.report.bearings, second.report.bearings
    assert (one.azimuth_deg, one.sigma_deg, one.source) == (350.5, None, "person")
    assert (other.azimuth_deg, other.sigma_deg) == (2.5, 10.0)
    assert (first.report.position.lat_deg, first.report.position.source) == (30.25, PositionSource.STATED)
    assert first.sensor == second.sensor
    assert (first.report.boot, first.report.seq, second.report.seq) == (second.report.boot, 1, 2)
    assert "monitor" not in repr(msgspec.to_builtins(first.report))
    assert not [sensor for sensor in sensors if "person" in sensor["name"]]  # a person is no sensor


@pytest.mark.parametrize(
    "wrong",
    [
        {"azimuth_deg": "400"},
        {"azimuth_deg": ""},
        {"azimuth_deg": "nan"},
        {"lat_deg": "0", "lon_deg": "0"},
        {"lat_deg": "95"},
        {"north": "magnetic"},
        {"north": "grid"},
        {"sigma_deg": "0"},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_stored(app, wrong):
    with web.visitor(app, Role.MONITOR) as client:
        form = {**FORM, **wrong, "csrf": client.headers["X-CSRF-Token"]}
        assert client.post(f"/cases/{case_id(app)}/bearing", data=form).status_code == 422
    assert taken(app) == []


def test_programs_may_send_one_and_two_people_have_two_names(app):
    wanted = {"freq_hz": 98.7e6, "azimuth_deg": 10.0, "lat_deg": 30.0, "lon_deg": 120.0}
    names = []
    for role in (Role.MONITOR, Role.ENFORCEMENT):
        with web.visitor(app, role) as client:
            answer = client.post("/api/v1/bearings", json=wanted)
            assert answer.status_code == 201, answer.text
            names.append(answer.json()["filed_under"])
    assert len(set(names)) == 2
    assert [f.sensor for f in taken(app)] == names


def test_only_who_may_sees_the_form(app):
    for role, seen in ((Role.VIEWER, False), (Role.MONITOR, True)):
        with web.visitor(app, role) as client:
            page = client.get(f"/cases/{case_id(app)}?lat=30.1234567&lon=120.5").text
            assert ('name="azimuth_deg"' in page, "30.123457" in page) == (seen, seen)


def test_fusion_gives_the_bearing_to_the_emitter_on_the_case_under_the_persons_number(app):
    with web.visitor(app, Role.MONITOR) as client:
        data = {**FORM, "csrf": client.headers["X-CSRF-Token"]}
        assert client.post("/cases/c-pirate/bearing", data=data).status_code == 303
    (filed,) = taken(app)
    world = World(emitters={"e-pirate": made.pirate()})
    after = take(world, filed, Rules()).world.emitters["e-pirate"]
    assert [(b.sensor, b.azimuth_deg, b.source) for b in after.bearings] == [(filed.sensor, 350.5, "person")]
