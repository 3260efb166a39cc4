"""What should be heard at a place."""

import datetime
from typing import Any

import msgspec
import pytest

from dsp.signatures.expected import Here, expected, expected_stations
from dsp.signatures.licences import FmLicence

HERE = Here(lat_deg=30.6, lon_deg=114.3)
NOW = 1_763_730_000 * 10**9  # 21 November 2025, 13:00 UTC


def station(km_north: float = 20.0, **fields: Any) -> FmLicence:
    ordinary = {"freq_hz": 97.4e6, "name": "Hill", "lon_deg": 114.3, "erp_w": 10e3, "height_m": 150.0}
    return FmLicence(**(ordinary | {"lat_deg": 30.6 + km_north / 111.195} | fields))


def test_ten_kilowatts_twenty_kilometres_away_are_heard_and_a_watt_is_not():
    strong, weak = expected(station(), HERE), expected(station(200.0, erp_w=1.0), HERE)
    assert (strong.heard, weak.heard) == ("yes", "no")
    assert strong.distance_m == pytest.approx(20e3, rel=1e-3)
    assert strong.bearing_deg == pytest.approx(0.0, abs=0.01)
    assert strong.field_dbuv_m is not None and 60.0 < strong.field_dbuv_m < 91.0  # below free space, 90.9
    assert strong.level_dbm == pytest.approx(strong.field_dbuv_m - 117.0, abs=0.1)  # isotropic at 97.4 MHz


def test_bearings_turn_by_east():
    east = expected(station(0.0, lon_deg=114.5), HERE)
    assert east.bearing_deg == pytest.approx(90.0, abs=0.2)
    assert expected(station(-20.0), HERE).bearing_deg == pytest.approx(180.0)


def test_the_chance_falls_through_a_half_where_the_median_is_the_limit():
    level = expected(station(), HERE).level_dbm
    assert level is not None
    at_limit = expected(station(), msgspec.structs.replace(HERE, least_dbm=level))
    assert at_limit.chance == pytest.approx(0.5)
    assert at_limit.heard == "maybe"


def test_without_place_or_power_nothing_is_claimed_and_without_height_less():
    assert expected(station(lat_deg=None), HERE).heard == "unknown"
    powerless = expected(station(erp_w=None), HERE)
    assert (powerless.heard, powerless.level_dbm) == ("unknown", None)
    assert powerless.distance_m is not None
    known, guessed = expected(station(), HERE), expected(station(height_m=None), HERE)
    assert known.sigma_db is not None and guessed.sigma_db is not None
    assert guessed.sigma_db > known.sigma_db + 1.0


def test_the_height_over_the_land_about_counts_where_it_is_more():
    hill, mast = expected(station(40.0, haat_m=600.0), HERE), expected(station(40.0), HERE)
    assert hill.level_dbm is not None and mast.level_dbm is not None
    assert hill.level_dbm > mast.level_dbm + 3.0


def test_of_two_on_a_channel_the_much_stronger_covers_unless_they_are_one_network():
    near, far = station(5.0, name="Near"), station(60.0, name="Far")
    found = {each.licence.name: each for each in expected_stations((near, far), HERE, now_ns=NOW).stations}
    assert (found["Near"].heard, found["Far"].heard, found["Far"].covered_by) == ("yes", "covered", "Near")
    both = tuple(msgspec.structs.replace(each, network="one") for each in (near, far))
    assert all(each.covered_by is None for each in expected_stations(both, HERE, now_ns=NOW).stations)


def test_what_may_not_transmit_now_is_not_expected_and_is_counted():
    listed = (
        station(name="now"),
        station(valid_until=datetime.date(2025, 1, 1)),
        station(hours="01:00-05:00"),
        station(standby=True),
        station(900.0),
    )
    found = expected_stations(listed, HERE, now_ns=NOW)
    assert [each.licence.name for each in found.stations] == ["now"]
    assert (found.lapsed, found.standby, found.far) == (2, 1, 1)
