"""A licence allows what it says, when it says: days, hours, regional variants, networks."""

import datetime
from typing import Any

import pytest

from dsp.signatures.hours import BadHours, open_at, parse_hours, written
from dsp.signatures.licences import FmLicence, Licences, Standing, standing
from shell.settings import BadValue, parse_settings
from tests.dsp.signatures.made import fm_names, plain, station

HOUR = 3600 * 10**9
FRIDAY = 1_763_683_200 * 10**9  # 21 November 2025, 00:00 UTC


def licence(**fields: Any) -> FmLicence:
    return FmLicence(**({"freq_hz": 93.1e6, "name": "Day", "pi": 0x8231} | fields))


def found(heard: Any, listed: FmLicence, *others: FmLicence, at: int = FRIDAY) -> dict[str, float]:
    from dsp.signatures.history import SiteHistory
    from dsp.signatures.registry import judge_fm

    findings = judge_fm((heard,), SiteHistory(), Licences(fm=(listed, *others)), now_ns=at)
    return {f.name: f.weight_db for f in findings}


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("06:00–24:00", "06:00-24:00"),
        ("Mon-Fri 06:00-22:00; Sat,Sun 08:00-02:00", "Mon,Tue,Wed,Thu,Fri 06:00-22:00; Sat,Sun 08:00-02:00"),
        ("周一至周五 6:00—12:00，14:00-22:00", "Mon,Tue,Wed,Thu,Fri 06:00-12:00; Mon,Tue,Wed,Thu,Fri 14:00-22:00"),
        ("全天", "00:00-24:00"),
        ("Sat-Mon 05:30-23:30", "Mon,Sat,Sun 05:30-23:30"),
    ],
)
def test_hours_are_read_as_people_write_them_and_written_in_one_way(text, again):
    assert written(parse_hours(text)) == again
    assert parse_hours(again) == parse_hours(text)


@pytest.mark.parametrize(
    "text", ["", "day", "6-24", "25:00-26:00", "06:61-07:00", "Someday 06:00-07:00", "06:00-24:01"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(BadHours):
        parse_hours(text)


def test_what_goes_on_past_midnight_belongs_to_the_day_it_began():
    late = parse_hours("Sat 22:00-02:00")
    assert open_at(late, 5, 23 * 60) and open_at(late, 6, 60)
    assert not open_at(late, 5, 60) and not open_at(late, 6, 23 * 60)
    assert open_at(parse_hours("Sun 23:50-24:00"), 0, 5, slack_min=30)


def test_days_are_inclusive_and_counted_where_the_licence_is():
    until = licence(valid_until=datetime.date(2025, 11, 20))
    assert standing(until, FRIDAY - 1) is Standing.IN_FORCE
    assert standing(until, FRIDAY) is Standing.EXPIRED
    assert standing(licence(valid_until=datetime.date(2025, 11, 20), utc_offset_h=-1.0), FRIDAY) is Standing.IN_FORCE
    assert standing(licence(valid_from=datetime.date(2025, 11, 22)), FRIDAY) is Standing.NOT_YET
    china = licence(hours="Fri 06:00-24:00", utc_offset_h=8.0)
    assert standing(china, FRIDAY) is Standing.IN_FORCE  # 08:00 there
    assert standing(china, FRIDAY - 3 * HOUR) is Standing.OFF_HOURS  # 05:00
    assert standing(china, FRIDAY - 2 * HOUR - HOUR // 4) is Standing.IN_FORCE  # 05:45: half an hour is granted


def test_where_nobody_knows_the_time_no_licence_has_lapsed():
    dated = licence(valid_from=datetime.date(2020, 1, 1), hours="06:00-07:00")
    assert standing(dated, 12 * HOUR) is Standing.IN_FORCE
    assert "fm_unlicensed" not in found(plain(93.1), dated, at=12 * HOUR)


def test_a_carrier_on_a_licence_that_ran_out_is_unlicensed_and_it_is_said():
    names = found(plain(93.1), licence(valid_until=datetime.date(2024, 12, 31)))
    assert (names["fm_unlicensed"], names["fm_licence_lapsed"]) == (30.0, -3.0)
    assert "fm_unlicensed" not in found(plain(93.1), licence(valid_until=datetime.date(2025, 11, 21)))


def test_a_licence_that_ran_out_weighs_less_on_who_still_says_its_pi():
    names = found(station(93.1, pi=0x8231), licence(valid_until=datetime.date(2024, 12, 31)))
    assert (names["fm_unlicensed"], names["fm_licence_lapsed"]) == (30.0, -15.0)


def test_a_bare_carrier_in_the_small_hours_of_a_day_licence_is_doubted_and_the_station_itself_is_not():
    day = licence(hours="06:00-24:00")
    assert found(plain(93.1), day, at=FRIDAY + 3 * HOUR)["fm_licence_lapsed"] == -15.0
    assert "fm_unlicensed" not in found(station(93.1, pi=0x8231), day, at=FRIDAY + 3 * HOUR)
    assert "fm_unlicensed" not in found(plain(93.1), day, at=FRIDAY + 7 * HOUR)


def test_listed_regional_pis_and_the_pi_of_a_relays_network_are_legal():
    assert "fm_pi_mismatch" in found(station(93.1, pi=0x4999), licence())
    assert "fm_pi_mismatch" not in found(station(93.1, pi=0x4999), licence(pis=(0x4999,)))
    mother = FmLicence(freq_hz=101.1e6, name="Mother", pi=0x4999, network="n")
    assert "fm_pi_mismatch" not in found(station(93.1, pi=0x4999), licence(network="n"), mother)
    assert "fm_pi_mismatch" in found(station(93.1, pi=0x4999), licence(network="other"), mother)


def test_a_list_of_before_is_still_read_and_bad_hours_are_refused_with_the_file():
    old = parse_settings('[[fm]]\nfreq_hz = 93.1e6\nname = "a"\npi = 0x8231\n', Licences, file="l.toml")
    assert standing(old.fm[0], FRIDAY) is Standing.IN_FORCE
    dated = '[[fm]]\nfreq_hz = 93.1e6\nname = "a"\nvalid_until = 2025-01-01\npis = [1, 2]\n'
    assert parse_settings(dated, Licences, file="l.toml").fm[0].valid_until == datetime.date(2025, 1, 1)
    with pytest.raises(BadValue, match="06:00-24:00"):
        parse_settings('[[fm]]\nfreq_hz = 93.1e6\nname = "a"\nhours = "soon"\n', Licences, file="l.toml")


def test_without_dates_nothing_changed():
    assert "fm_licence_lapsed" not in fm_names((plain(98.3),), 0)
