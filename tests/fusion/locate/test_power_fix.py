"""Fixes from power: is the region honest, is a point withheld where it would mislead, is it quick."""

import time

import numpy as np
import pytest

from fusion.locate.calibrate import NOTHING_LEARNT
from fusion.locate.evidence import Evidence
from fusion.locate.fix import MOST_PLACES, merge_places
from fusion.locate.geo import Plane, distance_m
from fusion.locate.joint import locate
from fusion.locate.motion import displacement
from fusion.locate.power import propagation
from fusion.locate.received import Received
from fusion.sightings import MOST_A_SENSOR, with_sighting
from fusion.values import Fix, Sighting
from tests.benchmarks.bench_locate import FLOOR_DBM, error_m, holds, made, sighting

PLANE = Plane(30.6, 114.3)
AREA = (30.555, 114.248, 30.645, 114.352)  # 10 km square
GSM = propagation("gsm", 940e6)


def level_dbm(metres: float, eirp_dbm: float = 40.0) -> float:
    return eirp_dbm - 71.9 - 32.0 * float(np.log10(max(metres, 20.0) / 100.0))


def heard_from(
    places: list[tuple[float, float]],
    emitter: tuple[float, float] = (0.0, 0.0),
    *,
    second: int = 0,
    eirp_dbm: float = 40.0,
) -> list[Sighting]:
    found = []
    for i, (east, north) in enumerate(places):
        lat, lon = PLANE.to_degrees(east, north)
        level = level_dbm(float(np.hypot(east - emitter[0], north - emitter[1])), eirp_dbm)
        known = level if level > FLOOR_DBM else None
        found.append(sighting(f"s{i}", float(lat), float(lon), level=known, sigma_db=2.5, second=second))
    return found


def fix(sightings: list[Sighting]) -> Fix | None:
    return locate(Evidence(tuple(sightings)), prior=GSM, area=AREA, time_utc_ns=0)


RING = [(3000.0 * float(np.cos(a)), 3000.0 * float(np.sin(a))) for a in np.arange(8) * np.pi / 4]


def test_the_plane_gives_back_its_degrees_to_a_centimetre_ten_kilometres_out():
    east, north = PLANE.to_metres(*PLANE.to_degrees(7000.0, -7000.0))
    assert (float(east), float(north)) == pytest.approx((7000.0, -7000.0), abs=0.01)


def test_a_degree_of_latitude_is_as_long_as_on_the_ellipsoid():
    # WGS-84 meridian at 30.6°: 110.86 km a degree
    assert distance_m((30.6, 114.3), (30.61, 114.3)) == pytest.approx(1108.6, abs=0.5)


def test_an_emitter_amid_ten_sensors_is_found_without_knowing_its_power():
    for eirp_dbm in (30.0, 40.0, 50.0):
        found = fix(heard_from([*RING, (300.0, -300.0), (-900.0, 400.0)], (500.0, -700.0), eirp_dbm=eirp_dbm))
        truth = tuple(float(v) for v in PLANE.to_degrees(500.0, -700.0))
        assert found is not None
        assert holds(found, truth)
        assert (error_m(found, truth) or 1e9) < 600.0
        assert found.estimated_eirp_dbm == pytest.approx(eirp_dbm, abs=3 * (found.estimated_eirp_sigma_db or 0.0))


def test_one_sensor_gives_a_region_and_no_point():
    found = fix(heard_from([(1000.0, 0.0)]))
    assert found is not None
    assert (found.lat_deg, found.lon_deg, found.covariance_m2) == (None, None, None)
    assert found.area_km2 > 1.0
    assert holds(found, tuple(float(v) for v in PLANE.to_degrees(0.0, 0.0)))


def test_rings_are_closed_and_inside_the_area_searched():
    found = fix(heard_from(RING))
    assert found is not None
    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in found.region)
    assert all(AREA[0] - 0.01 < lat < AREA[2] + 0.01 for ring in found.region for lat, _ in ring)


def test_a_sensor_that_hears_nothing_keeps_the_region_away():
    loud = heard_from([(-2000.0, 0.0), (0.0, 2000.0)], (-3000.0, 1000.0), eirp_dbm=25.0)
    lat, lon = PLANE.to_degrees(3000.0, -1000.0)
    silent = sighting("silent", float(lat), float(lon), level=None, sigma_db=2.5, second=0)
    without, with_silence = fix(loud), fix([*loud, silent])
    assert without is not None
    assert with_silence is not None
    assert with_silence.area_km2 < 0.9 * without.area_km2


