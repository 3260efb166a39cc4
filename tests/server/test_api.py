import io
import itertools
import json
import zipfile

import msgspec
import pytest
from sqlalchemy import insert, select, update

from fusion.values import Level
from server import tables
from server.alerts.alert import Alert
from server.roles import Role
from tests.server import made, web
from wire.messages import Task


@pytest.fixture
def engine(tmp_path):
    with web.database(tmp_path) as engine:
        made.fill(engine)
        yield engine


@pytest.fixture
def app(engine):
    return web.make_app(engine)


@pytest.fixture
def viewer(app):
    with web.visitor(app, Role.VIEWER) as client:
        yield client


@pytest.fixture
def monitor(app):
    with web.visitor(app, Role.MONITOR) as client:
        yield client


def put_snippet(engine, samples: bytes) -> int:
    body = msgspec.msgpack.encode(Task(id="", centre_hz=97.4e6, rate_hz=1.024e6, seconds=1.0, snippet=True))
    with engine.begin() as connection:
        row = {"sensor_id": 1, "created_utc_ns": made.NOW, "created_by": "monitor", "body": body}
        task = connection.execute(insert(tables.task).values(**row)).inserted_primary_key[0]
        snippet = insert(tables.snippet).values(
            task_id=task,
            sensor_id=1,
            received_utc_ns=made.NOW,
            centre_hz=97.4e6,
            rate_hz=1.024e6,
            time_utc_ns=made.NOW,
            format="cu8",
            sha256="ab" * 32,
            data=samples,
        )
        return connection.execute(snippet).inserted_primary_key[0]


def test_cases_come_the_gravest_first_and_closed_ones_last(engine, viewer):
    closed = msgspec.structs.replace(made.cases()[0], closed_utc_ns=made.NOW, closed_why="silent")
    made.put_case(engine, closed)
    assert [one["id"] for one in viewer.get("/api/v1/cases").json()] == ["c-pirate", "c-hijack", "c-rogue"]
    assert [one["id"] for one in viewer.get("/api/v1/cases?open_only=true&least_level=high").json()] == ["c-pirate"]
    assert viewer.get("/api/v1/cases?sort=opened").json()[0]["id"] == "c-rogue"
    assert len(viewer.get("/api/v1/cases?limit=1").json()) == 1


def test_a_case_explains_itself_with_value_weight_baseline_and_innocence(viewer):
    reasons = viewer.get("/api/v1/cases/c-pirate").json()["reasons"]
    first = reasons[0]
    assert [r["weight_db"] for r in reasons] == sorted((r["weight_db"] for r in reasons), reverse=True)
    assert (first["name"], first["weight_db"], first["baseline_n"], first["sensor"]) == (
        "fm_unlicensed",
        12.0,
        6,
        "hill",
    )
    assert first["evidence"]["freq_mhz"] == 97.437
    assert first["title"] != first["name"]
    assert first["innocent"]
    assert first["reports"] == [["hill", made.BOOT, 1]]


def test_a_rule_the_catalogue_does_not_know_is_called_by_its_name(engine, viewer):
    strange = made.standing("gsm_rule_of_tomorrow", made.EvidenceGroup.PLACE, 1.0, {"a_field": 2})
    made.put_case(engine, msgspec.structs.replace(made.cases()[0], findings=(strange,)))
    reason = viewer.get("/api/v1/cases/c-rogue").json()["reasons"][0]
    assert (reason["title"], reason["what"]) == ("gsm_rule_of_tomorrow", "gsm_rule_of_tomorrow")
    assert reason["evidence_shown"] == [["a_field", "2"]]


def test_an_alert_and_its_case_name_one_frequency_though_it_is_measured_anew(viewer, engine):
    moved = msgspec.structs.replace(made.pirate(), freq_hz=97.4382e6)
    made.put_emitter(engine, moved)
    case = viewer.get("/api/v1/cases/c-pirate").json()
    alert = viewer.get("/api/v1/alerts", params={"case_id": "c-pirate"}).json()[0]
    assert "97.44 MHz" in alert["title"]
    assert "97.44 MHz" in case["title"]
    assert case["freq_hz"] == 97.4382e6, "the measured value itself is not rounded"


