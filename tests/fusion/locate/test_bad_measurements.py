"""What cannot be true is refused with its reason; what is merely wrong is answered with an honest region."""

import msgspec
import numpy as np
import pytest

from fusion.locate.evidence import Evidence
from fusion.locate.joint import locate
from fusion.locate.plausible import checked
from fusion.locate.residuals import residuals
from fusion.values import Sighting
from tests.benchmarks.bench_locate import sighting
from tests.fusion.locate.made import (
    EIGHT,
    GSM,
    SQUARE,
    bearing,
    degrees,
    difference,
    differences,
    error_m,
    fix,
    holds,
    towards_deg,
)

TRUTH = (700.0, -450.0)


def levels() -> list[Sighting]:
    found = []
    for k, at in enumerate(EIGHT):
        metres = float(np.hypot(at[0] - TRUTH[0], at[1] - TRUTH[1]))
        lat, lon = degrees(at)
        level = 38.0 - 71.9 - 32.0 * float(np.log10(metres / 100.0))
        found.append(sighting(f"s{k}", lat, lon, level=level, sigma_db=2.5, second=0))
    return found


def whys(evidence: Evidence, **more: object) -> set[tuple[str, str]]:
    return {(item.sensor, item.why) for item in checked(evidence, **more).left_out}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lat_deg": 0.0, "lon_deg": 0.0}, "no_such_place"),
        ({"lat_deg": float("nan")}, "no_such_place"),
        ({"lat_deg": 91.0}, "no_such_place"),
        ({"lat_deg": -30.6}, "far_from_the_others"),
        ({"lon_deg": -114.3}, "far_from_the_others"),
        ({"lat_deg": -30.6, "lon_deg": -65.7}, "far_from_the_others"),  # the antipode
        ({"lat_deg": None}, "no_place"),
        ({"level_dbm": float("-inf")}, "not_finite"),
        ({"level_dbm": float("nan")}, "not_finite"),
        ({"level_dbm": 200.0}, "no_such_level"),
    ],
)
def test_a_level_that_cannot_be_is_left_out_with_its_reason_and_the_rest_is_used(change, why):
    bad = msgspec.structs.replace(levels()[0], sensor="bad", **change)
    evidence = Evidence(sightings=(*levels(), bad))
    assert whys(evidence) == {("bad", why)}
    found = locate(evidence, prior=GSM, area=None, time_utc_ns=0)
    assert found is not None
    assert holds(found, TRUTH)
    assert (0.0, why) in [(r.weight, r.why) for r in residuals(evidence, degrees(TRUTH), prior=GSM)]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"difference_s": float("nan")}, "not_finite"),
        ({"difference_s": 1.0}, "longer_than_baseline"),
        ({"difference_s": -1.0}, "longer_than_baseline"),
        ({"sigma_s": 0.0}, "no_sigma"),
        ({"sigma_s": -1e-7}, "no_sigma"),
        ({"sensor_b": "s0"}, "same_sensor"),
        ({"method": "ntp"}, "clock_not_trusted"),
        ({"lat_b_deg": 0.0, "lon_b_deg": 0.0}, "no_such_place"),
        ({"lat_b_deg": -30.6}, "far_from_the_others"),
    ],
)
def test_a_difference_that_cannot_be_is_left_out_with_its_reason_and_the_rest_is_used(change, why):
    good = differences(EIGHT, TRUTH, sigma_m=20.0)
    bad = msgspec.structs.replace(difference(("s0", EIGHT[0]), ("new", (100.0, 100.0)), 0.0, sigma_m=20.0), **change)
    evidence = Evidence(differences=(*good, bad))
    assert {why for _, why in whys(evidence)} == {why}
    found = locate(evidence, prior=GSM, area=None, time_utc_ns=0)
    assert found is not None
    assert error_m(found, TRUTH) < 30.0


def test_a_negative_difference_is_a_difference():
    late = [d.difference_s for d in differences(EIGHT, TRUTH, sigma_m=20.0)]
    assert min(late) < 0.0 < max(late)
    assert not whys(Evidence(differences=differences(EIGHT, TRUTH, sigma_m=20.0)))


