"""A direction finder's lines become reports that travel like all others."""

import http.server
import threading
from contextlib import closing

import pytest

from hardware.krakensdr import Mounting
from hardware.krakensdr_feed import DoaFeed
from sensor.direction_finder import DirectionFinder
from sensor.errors import NothingToListenWith
from sensor.outbox import Outbox
from sensor.program import run
from sensor.settings import DirectionFinderSettings, RadioSettings, SensorSettings, SurveyedPosition
from sensor.whereabouts import surveyed
from shell.exits import Exit
from tests.hardware.test_krakensdr import AT_MS, SetClock, line
from tests.sensor.made import MadeClock
from wire.report import Position, PositionSource, Report, TimeSource
from wire.report_codec import open_item


class Said:
    def __init__(self) -> None:
        self.errors: list[str] = []

    def tell_error(self, error: Exception) -> None:
        self.errors.append(type(error).__name__)


@pytest.fixture
def outbox(tmp_path):
    with closing(Outbox.open(tmp_path / "o.sqlite")) as opened:
        yield opened


def kept(outbox: Outbox) -> list[Report]:
    return [open_item(row.item) for row in outbox.rows(first=0, before=None, limit=100)]


def finder(tmp_path, outbox, *, clock, position=lambda: None, **fields) -> DirectionFinder:
    feed = DoaFeed(str(tmp_path / "page"), Mounting(), clock)
    return DirectionFinder(
        feed=feed, outbox=outbox, clock=clock, console=Said(), stop=threading.Event(), position=position, **fields
    )


def test_lines_of_one_look_are_one_report_with_place_time_and_bearings(tmp_path, outbox):
    clock = SetClock(AT_MS + 500)
    (tmp_path / "page").write_text(line(330) + line(10).replace("433920000", "98700000"))
    finder(tmp_path, outbox, clock=clock).turn()
    (report,) = kept(outbox)
    assert [round(b.azimuth_deg) for b in report.bearings] == [120, 80]
    assert [b.freq_hz for b in report.bearings] == [433.92e6, 98.7e6]
    assert {b.source for b in report.bearings} == {"device"}
    assert report.position == Position(lat_deg=30.57, lon_deg=104.06, sigma_m=15.0, source=PositionSource.GNSS)
    assert (report.time_utc_ns, report.time_source) == ((AT_MS - 200) * 1_000_000, TimeSource.NTP)


def test_a_finder_without_gps_stands_where_its_owner_says(tmp_path, outbox):
    clock = SetClock(AT_MS)
    (tmp_path / "page").write_text(line(330, place="0.0, 0.0"))
    where = surveyed(SurveyedPosition(lat_deg=1.0, lon_deg=2.0))
    found = finder(tmp_path, outbox, clock=clock, position=lambda: where(None))
    found.feed = DoaFeed(found.feed.address, Mounting(heading_deg=0.0), clock)
    found.turn()
    assert [r.position.source for r in kept(outbox)] == [PositionSource.SURVEYED]


def test_trouble_is_said_once_and_a_frozen_page_too(tmp_path, outbox):
    clock = SetClock(AT_MS)
    found = finder(tmp_path, outbox, clock=clock, health_s=1000.0)
    found.turn()
    found.turn()
    assert found.console.errors == ["NoDoaFeed"]
    (tmp_path / "page").write_text(line(330))
    found.turn()
    for _ in range(3):
        clock.now_ns += 40 * 10**9
        found.turn()
    assert found.console.errors == ["NoDoaFeed", "DoaStale"]
    health = [r.health for r in kept(outbox) if r.health is not None]
    assert [h.deaf for h in health] == [True]
    assert len([r for r in kept(outbox) if r.bearings]) == 1


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = line(330, time_ms=self.server.time_ms).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def test_a_sensor_that_is_only_a_direction_finder_runs_until_it_is_told(tmp_path):
    clock, stop = MadeClock(), threading.Event()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.time_ms = clock.utc_ns() // 1_000_000
    threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Timer(0.6, stop.set).start()
    settings = SensorSettings(
        language="en",
        data=str(tmp_path),
        radio=RadioSettings(kind="none"),
        direction_finder=DirectionFinderSettings(
            address=f"http://127.0.0.1:{server.server_port}/DOA_value.html", every_s=0.1
        ),
    )
    with (tmp_path / "said").open("w") as stream:
        assert run(settings, stream=stream, stop=stop, clock=clock) == Exit.DONE
    server.shutdown()
    server.server_close()
    with closing(Outbox.open(tmp_path / "outbox.sqlite")) as outbox:
        reports = kept(outbox)
    assert [b.azimuth_deg for r in reports for b in r.bearings] == [pytest.approx(120.0)]
    assert (
        "1 reports of directions" in (tmp_path / "said").read_text() or "2 reports" in (tmp_path / "said").read_text()
    )


def test_a_sensor_with_nothing_to_listen_with_is_refused(tmp_path):
    settings = SensorSettings(language="en", data=str(tmp_path), radio=RadioSettings(kind="none"))
    with (tmp_path / "said").open("w") as stream, pytest.raises(NothingToListenWith):
        run(settings, stream=stream, stop=threading.Event())
