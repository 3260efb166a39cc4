"""A typed-in bearing is taken back by who typed it, or by a role that may: audited, and kept."""

import pytest
from sqlalchemy import select

from fusion import world as real_fusion
from fusion.values import Rules
from server import tables
from server.casework import Casework
from server.roles import Role
from server.settings import Alerts
from tests.server import made, web
from tests.server.test_bearings import FORM, taken


@pytest.fixture
def app(tmp_path):
    with web.database(tmp_path) as engine:
        made.fill(engine)
        yield web.make_app(engine)


def work(app) -> None:
    casework = Casework(app.state.site.engine, real_fusion, Rules(), Alerts(), clock_ns=lambda: made.NOW)
    casework.work()
    casework.commit()


def take_one(app, role: Role = Role.MONITOR) -> dict:
    """One bearing on the pirate's case, taken up; how it is named."""
    with web.visitor(app, role) as client:
        answer = client.post("/cases/c-pirate/bearing", data={**FORM, "csrf": client.headers["X-CSRF-Token"]})
        assert answer.status_code == 303
    work(app)
    filed = taken(app)[-1]
    return {"sensor": filed.sensor, "boot": filed.report.boot, "seq": filed.report.seq}


def told(app) -> list[dict]:
    with web.visitor(app, Role.VIEWER) as client:
        return client.get("/api/v1/cases/c-pirate/grounds").json()["person_bearings"]


def withdraw(app, role: Role, name: dict):
    with web.visitor(app, role) as client:
        return client.post("/api/v1/bearings/withdraw", json=name)


def test_who_typed_it_takes_it_back_on_the_page_and_it_stays_as_taken_back(app):
    name = take_one(app)
    assert [one["withdrawn"] for one in told(app)] == [False]
    with web.visitor(app, Role.MONITOR) as client:
        page = client.get("/cases/c-pirate").text
        assert 'action="/cases/c-pirate/bearing/withdraw"' in page
        form = {**name, "csrf": client.headers["X-CSRF-Token"]}
        answer = client.post("/cases/c-pirate/bearing/withdraw", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, "/cases/c-pirate#bearings")
    work(app)
    (one,) = told(app)
    assert (one["withdrawn"], one["azimuth_deg"]) == (True, 350.5)
    with app.state.site.engine.connect() as connection:
        who, subject = connection.execute(
            select(tables.audit.c.who, tables.audit.c.subject).where(tables.audit.c.what == "bearing_withdrawn")
        ).one()
    assert (who, subject) == ("monitor", name["sensor"])
    assert len(taken(app)) == 2  # the bearing is still on record, and so is what took it back


@pytest.mark.parametrize(("language", "button", "state"), [("en", "Take back", "taken back"), ("zh", "撤回", "已撤回")])
def test_the_page_says_it_in_both_languages(app, language, button, state):
    name = take_one(app)
    with web.visitor(app, Role.MONITOR) as client:
        client.cookies.set("wavewarden_language", language)
        assert f"<button>{button}</button>" in client.get("/cases/c-pirate").text
        assert withdraw(app, Role.MONITOR, name).status_code == 202
        work(app)
        page = client.get("/cases/c-pirate").text
    assert state in page and f"<button>{button}</button>" not in page


def test_that_of_another_needs_a_role_that_may(app):
    name = take_one(app, Role.ENFORCEMENT)
    refused = withdraw(app, Role.MONITOR, name)
    assert (refused.status_code, "enforcement" in refused.text) == (403, True)
    with web.visitor(app, Role.MONITOR) as client:
        assert "/bearing/withdraw" not in client.get("/cases/c-pirate").text
    assert withdraw(app, Role.VIEWER, name).status_code == 403
    work(app)
    assert [one["withdrawn"] for one in told(app)] == [False]
    assert withdraw(app, Role.ADMINISTRATOR, name).status_code == 202
    work(app)
    assert [one["withdrawn"] for one in told(app)] == [True]


def test_twice_and_what_never_was_are_refused(app):
    name = take_one(app)
    assert withdraw(app, Role.MONITOR, name).status_code == 202
    work(app)
    assert withdraw(app, Role.MONITOR, name).status_code == 409
    assert withdraw(app, Role.MONITOR, {**name, "seq": 99}).status_code == 404
    assert withdraw(app, Role.ADMINISTRATOR, {**name, "sensor": "hill"}).status_code == 404
    assert withdraw(app, Role.MONITOR, {**name, "boot": "x"}).status_code == 422
    assert len(taken(app)) == 2