def test_the_language_of_the_page_is_the_language_of_the_reasons(viewer):
    chinese = viewer.get("/api/v1/cases/c-rogue").json()
    viewer.get("/language/en")
    english = viewer.get("/api/v1/cases/c-rogue").json()
    assert (chinese["kind_text"], english["kind_text"]) == ("伪基站", "Rogue base station")
    assert chinese["reasons"][0]["title"] != english["reasons"][0]["title"]


def test_geojson_has_regions_as_closed_counter_clockwise_rings_of_longitude_and_latitude(viewer):
    features = {f["id"]: f for f in viewer.get("/api/v1/emitters.geojson").json()["features"]}
    (ring,) = features["e-pirate/region"]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    assert sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring)) > 0
    assert all(119 < lon < 121 and 29 < lat < 31 for lon, lat in ring)
    assert features["e-rogue/track"]["geometry"]["type"] == "LineString"


def test_an_emitter_without_a_point_gets_none_drawn(viewer):
    features = {f["id"]: f for f in viewer.get("/api/v1/emitters.geojson").json()["features"]}
    assert "e-hijack/point" not in features
    assert len(features["e-hijack/region"]["geometry"]["coordinates"]) == 2


def test_an_emitter_nobody_could_place_is_told_without_a_place(engine, viewer):
    made.put_emitter(engine, made.emitter("e-lost", "fm", 99e6))
    feature = next(f for f in viewer.get("/api/v1/emitters.geojson").json()["features"] if f["id"] == "e-lost/nowhere")
    assert feature["geometry"] is None
    assert viewer.get("/api/v1/emitters/e-lost").json()["fix"] is None


def test_emitters_can_be_asked_for_by_service(viewer):
    assert {one["service"] for one in viewer.get("/api/v1/emitters?service=gsm").json()} == {"gsm"}


def test_the_evidence_of_an_emitter_is_whole(viewer):
    latest = viewer.get("/api/v1/emitters/e-rogue").json()["latest"]
    assert [one["sensor"] for one in latest] == ["hill", "station-road", "van-1"]
    assert latest[0]["heard"]["system_information"][0]["hex"].startswith("49061b")


def test_the_reports_behind_a_case_are_named_with_their_rows(viewer):
    (report,) = viewer.get("/api/v1/cases/c-rogue/reports").json()
    assert (report["sensor"], report["boot"], report["seq"]) == ("hill", made.BOOT, 1)
    assert report["findings"] == ["gsm_carrier_true", "gsm_unknown_cell"]
    assert int(report["time_utc_ns"]) == made.NOW - 2 * made.S


def test_sensors_tell_how_they_are_and_why(viewer):
    states = {
        one["name"]: (one["state"], [r["code"] for r in one["reasons"]]) for one in viewer.get("/api/v1/sensors").json()
    }
    assert states == {
        "hill": ("good", []),
        "river": ("warning", ["clipped"]),
        "station-road": ("good", []),
        "east-gate": ("bad", ["deaf"]),
        "van-1": ("silent", ["silent"]),
        "new-sensor": ("waiting", ["never"]),
    }


def test_a_report_without_health_does_not_hide_what_was_said_before(engine, viewer):
    silent = msgspec.structs.replace(made.report(31.0, 121.0, seq=9), health=None)
    with engine.begin() as connection:
        row = {"id": 90, "sensor_id": 1, "boot": made.BOOT, "seq": 9, "received_utc_ns": made.NOW}
        connection.execute(insert(tables.report).values(**row, body=msgspec.msgpack.encode(silent)))
        connection.execute(update(tables.sensor).where(tables.sensor.c.id == 1).values(last_report=90))
    hill = next(one for one in viewer.get("/api/v1/sensors").json() if one["name"] == "hill")
    assert hill["health"]["radio"].startswith("RTL-SDR")
    assert hill["place"]["lat_deg"] == 31.0, "the position is the newest"


