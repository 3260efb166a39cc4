"""What a region rests on, as a case's page and the API tell it."""

from dataclasses import replace

import msgspec
import pytest

from fusion.track.roads import roads_of
from fusion.values import Rules
from server.roles import Role
from server.web.tell_grounds import who
from tests.server import grounds_made, made, web
from wire.report import PositionSource


@pytest.fixture
def app(tmp_path):
    with web.database(tmp_path) as engine:
        made.fill(engine)
        made.put_emitter(engine, grounds_made.located_pirate())
        yield web.make_app(engine)


def put_vehicle(app) -> None:
    put_vehicle_in(app.state.site.engine)


def put_vehicle_in(engine) -> None:
    lat, lon = grounds_made.degrees((-1800.0, -1500.0))
    report = made.report(lat, lon)
    position = msgspec.structs.replace(report.position, source=PositionSource.GNSS)
    made.put_sensor(engine, 90, "van-9", msgspec.structs.replace(report, position=position))


def told(app, path: str = "/api/v1/cases/c-pirate/grounds") -> dict:
    with web.visitor(app, Role.VIEWER) as client:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def test_every_measurement_is_told_and_the_reflected_bearing_set_aside_with_its_reason(app):
    said = told(app)
    assert said["method"] == "joint"
    kinds = [(one["kind"], one["sensor"]) for one in said["residuals"]]
    assert {sensor for kind, sensor in kinds if kind == "power"} == set(grounds_made.SENSORS)
    assert {sensor for kind, sensor in kinds if kind == "bearing"} == set(grounds_made.BEARERS)
    aside = [one for one in said["residuals"] if one["set_aside"]]
    assert [(one["sensor"], one["why"]) for one in aside] == [(grounds_made.REFLECTED, "reflected")]
    assert aside[0]["why_text"]


def test_a_moving_sensor_is_told_where_to_drive_and_so_is_who_points_at_a_place(app):
    assert told(app)["plans"] == []
    put_vehicle(app)
    (plan,) = told(app)["plans"]
    assert (plan["seeker"], plan["what"]) == ("van-9", "go")
    assert plan["expected_area_km2"] < plan["area_km2"]
    lat, lon = grounds_made.degrees((1500.0, -2000.0))
    both = told(app, f"/api/v1/cases/c-pirate/grounds?lat={lat}&lon={lon}")["plans"]
    assert [one["seeker"] for one in both] == ["van-9", ""]


def test_a_vehicle_is_sent_along_the_streets_of_the_settings(app):
    """Streets 500 m apart, of which none is where it would drive on open land."""
    put_vehicle(app)
    (free,) = told(app)["plans"]
    at = [float(metres) for metres in range(-2930, 3000, 500)]
    streets = [[(east, north) for east in at] for north in at] + [[(east, north) for north in at] for east in at]
    roads = roads_of([[grounds_made.degrees(crossing) for crossing in street] for street in streets])
    assert roads is not None
    app.state.site = replace(app.state.site, rules=Rules(roads=roads), explained={})
    (kept,) = told(app)["plans"]
    assert kept["what"] == "go" and _off_m(kept) < 1.0 < _off_m(free)


def _off_m(plan: dict) -> float:
    """From the nearest street."""
    east, north = grounds_made.PLANE.to_metres(plan["lat_deg"], plan["lon_deg"])
    return min(abs((float(x) + 2930.0 + 250.0) % 500.0 - 250.0) for x in (east, north))


def test_a_fix_is_explained_once_whoever_looks(app, monkeypatch):
    first = told(app)
    kept = dict(app.state.site.explained)
    assert told(app) == first
    assert app.state.site.explained["e-pirate"] is kept["e-pirate"]
    newer = grounds_made.located_pirate()
    newer = msgspec.structs.replace(newer, fix=msgspec.structs.replace(newer.fix, time_utc_ns=made.NOW))
    made.put_emitter(app.state.site.engine, newer)
    told(app)
    assert app.state.site.explained["e-pirate"] is not kept["e-pirate"]


@pytest.mark.parametrize(("language", "person"), [("en", "person 9"), ("zh", "人员 9")])
def test_the_page_says_it_in_both_languages(app, language, person):
    put_vehicle(app)
    with web.visitor(app, Role.VIEWER) as client:
        client.cookies.set("wavewarden_language", language)
        page = client.get("/cases/c-pirate").text
    assert person in page
    assert who(grounds_made.REFLECTED, language) == person
    assert 'class="aside"' in page
    assert "van-9" in page
    assert "web.rests" not in page


def test_a_case_without_evidence_has_none_and_an_unknown_one_is_not_there(app):
    assert told(app, "/api/v1/cases/c-rogue/grounds") == {
        "method": "power",
        "residuals": [],
        "plans": [],
        "person_bearings": [],
    }
    with web.visitor(app, Role.VIEWER) as client:
        assert client.get("/api/v1/cases/none/grounds").status_code == 404
