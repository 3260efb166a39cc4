"""Each alert reaches each channel at least once, always under the same key."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from sqlalchemy import create_engine, insert, select

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.values import Fix, Level, StandingFinding
from server import tables
from server.alerts.alert import Alert
from server.alerts.channel import ChannelRefused
from server.alerts.delivery import deliver_due, wait_after_s
from server.alerts.registry import channels, channels_for
from server.alerts.webhook import WebhookChannel
from server.settings import Alerts, Apprise, Webhook

NOW = 1_800_000_000_000_000_000


def an_alert(ps: str = "HEALTH") -> Alert:
    finding = Finding(
        name="fm_unlicensed", version=1, group=EvidenceGroup.LICENCE, weight_db=20.0, evidence={"freq_mhz": 98.1}
    )
    return Alert(
        key="C-1:high:1",
        case_id="C-1",
        emitter_id="E-1",
        kind="pirate_fm",
        level=Level.HIGH,
        time_utc_ns=NOW,
        freq_hz=98.1e6,
        title_params={"ps": ps},
        score_db=52.0,
        findings=(StandingFinding(finding=finding, sensor="roof", first_utc_ns=NOW, last_utc_ns=NOW, times=2),),
        fix=Fix(
            time_utc_ns=NOW,
            method="power",
            lat_deg=30.6,
            lon_deg=104.1,
            covariance_m2=(1e4, 0.0, 1e4),
            region=(),
            area_km2=1.5,
            sensors=3,
            sightings=9,
        ),
    )


@pytest.fixture
def engine():
    engine = create_engine("sqlite://")
    tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            insert(tables.alert).values(
                key="C-1:high:1",
                case_id="C-1",
                level=3,
                created_utc_ns=NOW,
                body=msgspec.msgpack.encode(an_alert()),
            )
        )
        connection.execute(insert(tables.delivery).values(alert_id=1, channel="desk", attempts=0, next_try_utc_ns=NOW))
    yield engine
    engine.dispose()


class Desk:
    """A receiver that answers what it is told to, and remembers what it was sent."""

    def __init__(self, statuses):
        self.statuses, self.requests = list(statuses), []
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                desk.requests.append((dict(self.headers), json.loads(self.rfile.read(length))))
                self.send_response(desk.statuses.pop(0) if desk.statuses else 200)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_):
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def desk():
    made = []

    def open_desk(*statuses):
        made.append(Desk(statuses))
        return made[-1]

    yield open_desk
    for one in made:
        one.close()


def webhook(url: str, *, allow_private: bool = True) -> WebhookChannel:
    return WebhookChannel(name="desk", url=url, language="en", allow_private=allow_private)


def test_an_alert_is_sent_again_until_taken_and_always_under_one_key(engine, desk):
    receiver = desk(503, 200)
    channel = webhook(receiver.url)
    assert deliver_due(engine, [channel], now_utc_ns=NOW) == (0, 1)
    assert deliver_due(engine, [channel], now_utc_ns=NOW + 1) == (0, 0)  # not yet due again
    later = NOW + int(wait_after_s(1) * 1e9)
    assert deliver_due(engine, [channel], now_utc_ns=later) == (1, 0)
    assert deliver_due(engine, [channel], now_utc_ns=later * 2) == (0, 0)
    keys = [headers["Idempotency-Key"] for headers, _ in receiver.requests]
    assert keys == ["C-1:high:1", "C-1:high:1"]
    with engine.connect() as connection:
        row = connection.execute(select(tables.delivery)).one()
    assert (row.attempts, row.delivered_utc_ns, row.last_error) == (2, later, None)


def test_a_redirect_is_a_refusal_and_is_not_followed(engine, desk):
    assert deliver_due(engine, [webhook(desk(302).url)], now_utc_ns=NOW) == (0, 1)


def test_nobody_listening_keeps_the_alert_due_with_the_reason(engine):
    assert deliver_due(engine, [webhook("http://127.0.0.1:9/")], now_utc_ns=NOW) == (0, 1)
    with engine.connect() as connection:
        row = connection.execute(select(tables.delivery)).one()
    assert row.delivered_utc_ns is None
    assert "ConnectError" in row.last_error


@pytest.mark.parametrize(
    "url",
    ["http://127.1/", "http://0x7f000001/", "http://[::1]/", "http://169.254.169.254/latest", "http://localhost/"],
)
def test_private_addresses_are_refused_unless_allowed(url):
    with pytest.raises(ChannelRefused, match="private address"):
        webhook(url, allow_private=False).send(an_alert())


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "nonsense"])
def test_what_is_not_http_is_refused(url):
    with pytest.raises(ChannelRefused, match="not an http"):
        webhook(url).send(an_alert())


def test_a_level_reaches_only_the_channels_that_want_it():
    settings = Alerts(
        webhooks=(Webhook(name="desk", url="http://x/", level="watch"),),
        apprise=(Apprise(name="mail", url="json://localhost/", level="high"),),
    )
    assert channels_for(settings, Level.WATCH) == ("desk",)
    assert channels_for(settings, Level.HIGH) == ("desk", "mail")
    assert [c.name for c in channels(settings)] == ["desk", "mail"]


def test_apprise_hands_the_alert_to_the_service_its_address_names(desk):
    receiver = desk(200)
    settings = Alerts(apprise=(Apprise(name="mail", url=receiver.url.replace("http://", "json://")),), language="zh")
    channels(settings)[0].send(an_alert())
    _, sent = receiver.requests[0]
    assert "98.100" in sent["title"]
    assert "C-1:high:1" in sent["message"]


def test_an_address_apprise_does_not_know_is_refused_at_the_start():
    with pytest.raises(ChannelRefused, match="does not understand"):
        channels(Alerts(apprise=(Apprise(name="mail", url="nosuchservice://x"),)))