def test_nobody_who_heard_it_or_knows_where_he_is_gives_no_fix():
    assert fix([]) is None
    assert fix([sighting("a", 30.6, 114.3, level=None, sigma_db=2.5, second=0)]) is None
    nowhere = Sighting(
        sensor="a",
        boot="",
        seq=1,
        time_utc_ns=0,
        lat_deg=None,
        lon_deg=None,
        position_sigma_m=None,
        level_dbm=-60.0,
        cnr_db=40.0,
    )
    assert fix([nowhere]) is None


def test_a_drive_past_the_emitter_narrows_the_region():
    fixed = heard_from(RING[:3])
    track = [
        sighting("car", float(a), float(b), level=level_dbm(float(np.hypot(e, 200.0))), sigma_db=2.5, second=i)
        for i, e in enumerate(np.linspace(-2500.0, 2500.0, 40))
        for a, b in [PLANE.to_degrees(e, 200.0)]
    ]
    before, after = fix(fixed), fix([*fixed, *track])
    assert before is not None
    assert after is not None
    assert after.area_km2 < 0.3 * before.area_km2
    assert holds(after, (PLANE.lat_deg, PLANE.lon_deg))


def test_places_are_fine_where_it_is_loud_and_few_altogether():
    track = [
        sighting("car", float(a), float(b), level=level_dbm(abs(float(e)) + 30.0), sigma_db=2.5, second=i)
        for i, e in enumerate(np.linspace(-4000.0, 4000.0, 400))
        for a, b in [PLANE.to_degrees(e, 0.0)]
    ]
    places = merge_places(track)
    assert len(places) <= MOST_PLACES
    near = [p for p in places if distance_m((PLANE.lat_deg, PLANE.lon_deg), (p.lat_deg, p.lon_deg)) < 400.0]
    assert len(near) >= 4


def test_a_sensors_sightings_stay_bounded_and_its_newest_and_loudest_stay():
    kept: tuple[Sighting, ...] = ()
    for i, e in enumerate(np.linspace(-4000.0, 4000.0, 300)):
        lat, lon = PLANE.to_degrees(e, 0.0)
        kept = with_sighting(
            kept, sighting("car", float(lat), float(lon), level=level_dbm(abs(float(e))), sigma_db=2.5, second=i)
        )
    assert len(kept) == MOST_A_SENSOR
    assert kept[-1].seq == 299
    assert max(s.level_dbm or -999.0 for s in kept) > level_dbm(60.0)


def moving(metres_each: float, noise_db: float, seed: int) -> list[Sighting]:
    """Ten seconds apart, for two minutes, five sensors that stand still."""
    chance = np.random.default_rng(seed)
    shadows = chance.normal(0, 6.0, 5)
    places = [(-3000.0, -2500.0), (3200.0, -2000.0), (2500.0, 3000.0), (-2800.0, 2600.0), (200.0, 100.0)]
    found = []
    for turn in range(13):
        for i, s in enumerate(heard_from(places, (-800.0 + turn * metres_each, 600.0), second=10 * turn)):
            if s.level_dbm is not None:
                level = s.level_dbm + shadows[i] + chance.normal(0, noise_db)
                found.append(
                    sighting(
                        s.sensor, s.lat_deg or 0.0, s.lon_deg or 0.0, level=level, sigma_db=2.5, second=10 * turn + i
                    )
                )
    return found


def test_a_car_at_15_m_s_is_seen_to_move_within_two_minutes():
    seen = [displacement(moving(150.0, 1.5, seed), lat_deg=PLANE.lat_deg, lon_deg=PLANE.lon_deg) for seed in range(20)]
    assert sum(d is not None and d.certain for d in seen) >= 14  # by one test; in use there is one every five seconds


def test_fading_alone_moves_nothing():
    seen = [displacement(moving(0.0, 1.5, seed), lat_deg=PLANE.lat_deg, lon_deg=PLANE.lon_deg) for seed in range(200)]
    assert sum(d is not None and d.certain for d in seen) == 0


def test_a_lorry_before_one_antenna_moves_nothing():
    blocked = [
        sighting(
            s.sensor, s.lat_deg or 0.0, s.lon_deg or 0.0, level=(s.level_dbm or 0.0) - 12.0, sigma_db=2.5, second=s.seq
        )
        if s.sensor == "s1" and s.seq >= 90
        else s
        for s in moving(0.0, 1.0, 4)
    ]
    found = displacement(blocked, lat_deg=PLANE.lat_deg, lon_deg=PLANE.lon_deg)
    assert found is not None
    assert not found.certain


