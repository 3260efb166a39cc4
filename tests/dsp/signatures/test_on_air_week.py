import msgspec
import pytest

from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.on_air_week import HOUR_NS, OnAirWeek, cell_of, shares, timetable, with_slot
from dsp.signatures.registry import judge_fm
from tests.dsp.signatures.made import LICENCES, plain, station

SLOT_S, DAY_S = 300, 86_400
MONDAY_S = 4 * DAY_S  # 5 January 1970


def lived(on, *, days: int, every_s: int = SLOT_S, start_s: int = MONDAY_S) -> OnAirWeek:
    """A week as it is after so many days of looks; `on` says of an hour of the day whether it was on the air."""
    week = None
    for second in range(start_s, start_s + days * DAY_S, every_s):
        week = with_slot(week, second * 10**9, heard=on(second % DAY_S // 3600))
    return week


def test_the_first_hour_of_monday_is_the_first_cell():
    assert cell_of(MONDAY_S * 10**9) == 0
    assert cell_of((MONDAY_S + 6 * DAY_S + 23 * 3600) * 10**9) == 167


def test_a_slot_counts_once_and_as_heard_if_it_was_heard_at_any_time():
    week = None
    for second, heard in ((0, False), (40, False), (80, True), (120, False), (299, True)):
        week = with_slot(week, (MONDAY_S + second) * 10**9, heard=heard)
    assert (week.covered[0], week.heard[0]) == (1, 1)


def test_years_stay_within_the_same_bytes_and_the_share_stays():
    week = None
    for n in range(6 * 12 * 52):  # the first hour of Monday, every Monday of six years
        when_s = MONDAY_S + n // 12 * 7 * DAY_S + n % 12 * SLOT_S
        week = with_slot(week, when_s * 10**9, heard=n % 4 == 0)
    assert week.covered[0] <= 255
    assert shares(week)[0] == pytest.approx(0.25, abs=0.03)
    assert len(msgspec.msgpack.encode(week)) < 360


def test_a_timer_that_switches_at_night_is_read_from_three_days():
    night = lived(lambda hour: hour >= 21 or hour < 6, days=3)
    assert timetable(night).text == "21:00–06:00 UTC"
    assert timetable(lived(lambda hour: hour >= 21 or hour < 6, days=2)) is None
    assert timetable(lived(lambda hour: True, days=5)) is None


def test_what_comes_and_goes_without_a_clock_has_no_timetable():
    week = None
    for second in range(MONDAY_S, MONDAY_S + 7 * DAY_S, SLOT_S):
        week = with_slot(week, second * 10**9, heard=second // 3600 * 2654435761 % 100 < 50)
    assert timetable(week) is None


def judged(on, heard, licences: Licences, *, days: int = 5) -> dict[str, str | None]:
    """Findings of a last look at which it is on the air, after days of looks that covered its channel."""
    history, swept, now_ns = SiteHistory(), [(97e6, 99e6)], 0
    for second in range(MONDAY_S, MONDAY_S + days * DAY_S, 2 * SLOT_S):
        now_ns = second * 10**9
        there = (heard,) if on(second % DAY_S // 3600) else ()
        history = history.with_look(there, now_ns=now_ns, swept_fm=swept)
    now_ns += 23 * HOUR_NS
    return {f.name: f.variant for f in judge_fm((heard,), history, licences, now_ns=now_ns)}


def test_an_unlicensed_carrier_by_a_timer_is_told_and_one_that_stays_is_not():
    night = judged(lambda hour: hour >= 21 or hour < 6, plain(98.3), LICENCES)
    assert night["fm_schedule"] == "timer"
    assert "fm_schedule" not in judged(lambda hour: True, plain(98.3), LICENCES)


def test_a_licensed_station_that_is_on_all_night_against_its_licence_is_told():
    hours = Licences(fm=(FmLicence(freq_hz=98.3e6, name="day", pi=0x8231, hours="06:00-22:00", utc_offset_h=0.0),))
    assert judged(lambda hour: True, station(98.3), hours)["fm_schedule"] == "unlike_licence"
    assert "fm_schedule" not in judged(lambda hour: 6 <= hour < 22, station(98.3), hours)
