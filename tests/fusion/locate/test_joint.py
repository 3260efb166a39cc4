"""One posterior: points where they help, regions always, no false certainty."""

import numpy as np
import pytest

from fusion.locate.evidence import Evidence
from tests.fusion.locate.made import EIGHT, SQUARE, bearing, differences, error_m, fix, holds, towards_deg

TRUTH = (700.0, -450.0)


def test_exact_differences_find_the_emitter_to_a_metre_or_two_on_either_side_of_the_sign():
    found = fix(differences(EIGHT, TRUTH, sigma_m=3.0))
    assert found is not None
    assert found.method == "tdoa"
    assert error_m(found, TRUTH) < 2.0
    assert holds(found, TRUTH)
    turned = tuple(
        d.__class__(
            **{name: getattr(d, name) for name in ("position_sigma_m", "sigma_s", "time_utc_ns", "method")},
            sensor_a=d.sensor_b,
            sensor_b=d.sensor_a,
            lat_a_deg=d.lat_b_deg,
            lon_a_deg=d.lon_b_deg,
            lat_b_deg=d.lat_a_deg,
            lon_b_deg=d.lon_a_deg,
            difference_s=-d.difference_s,
        )
        for d in differences(EIGHT, TRUTH, sigma_m=3.0)
    )
    mirrored = fix(turned)
    assert mirrored is not None
    assert error_m(mirrored, TRUTH) < 2.0


def test_every_pair_says_no_more_than_the_arrivals_behind_them():
    star = fix(differences(EIGHT, TRUTH, sigma_m=30.0))
    pairs = fix(differences(EIGHT, TRUTH, sigma_m=30.0, every_pair=1))
    assert star is not None
    assert pairs is not None
    assert pairs.area_km2 == pytest.approx(star.area_km2, rel=0.15)


def test_one_echo_among_eight_moves_nothing():
    late = np.zeros(8)
    late[2] = 900.0
    found = fix(differences(EIGHT, TRUTH, sigma_m=20.0, late_m=late))
    assert found is not None
    assert error_m(found, TRUTH) < 20.0


def test_two_good_bearings_cross_at_the_emitter():
    found = fix(
        [bearing(f"d{k}", at, towards_deg(at, TRUTH), sigma_deg=2.0) for k, at in enumerate(SQUARE[:3])],
    )
    assert found is not None
    assert found.method == "bearing"
    assert error_m(found, TRUTH) < 60.0
    assert holds(found, TRUTH)


def test_everything_from_one_place_gives_a_region_and_no_point():
    found = fix([bearing("d", (0.0, 0.0), 45.0, sigma_deg=3.0, second=k) for k in range(30)])
    assert found is not None
    assert found.lat_deg is None
    assert found.area_km2 > 0.1
    assert holds(found, (1500.0, 1500.0))


def test_nothing_gives_nothing():
    assert fix([]) is None
    assert Evidence().empty
