"""What is planned beside what is then located: the same sensors, the same assumptions."""

import numpy as np
import pytest

from fusion.coverage import FLOOR_M, Emission, Site, best_addition, coverage
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.planner import radius_m
from fusion.values import ArrivalDifference, BearingSighting

AREA = (30.55, 114.24, 30.65, 114.36)
PLANE = Plane(30.6, 114.3)
GSM = Emission("gsm", 945e6, 40.0, 3.0, 10.0)
LIGHT_M_S = 299_792_458.0


def site(name: str, east_m: float, north_m: float, **can) -> Site:
    lat, lon = PLANE.to_degrees(east_m, north_m)
    return Site(name, float(lat), float(lon), **can)


RING = [(-3000.0, -2500.0), (3200.0, -2200.0), (2800.0, 3000.0), (-2600.0, 2700.0), (300.0, -3600.0)]


def at(found, method: str, east_m: float, north_m: float) -> float:
    lat, lon = PLANE.to_degrees(east_m, north_m)
    cell = np.unravel_index(np.argmin(np.hypot(found.lat_deg - lat, found.lon_deg - lon)), found.heard.shape)
    return float(found.radius_m[method][cell])


def test_time_differences_are_located_as_well_as_planned():
    sites = [site(f"s{n}", *place, timing_ns=150.0) for n, place in enumerate(RING)]
    planned = at(coverage(sites, GSM, AREA), "tdoa", 500.0, 400.0)
    rng, sigma_s, radii = np.random.default_rng(1), 150e-9, []
    for _ in range(6):
        late = [np.hypot(e - 500.0, n - 400.0) / LIGHT_M_S + rng.normal(0, sigma_s) for e, n in RING]
        differences = tuple(
            ArrivalDifference(
                sensor_a="s0",
                sensor_b=f"s{k}",
                lat_a_deg=sites[0].lat_deg,
                lon_a_deg=sites[0].lon_deg,
                lat_b_deg=sites[k].lat_deg,
                lon_b_deg=sites[k].lon_deg,
                position_sigma_m=5.0,
                difference_s=late[k] - late[0],
                sigma_s=sigma_s * 2**0.5,
                time_utc_ns=0,
                method="gnss",
            )
            for k in range(1, len(sites))
        )
        fix = locate(Evidence((), differences), prior=propagation("gsm", 945e6), area=AREA, time_utc_ns=0)
        radii.append(radius_m(fix.area_km2))
    assert 0.6 < planned / np.median(radii) < 1.4  # the region also allows for echoes and wrong clocks


def test_bearings_are_located_as_well_as_planned():
    sites = [site(f"s{n}", *place, bearing_deg=5.0) for n, place in enumerate(RING)]
    planned = at(coverage(sites, GSM, AREA), "bearing", 500.0, 400.0)
    rng, radii = np.random.default_rng(2), []
    for _ in range(6):
        bearings = tuple(
            BearingSighting(
                sensor=s.name,
                boot="",
                seq=0,
                time_utc_ns=0,
                lat_deg=s.lat_deg,
                lon_deg=s.lon_deg,
                position_sigma_m=10.0,
                azimuth_deg=float(np.degrees(np.arctan2(500.0 - e, 400.0 - n)) + rng.normal(0, 5.0)) % 360,
                sigma_deg=5.0,
                source="device",
                freq_hz=945e6,
            )
            for s, (e, n) in zip(sites, RING, strict=True)
        )
        fix = locate(Evidence((), (), bearings), prior=propagation("gsm", 945e6), area=AREA, time_utc_ns=0)
        radii.append(radius_m(fix.area_km2))
    assert 0.6 < planned / np.median(radii) < 1.4


def test_what_is_too_weak_is_heard_by_nobody_and_located_by_no_method():
    sites = [site("s", 0.0, 0.0, timing_ns=150.0, bearing_deg=5.0)]
    found = coverage(sites, Emission("gsm", 945e6, -20.0, 3.0, 25.0), AREA)
    assert found.heard_share < 0.1
    silent = found.heard == 0
    assert all(np.isinf(radius[silent]).all() for radius in found.radius_m.values())


def test_two_sensors_give_no_place_by_time_and_one_none_by_bearing():
    two = coverage([site("a", -2000.0, 0.0, timing_ns=150.0), site("b", 2000.0, 0.0, timing_ns=150.0)], GSM, AREA)
    assert np.isinf(two.radius_m["tdoa"]).all()
    one = coverage([site("a", -2000.0, 0.0, bearing_deg=5.0)], GSM, AREA)
    assert np.isinf(one.radius_m["bearing"]).all()


def test_no_method_promises_less_than_echoes_allow_and_together_is_never_worse():
    sites = [site(f"s{n}", *place, timing_ns=1.0, bearing_deg=2.0) for n, place in enumerate(RING)]
    found = coverage(sites, GSM, AREA)
    assert found.radius_m["tdoa"].min() == FLOOR_M
    for method in ("tdoa", "bearing", "power"):
        assert (found.radius_m["hybrid"] <= found.radius_m[method] + 1e-6).all()


def test_the_next_kit_goes_where_nothing_is_heard_yet():
    weak = Emission("gsm", 945e6, 20.0, 3.0, 20.0)
    west = [
        site(f"s{n}", east, north, timing_ns=150.0) for n, (east, north) in enumerate([(-4000.0, 0), (-3500, 2000.0)])
    ]
    before = coverage(west, weak, AREA)
    best, after = best_addition(west, weak, AREA, kit=Site("kit", 0.0, 0.0, timing_ns=150.0))
    assert float(PLANE.to_metres(best.lat_deg, best.lon_deg)[0]) > -1500.0
    assert after.heard_share > before.heard_share
    chosen, _ = best_addition(west, weak, AREA, kit=Site("kit", 0, 0), candidates=[(30.6, 114.25), (30.6, 114.33)])
    assert (chosen.lat_deg, chosen.lon_deg) == pytest.approx((30.6, 114.33))