def test_a_sensor_five_kilometres_off_its_survey_is_left_out():
    survey = {f"s{k}": degrees(at) for k, at in enumerate(EIGHT)}
    moved = msgspec.structs.replace(levels()[3], lat_deg=(levels()[3].lat_deg or 0.0) + 0.045)
    evidence = Evidence(sightings=(*levels()[:3], moved, *levels()[4:]))
    assert whys(evidence, surveyed=survey) == {("s3", "off_its_survey")}


def test_a_wrong_site_that_nobody_surveyed_is_set_aside_by_the_others():
    claimed = (*EIGHT[:3], (EIGHT[3][0] + 4000.0, EIGHT[3][1] - 3000.0), *EIGHT[4:])
    arrival = np.hypot(*(np.asarray(EIGHT) - TRUTH).T)
    told = tuple(
        difference(("s0", claimed[0]), (f"s{k}", claimed[k]), float(arrival[k] - arrival[0]), sigma_m=30.0)
        for k in range(1, 8)
    )
    found = fix(told)
    assert found is not None
    assert error_m(found, TRUTH) < 40.0
    aside = [r for r in residuals(Evidence(differences=told), degrees(TRUTH), prior=GSM) if r.set_aside]
    assert [(r.sensor, r.why) for r in aside] == [("s3", "clock_or_site")]


@pytest.mark.parametrize("kind", ["differences", "bearings"])
def test_one_measurement_a_thousand_times_does_not_shrink_the_region(kind):
    if kind == "differences":
        once = differences(SQUARE, TRUTH, sigma_m=50.0)
        again = [m for n in range(1000) for m in differences(SQUARE[:2], TRUTH, sigma_m=50.0, second=n + 1)]
    else:
        once = tuple(bearing(f"d{k}", at, towards_deg(at, TRUTH), sigma_deg=4.0) for k, at in enumerate(SQUARE))
        again = [bearing("d0", SQUARE[0], towards_deg(SQUARE[0], TRUTH), sigma_deg=4.0, second=n) for n in range(1000)]
    alone, repeated = fix(once), fix([*once, *again])
    assert alone is not None
    assert repeated is not None
    assert repeated.area_km2 > 0.9 * alone.area_km2


def test_the_same_report_twice_counts_once():
    once = differences(SQUARE, TRUTH, sigma_m=50.0)
    assert {why for _, why in whys(Evidence(differences=once * 2))} == {"duplicate"}


def test_sensors_in_a_line_do_not_say_on_which_side_it_is():
    line = tuple((east, 0.0) for east in (-4000.0, -1500.0, 1200.0, 3800.0))
    found = fix(differences(line, (600.0, 2500.0), sigma_m=20.0))
    assert found is not None
    assert holds(found, (600.0, 2500.0))
    assert holds(found, (600.0, -2500.0))
    assert found.lat_deg is None


def test_two_sensors_give_a_hyperbola_and_no_point():
    found = fix(differences(SQUARE[:2], TRUTH, sigma_m=20.0))
    assert found is not None
    assert found.lat_deg is None
    assert holds(found, TRUTH)


def test_parallel_bearings_leave_the_far_end_open():
    found = fix([bearing(f"d{k}", (300.0 * k, 0.0), 0.0, sigma_deg=3.0) for k in range(3)])
    assert found is not None
    assert holds(found, (300.0, 6000.0))
    assert holds(found, (300.0, 12_000.0))


def test_sensors_that_all_claim_other_continents_give_nothing():
    told = [
        msgspec.structs.replace(s, sensor=f"x{k}", lat_deg=lat, lon_deg=lon)
        for k, (s, lat, lon) in enumerate(zip(levels(), (30.0, -30.0, 50.0), (114.0, -60.0, 0.0), strict=False))
    ]
    assert locate(Evidence(sightings=tuple(told)), prior=GSM, area=None, time_utc_ns=0) is None