def test_an_alert_is_acknowledged_once_by_the_first_and_everybody_sees_who(engine, app, monitor):
    with web.visitor(app, Role.ENFORCEMENT) as other:
        id = monitor.get("/api/v1/alerts?open_only=true").json()[0]["id"]
        first = monitor.post(f"/api/v1/alerts/{id}/acknowledge", json={"note": "已派车"}).json()
        second = other.post(f"/api/v1/alerts/{id}/acknowledge", json={"note": "late"}).json()
    assert first == second
    assert (first["acknowledged_by"], first["acknowledged_note"]) == ("monitor", "已派车")
    assert id not in [one["id"] for one in monitor.get("/api/v1/alerts?open_only=true").json()]
    with engine.connect() as connection:
        a = tables.audit.c
        log = connection.execute(select(a.who, a.detail).where(a.what == "alert_acknowledged")).all()
    assert log == [("monitor", "已派车")]


def test_acknowledging_an_alert_settles_the_earlier_ones_of_its_case_and_no_other(engine, monitor):
    before = monitor.get("/api/v1/alerts?open_only=true").json()
    case_id = before[0]["case_id"]
    with engine.connect() as connection:
        row = connection.execute(select(tables.alert).where(tables.alert.c.id == before[0]["id"])).one()
    risen = msgspec.structs.replace(msgspec.msgpack.decode(row.body, type=Alert), key=f"{case_id}:risen:2")
    newest = made.put_alert(engine, risen)
    monitor.post(f"/api/v1/alerts/{newest}/acknowledge", json={"note": "seen"})
    with engine.connect() as connection:
        a = tables.alert.c
        settled = connection.execute(select(a.case_id).where(a.acknowledged_utc_ns.is_not(None))).scalars().all()
    assert settled == [case_id, case_id]


def test_an_alert_tells_how_long_it_took_from_the_report(viewer):
    assert viewer.get("/api/v1/alerts").json()[0]["delay_s"] == pytest.approx(0.31)


def test_only_alerts_of_the_configured_level_stand_on_every_page(engine, viewer):
    hijack = made.cases()[2]
    note = msgspec.structs.replace(hijack, level=Level.NOTE)
    made.put_alert(engine, made.alert_of(note, made.hijack()))
    shown = {one["case_id"]: one["on_screen"] for one in viewer.get("/api/v1/alerts").json()}
    assert shown == {"c-hijack": False, "c-pirate": True, "c-rogue": True}


def test_a_task_is_stored_as_the_link_sends_it(engine, monitor):
    wanted = {"sensor_id": 1, "centre_hz": 97.437e6, "rate_hz": 1.024e6, "seconds": 2.0}
    answer = monitor.post("/api/v1/tasks", json=wanted)
    assert answer.status_code == 201
    with engine.connect() as connection:
        body = connection.execute(select(tables.task.c.body)).scalar_one()
    task = msgspec.msgpack.decode(body, type=Task)
    assert (task.centre_hz, task.rate_hz, task.seconds, task.snippet) == (97.437e6, 1.024e6, 2.0, True)
    assert answer.json()["sensor"] == "hill"


def test_a_task_for_no_sensor_or_a_revoked_one_is_refused(engine, monitor):
    made.put_sensor(engine, 9, "old", None, revoked=True)
    wanted = {"centre_hz": 97.437e6, "rate_hz": 1.024e6, "seconds": 2.0}
    assert monitor.post("/api/v1/tasks", json={**wanted, "sensor_id": 9}).status_code == 404
    assert monitor.post("/api/v1/tasks", json={**wanted, "sensor_id": 77}).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"seconds": False},
        {"seconds": "2"},
        {"seconds": 11.0},
        {"centre_hz": -1.0},
        {"rate_hz": 1e12},
        {"sensor_id": 1.5},
        {"sensor_id": True},
        {"extra": 1},
    ],
    ids=str,
)
def test_numbers_of_the_wrong_kind_or_size_and_unknown_fields_are_refused(monitor, bad):
    good = {"sensor_id": 1, "centre_hz": 97.4e6, "rate_hz": 1.024e6, "seconds": 2.0}
    assert monitor.post("/api/v1/tasks", json={**good, **bad}).status_code == 422


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_what_is_not_a_number_is_refused(monitor, number):
    text = f'{{"sensor_id": 1, "centre_hz": {number}, "rate_hz": 1024000.0, "seconds": 2.0}}'
    answer = monitor.post("/api/v1/tasks", content=text, headers={"content-type": "application/json"})
    assert answer.status_code == 422