def test_a_change_of_power_moves_nothing():
    still = [s for s in moving(0.0, 1.0, 3) if s.seq < 80]
    quieter = [
        sighting(
            s.sensor, s.lat_deg or 0.0, s.lon_deg or 0.0, level=(s.level_dbm or 0.0) - 15.0, sigma_db=2.5, second=s.seq
        )
        for s in moving(0.0, 1.0, 3)
        if s.seq >= 80
    ]
    found = displacement([*still, *quieter], lat_deg=PLANE.lat_deg, lon_deg=PLANE.lon_deg)
    assert found is not None
    assert not found.certain


@pytest.mark.slow
def test_the_region_holds_the_truth_92_to_98_times_in_a_hundred():
    """Over geometries, exponents 2.7 to 3.7 and shadowing 4 to 10 dB that the solver is not told; 320 runs, ±2.4 %."""
    covered = []
    for seed, (fixed, drive) in enumerate(((5, 0), (8, 0), (4, 24), (6, 0))):
        for sigma_db in (4.0, 6.0, 8.0, 10.0):
            rng = np.random.default_rng([seed, round(sigma_db)])
            runs = (
                made(rng, fixed=fixed, drive=drive, sigma_db=sigma_db, exponent=rng.uniform(2.7, 3.7))
                for _ in range(20)
            )
            covered += [o.covered for o in runs if o is not None]
    assert 0.92 <= np.mean(covered) <= 0.98


def test_a_fix_of_eight_places_takes_less_than_30_ms():
    sightings = heard_from(RING)
    fix(sightings)
    spent = []
    for _ in range(5):
        started = time.process_time()
        fix(sightings)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.06  # 30 ms meant; room for a busy machine


def test_away_from_all_receivers_the_smooth_surface_says_what_every_level_says():
    """To a hundredth of a log likelihood, and beyond its cells it is not asked; beside a receiver there is none."""
    sightings = heard_from([*RING, (700.0, -900.0)], (500.0, -700.0))
    received = Received.of(sightings, PLANE, GSM, NOTHING_LEARNT)
    assert received is not None
    east, north = (a.ravel() for a in np.meshgrid(np.linspace(-1200, -600, 9), np.linspace(400, 1000, 9)))
    near = received.narrowed(east, north, 75.0)
    assert near.nearby is not None
    between = east[:-1] + 31.0, north[:-1] + 17.0
    assert near.log_density(*between) == pytest.approx(received.log_density(*between), abs=0.01)
    beyond = east + 900.0, north
    assert near.log_density(*beyond) == pytest.approx(received.log_density(*beyond), abs=1e-9)
    assert received.narrowed(east + 1_500.0, north - 1_500.0, 75.0).nearby is None


def heard_far(rng: np.random.Generator, *, sensors: int, drive: bool) -> tuple[Evidence, tuple[float, float]]:
    """Levels of an emitter 6 to 15 km away, of roofs or of a car that drives 6 km; its power, the loss and the houses
    drawn afresh."""
    away_m, course = float(np.exp(rng.uniform(np.log(6e3), np.log(15e3)))), float(rng.uniform(0, 2 * np.pi))
    truth = away_m * float(np.cos(course)), away_m * float(np.sin(course))
    steps = np.cumsum(np.full((100, 2), 45.0), axis=0) if drive else rng.uniform(-2e3, 2e3, (sensors, 2))
    houses = rng.normal(0, 6.0, len(steps))
    for k in range(1, len(steps) if drive else 0):
        houses[k] = 0.55 * houses[k - 1] + 0.835 * houses[k]
    metres = np.hypot(*(steps - truth).T)
    levels = rng.normal(50.0, 8.0) - 52.2 - 10 * rng.normal(2.9, 0.3) * np.log10(metres / 100.0) + houses
    told = []
    for k, (east, north) in enumerate(steps):
        lat, lon = (float(v) for v in PLANE.to_degrees(east, north))
        name, second = ("car", 5 * k) if drive else (f"s{k}", 0)
        told.append(sighting(name, lat, lon, level=float(levels[k]), sigma_db=3.0, second=second))
    lat, lon = PLANE.to_degrees(*truth)
    return Evidence(tuple(told)), (float(lat), float(lon))


@pytest.mark.parametrize(("sensors", "drive"), [(1, False), (4, False), (1, True)])
def test_without_an_area_it_is_looked_for_as_far_as_it_may_be_heard(sensors, drive):
    """Never in a box about the sensors that nobody drew: 30 emitters outside it, most regions true."""
    rng, true = np.random.default_rng(5), 0
    for _ in range(30):
        evidence, truth = heard_far(rng, sensors=sensors, drive=drive)
        found = locate(evidence, prior=propagation("fm", 98.1e6), area=None, time_utc_ns=0)
        assert found is not None
        true += holds(found, truth)
    assert true >= 24  # all of them are outside the network, which a prior has to hold for less likely
