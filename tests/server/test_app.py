"""Headers, events, hostile text: what holds for the application as a whole."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Iterator

import httpx
import msgspec
import pytest
import uvicorn

from server.news import News
from server.roles import Role
from server.web.csv_export import cell
from shell.words import catalogue
from tests.server import made, web

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
PAGES = (
    "/",
    "/cases",
    "/cases/c-rogue",
    "/cases/c-pirate",
    "/cases/c-hijack",
    "/sensors",
    "/tasks",
    "/accounts",
    "/audit",
    "/docs",
    "/password",
    "/login",
)
FILES = ("/api/v1/cases", "/nowhere", "/static/site.css", "/static/vendor/leaflet/leaflet.js")


@pytest.fixture
def engine(tmp_path):
    with web.database(tmp_path) as engine:
        made.fill(engine)
        yield engine


@pytest.fixture
def app(engine):
    return web.make_app(engine)


@pytest.fixture(scope="module")
def admin(tmp_path_factory):
    """Looks at one city; changes nothing in it."""
    with web.database(tmp_path_factory.mktemp("city")) as engine:
        made.fill(engine)
        with web.visitor(web.make_app(engine), Role.ADMINISTRATOR) as client:
            yield client


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_every_answer_carries_the_policy(admin, path):
    headers = admin.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_what_is_about_people_or_cases_is_kept_by_no_cache(admin):
    for path in ("/", "/cases", "/api/v1/cases", "/accounts"):
        assert admin.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_both_languages(admin, path, language):
    admin.get(f"/language/{language}")
    answer = admin.get(path)
    assert answer.status_code == 200
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text
    unsaid = [key for key in catalogue() if key.startswith("web.") and key in answer.text]
    assert unsaid == []


@pytest.mark.parametrize("path", PAGES)
def test_what_a_stranger_transmits_is_text_on_every_page(admin, path):
    page = admin.get(path, headers={"accept": "text/html"}).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_hostile_text_is_shown_and_not_swallowed(admin):
    page = admin.get("/cases/c-pirate").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


def test_pages_need_nothing_from_outside(admin):
    for path in PAGES:
        page = admin.get(path).text
        for mark in ('src="http', 'href="http', 'src="//', 'href="//', "@import", "url(http"):
            assert mark not in page, (path, mark)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'=1"),
        ("＝1", "'＝1"),
        ("\x00=1", "'=1"),
        ("交通之声", "交通之声"),
        (-3.5, "-3.5"),
        (None, ""),
        (["=a", "b"], "'=a, b"),
    ],
)
def test_no_cell_of_the_csv_is_a_formula(text, safe):
    assert cell(text) == safe


def test_the_csv_has_a_mark_a_fixed_name_and_one_line_a_case(engine, app):
    about = msgspec.structs.replace(made.pirate(), licence_name="=cmd|' /C calc'!A0\r\nx,y")
    made.put_emitter(engine, about)
    with web.visitor(app, Role.ENFORCEMENT) as client:
        answer = client.get("/cases.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["content-disposition"] == 'attachment; filename="wavewarden-cases.csv"'
    assert len(answer.text.strip().splitlines()) == 4


def test_the_schema_names_every_answer_the_api_gives(admin):
    schema = admin.get("/openapi.json").json()
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            assert {"401", "403"} <= set(operation["responses"]), (method, path)
            assert operation["summary"], path
    assert schema["paths"]["/api/v1/tasks"]["post"]["responses"]["201"]["content"]["application/json"]
    assert "APIKeyCookie" in schema["components"]["securitySchemes"]


GOOD = {
    "/api/v1/emitters/{id}": "e-rogue",
    "/api/v1/cases/{id}": "c-rogue",
    "/api/v1/cases/{id}/reports": "c-rogue",
    "/api/v1/cases/{id}/evidence": "c-rogue",
    "/api/v1/cases/{id}/grounds": "c-rogue",
}


def test_what_the_api_gives_is_what_the_schema_says(admin):
    """Every GET of the API against its own schema: the fields that are there, and no others."""
    schema = admin.get("/openapi.json").json()
    checked = 0
    for path, item in schema["paths"].items():
        if "get" not in item or not path.startswith("/api/") or path.endswith((".zip", ".geojson")):
            continue
        body = admin.get(path.replace("{id}", GOOD.get(path, "1"))).json()
        content = item["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        one = content.get("items", content)
        fields = schema["components"]["schemas"][one["$ref"].rsplit("/", 1)[1]]["properties"]
        for thing in body if isinstance(body, list) else [body]:
            assert set(thing) == set(fields), path
            checked += 1
    assert checked > 20


def test_a_refusal_is_json_for_programs_and_a_page_for_people(app):
    with web.visitor(app, None) as client:
        answer = client.get("/api/v1/cases", headers={"accept": "text/html"})
        assert (answer.status_code, answer.json()["error"]) == (401, "NotLoggedIn")
        page = client.get("/cases?sort=level", headers={"accept": "text/html"})
        assert page.headers["location"] == "/login?next=/cases%3Fsort%3Dlevel"
    with web.visitor(app, Role.VIEWER) as client:
        assert "<html" in client.get("/audit", headers={"accept": "text/html"}).text
        assert client.get("/nowhere").json()["error"] == "NoSuchPage"


def test_a_failure_inside_says_nothing_of_the_inside(app, monkeypatch, caplog):
    monkeypatch.setattr("server.web.api_read.cases_now", lambda *_: 1 / 0)
    with web.visitor(app, Role.VIEWER) as client:
        client._transport.raise_server_exceptions = False
        answer = client.get("/api/v1/cases")
    assert answer.status_code == 500
    assert answer.json()["error"] == "Failed"
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_body_beyond_the_limit_is_refused_whether_it_says_its_length_or_not(app):
    body = b"name=" + b"x" * (1 << 20)
    parts = iter([body[k : k + 8192] for k in range(0, len(body), 8192)])
    headers = {"content-type": "application/x-www-form-urlencoded"}
    with web.visitor(app, None) as client:
        assert client.post("/login", content=body, headers=headers).status_code == 413
        assert client.post("/login", content=parts, headers=headers).status_code == 400


def test_two_apps_live_side_by_side(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    with web.database(tmp_path / "one") as one, web.database(tmp_path / "two") as two:
        made.fill(one)
        with web.visitor(web.make_app(one), Role.VIEWER) as full, web.visitor(web.make_app(two), Role.VIEWER) as empty:
            assert len(full.get("/api/v1/cases").json()) == 3
            assert empty.get("/api/v1/cases").json() == []


# server-sent events, over a real server


class Served:
    def __init__(self, app, news: News) -> None:
        self.news = news
        config = uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"


@contextlib.contextmanager
def served(engine) -> Iterator[Served]:
    news = News()
    running = Served(web.make_app(engine, news=news), news)
    running.thread.start()
    while not running.server.started:
        time.sleep(0.01)
    try:
        yield running
    finally:
        news.close()
        running.server.should_exit = True
        running.thread.join(10)


@contextlib.contextmanager
def browser(running: Served, engine) -> Iterator[httpx.Client]:
    web.put_account(engine, Role.VIEWER)
    with httpx.Client(base_url=running.url, timeout=10) as client:
        client.post("/login", data={"name": "viewer", "password": web.PASSWORD})
        yield client


class Stream:
    """The events of an open stream, one by one, with when they came."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.iter_lines()
        self.last_id = ""

    def next(self) -> tuple[str, object]:
        kind, data = "", ""
        for line in self._lines:
            name, _, value = line.partition(": ")
            if name == "event":
                kind = value
            elif name == "data":
                data = value
            elif name == "id":
                self.last_id = value
            elif not line and kind:
                return kind, json.loads(data)
        return "ended", None


