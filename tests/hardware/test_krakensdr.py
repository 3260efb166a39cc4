"""The KrakenSDR's lines, as its program's versions write them."""

import numpy as np
import pytest

from hardware import krakensdr
from hardware.clock import ClockQuality, ClockSource
from hardware.krakensdr import Mounting, read_line
from hardware.krakensdr_feed import DoaFeed, NoDoaFeed
from hardware.radio import Place

AT_MS = 1_772_000_000_000


def line(
    counter_clockwise_deg: int = 330,
    *,
    angle: str | None = None,
    way: str = "clockwise",
    time_ms: int = AT_MS,
    place: str = "30.570000, 104.060000",
    heading: str = "90.0, 0.0, GPS",
    array: str = "UCA",
    response: bool = True,
) -> str:
    """A source at so many degrees counter-clockwise of the first antenna."""
    told = angle or str((360 - counter_clockwise_deg) % 360 if way == "clockwise" else counter_clockwise_deg)
    fields = f"{time_ms}, {told}, 24.75, -31.2, 433920000, {array}, 400, KIT 1, {place}, {heading}, R, R, R, R"
    lobe = 20 - np.minimum(np.abs((np.arange(360) - counter_clockwise_deg + 180) % 360 - 180), 20)
    return fields + (", " + ", ".join(f"{value:.2f}" for value in lobe) if response else "") + " \n"


@pytest.mark.parametrize("way", ["clockwise", "counter_clockwise"])
def test_whichever_way_the_version_counts_the_direction_is_the_same(way):
    """30° to the right of a first antenna that points east."""
    doa = read_line(line(330, way=way), Mounting())
    assert doa.azimuth_deg == pytest.approx(120.0)
    assert (doa.freq_hz, doa.station, doa.place) == (433.92e6, "KIT 1", Place(30.57, 104.06, 15.0))
    assert doa.quality == pytest.approx(0.25)
    assert doa.time_utc_ns == (AT_MS - 200) * 1_000_000


@pytest.mark.parametrize("ahead", [0, 180])
@pytest.mark.parametrize("way", ["clockwise", "counter_clockwise"])
def test_ahead_and_behind_are_the_same_both_ways(ahead, way):
    assert read_line(line(ahead, way=way), Mounting()).azimuth_deg == pytest.approx((90 + ahead) % 360)


def test_the_mounting_turns_the_direction():
    assert read_line(line(330), Mounting(turned_deg=-20.0)).azimuth_deg == pytest.approx(100.0)
    assert read_line(line(330), Mounting(heading_deg=200.0)).azimuth_deg == pytest.approx(230.0)
    by_compass = line(330, heading="0.0, 350.0, Compass")
    assert read_line(by_compass, Mounting(declination_deg=-4.0)).azimuth_deg == pytest.approx(16.0)


def test_a_line_without_the_response_is_taken_only_where_its_way_is_said():
    with pytest.raises(krakensdr.DoaWayUnknown):
        read_line(line(330, response=False), Mounting())
    assert read_line(line(330, response=False), Mounting(counts="clockwise")).azimuth_deg == pytest.approx(120.0)
    other = Mounting(counts="counter_clockwise")
    assert read_line(line(330, response=False, way="counter_clockwise"), other).azimuth_deg == pytest.approx(120.0)


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("<DATA><DOA>32</DOA></DATA>", krakensdr.DoaNotCsv),
        ("<!doctype html>", krakensdr.DoaNotCsv),
        ("1, 2, 3", krakensdr.DoaLineCut),
        (line(330)[:400], krakensdr.DoaLineCut),
        (line(330) + line(330), krakensdr.DoaLineCut),
        (line(330, angle="nan"), krakensdr.DoaBadField),
        (line(330, angle="412"), krakensdr.DoaBadField),
        (line(330, time_ms=0), krakensdr.DoaBadField),
        (line(330, place="130.5, 104.0"), krakensdr.DoaBadField),
        (line(330, heading="east, 0.0, GPS"), krakensdr.DoaBadField),
        (line(330, angle="77"), krakensdr.DoaWayUnknown),  # the angle is nowhere near the response's peak
        (line(330, array="ULA"), krakensdr.DoaLinear),
        (line(330, place="0.0, 0.0"), krakensdr.DoaNoHeading),
        ("\x00\x01, é", krakensdr.DoaLineCut),
    ],
)
def test_what_says_nothing_is_refused_with_its_reason(bad, reason):
    with pytest.raises(reason):
        read_line(bad.replace("\n", "") if bad.count("\n") > 1 else bad, Mounting())


def test_without_a_fix_there_is_no_place_and_the_owner_says_the_heading():
    doa = read_line(line(330, place="0.0, 0.0"), Mounting(heading_deg=10.0))
    assert (doa.place, doa.azimuth_deg) == (None, pytest.approx(40.0))


class SetClock:
    def __init__(self, utc_ms: int) -> None:
        self.now_ns = utc_ms * 1_000_000

    def utc_ns(self) -> int:
        return self.now_ns

    def monotonic_ns(self) -> int:
        return self.now_ns

    def quality(self) -> ClockQuality:
        return ClockQuality(ClockSource.NTP, 1_000_000)


def test_a_line_counts_once_and_an_old_page_never(tmp_path):
    page = tmp_path / "DOA_value.html"
    feed = DoaFeed(str(page), Mounting(), SetClock(AT_MS + 500))
    page.write_text(line(330) + line(10)[:300])
    assert [doa.azimuth_deg for doa in feed.fresh()] == [pytest.approx(120.0)]
    assert feed.refused["DoaLineCut"] == 1
    assert feed.fresh() == []
    page.write_text(line(350, time_ms=AT_MS + 400))
    assert [doa.azimuth_deg for doa in feed.fresh()] == [pytest.approx(100.0)]

    late = DoaFeed(str(page), Mounting(), SetClock(AT_MS + 3_600_000))
    assert late.fresh() == []  # an hour old: what a stopped receiver shows
    page.write_text(line(350, time_ms=AT_MS + 900))
    assert len(late.fresh()) == 1  # it changes: only its clock is wrong


def test_a_feed_that_is_not_there_is_told(tmp_path):
    for address in (str(tmp_path / "none"), "http://127.0.0.1:9/DOA_value.html", "http://[/"):
        with pytest.raises(NoDoaFeed):
            DoaFeed(address, Mounting(), SetClock(AT_MS)).fresh()