def test_a_snippet_is_a_sigmf_pair_whose_names_are_numbers(engine, app):
    id = put_snippet(engine, b"\x80\x7f" * 500)
    with web.visitor(app, Role.ENFORCEMENT) as client:
        answer = client.get(f"/api/v1/snippets/{id}.zip")
    assert answer.headers["content-disposition"] == f'attachment; filename="wavewarden-snippet-{id}.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = [f"wavewarden-snippet-{id}.sigmf-meta", f"wavewarden-snippet-{id}.sigmf-data"]
        assert archive.namelist() == names
        meta = json.loads(archive.read(names[0]))
        assert archive.read(names[1]) == b"\x80\x7f" * 500
    assert (meta["global"]["core:datatype"], meta["global"]["core:sample_rate"]) == ("cu8", 1.024e6)
    assert meta["captures"][0]["core:frequency"] == 97.4e6


def test_the_status_counts(viewer):
    status = viewer.get("/api/v1/status").json()
    assert (status["sensors"], status["sensors_unwell"], status["sensors_listening"]) == (6, 4, 3)
    assert status["open_cases"] == {"high": 2, "watch": 1, "note": 0}
    assert status["unacknowledged_alerts"] == 2


def test_an_answer_is_made_again_when_the_news_say_so(engine, app, viewer):
    before = viewer.get("/api/v1/cases").json()
    made.put_case(engine, msgspec.structs.replace(made.cases()[0], score_db=99.0))
    app.state.site.news.publish("case", "c-rogue")
    after = viewer.get("/api/v1/cases").json()
    assert before[0]["score_db"] == 31.5
    assert after[0]["score_db"] == 99.0


def test_one_row_that_cannot_be_read_does_not_blank_the_rest(engine, viewer):
    with engine.begin() as connection:
        connection.execute(update(tables.emitter).where(tables.emitter.c.id == "e-fm-3").values(body=b"\xc1 not this"))
    assert len(viewer.get("/api/v1/emitters").json()) == 8


PATHS = (
    "/api/v1/cases/{}",
    "/api/v1/emitters/{}",
    "/api/v1/snippets/{}.zip",
    "/cases/{}",
    "/tiles/base/{}/0/0",
    "/static/{}",
    "/static/vendor/leaflet/{}",
)
HOSTILE = [
    "' OR 1=1 --",
    "'; DROP TABLE account; --",
    "../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "<script>alert(1)</script>",
    "%00",
    "\u202e",
    "9" * 40,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_paths_and_filters_finds_nothing_and_breaks_nothing(app, text):
    with web.visitor(app, Role.ADMINISTRATOR) as client:
        before = client.get("/api/v1/cases").json()
        for path in PATHS:
            assert client.get(path.format(text)).status_code in (404, 422), path
        for query in ("sort", "least_level", "kind", "limit", "open_only"):
            answer = client.get("/api/v1/cases", params={query: text})
            assert answer.status_code == 422 or answer.json() == []
        assert client.get("/api/v1/cases").json() == before


@pytest.mark.parametrize("limit", [0, -1, 10**9, "1e3"])
def test_a_limit_beyond_reason_is_refused(viewer, limit):
    assert viewer.get("/api/v1/emitters", params={"limit": limit}).status_code == 422


def test_a_refusal_names_the_field_and_never_gives_its_content_back(monitor):
    answer = monitor.post("/api/v1/tasks", json={"sensor_id": "<script>"})
    assert answer.status_code == 422
    assert "sensor_id" in answer.json()["message"]
    assert "<script>" not in answer.text