def test_a_change_reaches_an_open_page_within_a_second(engine):
    with served(engine) as running, browser(running, engine) as client, client.stream("GET", "/events") as answer:
        stream = Stream(answer)
        assert stream.next() == ("hello", {})
        delays = []
        for n in range(5):
            start = time.monotonic()
            running.news.publish("case", f"c{n}")
            assert stream.next() == ("change", {"case": [f"c{n}"]})
            delays.append(time.monotonic() - start)
        assert max(delays) < 1.0


def test_changes_of_a_moment_go_out_together(engine):
    with served(engine) as running, browser(running, engine) as client, client.stream("GET", "/events") as answer:
        stream = Stream(answer)
        stream.next()
        for _ in range(50):
            running.news.publish("case", "a")
            running.news.publish("sensor", "1")
        assert stream.next() == ("change", {"case": ["a"], "sensor": ["1"]})


def test_who_comes_back_hears_what_was_missed_and_after_a_restart_everything(engine):
    with served(engine) as running, browser(running, engine) as client:
        with client.stream("GET", "/events") as answer:
            stream = Stream(answer)
            stream.next()
        running.news.publish("alert", "7")
        with client.stream("GET", "/events", headers={"last-event-id": stream.last_id}) as answer:
            again = Stream(answer)
            again.next()
            assert again.next() == ("change", {"alert": ["7"]})
        with client.stream("GET", "/events", headers={"last-event-id": "0000abcd-12"}) as answer:
            other = Stream(answer)
            other.next()
            assert other.next() == ("change", {"everything": [""]})


def test_a_logout_closes_the_stream_within_five_seconds(engine):
    with served(engine) as running, browser(running, engine) as client, client.stream("GET", "/events") as answer:
        stream = Stream(answer)
        stream.next()
        with httpx.Client(base_url=running.url, cookies=client.cookies) as other:
            csrf = other.get("/api/v1/me").json()["csrf"]
            assert other.post("/logout", headers={"x-csrf-token": csrf}).status_code == 303
        start = time.monotonic()
        assert stream.next() == ("goodbye", {})
        assert stream.next() == ("ended", None)
        assert time.monotonic() - start < 5.0


def test_closing_the_news_lets_the_server_stop_at_once(engine):
    with served(engine) as running, browser(running, engine) as client, client.stream("GET", "/events") as answer:
        stream = Stream(answer)
        stream.next()
        running.news.close()
        start = time.monotonic()
        assert stream.next() == ("ended", None)
        assert time.monotonic() - start < 1.0


def test_nobody_listens_without_a_session(engine):
    with served(engine) as running:
        assert httpx.get(f"{running.url}/events").status_code == 401


def test_fifty_open_pages_all_hear_of_a_change_within_a_second(engine):
    async def listen(url: str, cookies: httpx.Cookies, ready: asyncio.Semaphore) -> float:
        async with (
            httpx.AsyncClient(base_url=url, cookies=cookies, timeout=20) as client,
            client.stream("GET", "/events") as answer,
        ):
            async for line in answer.aiter_lines():
                if line == "event: hello":
                    ready.release()
                elif line == "event: change":
                    return time.monotonic()
        raise AssertionError("the stream ended")

    async def run(running: Served, cookies: httpx.Cookies) -> float:
        ready = asyncio.Semaphore(0)
        pages = [asyncio.create_task(listen(running.url, cookies, ready)) for _ in range(50)]
        for _ in pages:
            await asyncio.wait_for(ready.acquire(), 20)
        start = time.monotonic()
        running.news.publish("case", "c")
        return max(await asyncio.gather(*pages)) - start

    with served(engine) as running, browser(running, engine) as client:
        assert asyncio.run(run(running, client.cookies)) < 1.0
