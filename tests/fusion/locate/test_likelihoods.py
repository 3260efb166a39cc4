"""Each likelihood by itself: signs, units and gradients against geodesy that is not ours, and against numbers."""

import numpy as np
import pymap3d
import pyproj
import pytest
from scipy.stats import multivariate_normal

from fusion.locate import bound
from fusion.locate.arrivals import arrivals
from fusion.locate.arrivals3d import Arrival, locate_high
from fusion.locate.bearing import Bearings
from fusion.locate.faults import Hypotheses
from fusion.locate.repeats import variance_of_drift, variance_of_mean
from fusion.locate.tdoa import Sums, TimeDifference
from tests.fusion.locate.made import (
    EIGHT,
    LIGHT_M_S,
    PLANE,
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
GEOD = pyproj.Geod(ellps="WGS84")


def geodesic(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """(length m, azimuth at a in degrees) between two places in metres of the plane."""
    (lat_a, lon_a), (lat_b, lon_b) = degrees(a), degrees(b)
    azimuth, _, length = GEOD.inv(lon_a, lat_a, lon_b, lat_b)
    return length, azimuth


def test_a_difference_is_the_geodesic_one_to_a_decimetre():
    """Distances along the ellipsoid by PROJ, over 4 km."""
    lengths = [geodesic(TRUTH, at)[0] for at in SQUARE]
    told = [
        difference(("s0", SQUARE[0]), (f"s{k}", SQUARE[k]), lengths[k] - lengths[0], sigma_m=1.0, place_m=0.1)
        for k in (1, 2, 3)
    ]
    found = fix(told)
    assert found is not None
    assert error_m(found, TRUTH) < 0.5


def test_a_bearing_is_the_geodesic_azimuth():
    azimuth = geodesic(SQUARE[1], TRUTH)[1]
    assert azimuth % 360.0 == pytest.approx(towards_deg(SQUARE[1], TRUTH) % 360.0, abs=0.05)


def test_the_likeliest_place_of_arrivals_is_where_their_slope_vanishes():
    network = arrivals(differences(EIGHT, TRUTH, sigma_m=20.0), PLANE)[0][0]
    term = TimeDifference.of(network)
    step = 1.0
    at = np.array(TRUTH)[:, None] + step * np.array([[0, 1, -1, 0, 0], [0, 0, 0, 1, -1]])
    logs = term.log_density(at[0], at[1])
    assert np.all(logs[0] >= logs[1:])
    curvature = -np.array([logs[1] + logs[2] - 2 * logs[0], logs[3] + logs[4] - 2 * logs[0]]) / step**2
    expected = np.diag(bound.of_arrivals(TRUTH, np.asarray(EIGHT), network.sigma_m))
    assert curvature == pytest.approx(expected, rel=0.1)


def test_a_hypothesis_is_the_normal_of_the_differences_it_says():
    """Against scipy: arrivals with their common time eliminated are differences with a full covariance."""
    late = np.array([0.0, 12.0, -25.0, 8.0])
    network = arrivals(differences(SQUARE, TRUTH, sigma_m=20.0, late_m=late), PLANE)[0][0]
    nobody = Hypotheses(np.zeros((1, 4), np.int8), np.zeros(1, np.int8))
    east, north = np.array([700.0, 900.0]), np.array([-450.0, -300.0])
    ours = Sums.of(network, east, north, 0.0).by_hypothesis(nobody)[0]
    spread = np.diag(network.sigma_m[1:] ** 2) + network.sigma_m[0] ** 2
    theirs = []
    for x, y in zip(east, north, strict=True):
        misfit = network.late_m - np.hypot(network.east_m - x, network.north_m - y)
        theirs.append(multivariate_normal(np.zeros(3), spread).logpdf(misfit[1:] - misfit[0]))
    assert ours[0] - ours[1] == pytest.approx(theirs[0] - theirs[1], rel=1e-6)


def test_a_cells_average_is_the_average_over_the_cell():
    network = arrivals(differences(SQUARE, TRUTH, sigma_m=30.0), PLANE)[0][0]
    term = TimeDifference.of(network)
    middle, side = (TRUTH[0] + 40.0, TRUTH[1] + 20.0), 120.0
    steps = side * ((np.arange(60) + 0.5) / 60 - 0.5)
    east, north = (a.ravel() for a in np.meshgrid(middle[0] + steps, middle[1] + steps))
    fine = np.log(np.mean(np.exp(term.log_density(east, north))))
    coarse = term.log_density(np.array([middle[0]]), np.array([middle[1]]), np.array([side]))[0]
    assert coarse == pytest.approx(fine, abs=0.35)


def test_a_pair_that_does_not_close_is_dropped_and_named():
    told = list(differences(SQUARE, TRUTH, sigma_m=20.0, every_pair=1))
    wrong = told[4]
    told[4] = difference(("s1", SQUARE[1]), ("s3", SQUARE[3]), wrong.difference_s * LIGHT_M_S + 900.0, sigma_m=28.0)
    _, left_out = arrivals(told, PLANE)
    assert [(item.sensor, item.why) for item in left_out] == [("s1–s3", "closure")]


def test_echoes_pull_late_never_early():
    """The same error, once late and once early: an echo explains the one, nothing cheap the other."""
    sums = []
    for error in (400.0, -400.0):
        late = np.zeros(8)
        late[2] = error
        network = arrivals(differences(EIGHT, TRUTH, sigma_m=20.0, late_m=late), PLANE)[0][0]
        sums.append(float(TimeDifference.of(network).log_density(np.array([TRUTH[0]]), np.array([TRUTH[1]]))[0]))
    assert sums[0] > sums[1] + 1.0


def test_repeats_are_worth_what_their_scatter_says():
    assert variance_of_mean(0.0, 1, 100.0) == 100.0
    honest = variance_of_mean(99 * 100.0, 100, 100.0)
    assert 4.0 <= honest < 8.0  # averaged, but not below what repeats share
    assert variance_of_mean(0.0, 1000, 100.0) > 99.0  # a stuck value is one value
    assert variance_of_mean(99 * 100.0 * 25, 100, 100.0) > 1000.0  # a claim that is far too small


def test_repeats_that_drift_are_no_better_than_the_way_they_went_and_scatter_is_no_drift():
    """Ten steps of 2° with 1° of noise: the first lies 9° from the mean. One noise in 40 passes for drift."""
    rng = np.random.default_rng(5)
    went = variance_of_drift(2.0 * np.arange(10) + rng.normal(0, 1.0, 10))
    assert went**0.5 == pytest.approx(10.0, rel=0.2)
    noise = [variance_of_drift(rng.normal(0, 1.0, 12)) for _ in range(400)]
    assert np.count_nonzero(noise) < 24
    assert variance_of_drift(np.zeros(12)) == variance_of_drift(np.arange(4.0)) == 0.0


def test_a_bearing_turns_clockwise_from_north():
    term = Bearings.of([bearing("d", (0.0, 0.0), 90.0, sigma_deg=5.0)], PLANE)
    logs = term.log_density(np.array([2000.0, -2000.0, 0.0, 0.0]), np.array([0.0, 0.0, 2000.0, -2000.0]))
    assert np.argmax(logs) == 0
    assert logs[1] > logs[2]  # the opposite direction is a known fault, a right angle is none
    assert logs[2] == pytest.approx(logs[3])


def test_a_bearing_across_north_is_as_good_as_any():
    term = Bearings.of([bearing("d", (0.0, 0.0), 359.5, sigma_deg=5.0)], PLANE)
    logs = term.log_density(np.array([35.0, -35.0]), np.array([2000.0, 2000.0]))  # 1° and 359°
    assert logs[1] > logs[0] > logs[1] - 0.2


def test_a_wrong_bearing_costs_no_more_than_a_reflection():
    others = [bearing(f"d{k}", at, towards_deg(at, TRUTH), sigma_deg=3.0) for k, at in enumerate(EIGHT[:5])]
    reflected = bearing("d5", EIGHT[5], towards_deg(EIGHT[5], TRUTH) + 70.0, sigma_deg=3.0)
    found = fix([*others, reflected])
    assert found is not None
    assert error_m(found, TRUTH) < 150.0


def test_an_aircraft_is_found_over_hundreds_of_kilometres():
    """Through air as ITU-R P.453 has it, without our own geometry: slant ranges by pymap3d."""
    truth = (47.6, 9.4, 10_500.0)
    sites = [(46.7, 7.7, 680.0), (48.3, 11.2, 500.0), (47.1, 10.6, 900.0), (48.9, 8.1, 200.0), (46.4, 9.9, 1500.0)]
    heard = []
    for k, site in enumerate(sites):
        _, _, metres = pymap3d.geodetic2aer(*truth, *site)
        heights = np.linspace(site[2], truth[2], 2000)
        air = float(np.mean(315e-6 * np.exp(-heights / 7350.0)))
        heard.append(Arrival(f"a{k}", *site, 100.0 + float(metres) * (1 + air) / LIGHT_M_S, 50e-9))
    for height in (truth[2], None):
        found = locate_high(heard, height_m=height)
        assert found is not None
        east, north, _ = pymap3d.geodetic2enu(found.lat_deg, found.lon_deg, truth[2], *truth)
        assert float(np.hypot(east, north)) < (1.0 if height else 60.0)
    assert locate_high(heard[:3]) is None


def test_the_bound_of_a_ring_of_arrivals_is_the_textbook_one():
    """s sensors around, sigma each: J = s/2σ² in each direction, the common time costs nothing at the middle."""
    angle = np.arange(8) * np.pi / 4
    ring = 4000.0 * np.column_stack([np.sin(angle), np.cos(angle)])
    assert bound.rmse_m(bound.of_arrivals((0.0, 0.0), ring, np.full(8, 30.0))) == pytest.approx(30.0 * (4 / 8) ** 0.5)
    tangential = bound.of_bearings((0.0, 0.0), ring, np.full(8, np.radians(5.0)))
    assert bound.rmse_m(tangential) == pytest.approx(4000.0 * np.radians(5.0) * (4 / 8) ** 0.5)


def test_an_unknown_bias_and_an_unknown_power_cost_what_their_complements_say():
    ring = 4000.0 * np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.1], [0.2, -1.0]])
    sigma, place = np.full(4, 0.05), (500.0, 300.0)
    free, biased = bound.of_bearings(place, ring, sigma), bound.of_bearings(place, ring, sigma, bias=np.ones((4, 1)))
    assert bound.rmse_m(biased) > bound.rmse_m(free)
    levels = [
        bound.rmse_m(bound.of_levels(place, ring, 36.0 * np.eye(4), exponent=3.2, power_sigma_db=power))
        for power in (1.0, 10.0, 1e4, None)
    ]
    assert levels == sorted(levels)
    assert levels[2] == pytest.approx(levels[3], rel=1e-3)


def test_regions_hold_the_truth_about_95_times_in_a_hundred():
    """60 runs of six sensors, 30 m: 2.8 % is one sigma of so many."""
    rng = np.random.default_rng(3)
    held = 0
    for _ in range(60):
        truth = (float(rng.uniform(-2500, 2500)), float(rng.uniform(-2500, 2500)))
        found = fix(differences(EIGHT[:6], truth, sigma_m=30.0, late_m=rng.normal(0, 30.0, 6)))
        assert found is not None
        held += holds(found, truth)
    assert held >= 52


@pytest.mark.parametrize("late_m", [0.0, 700.0])
def test_what_could_be_wrong_is_asked_at_the_likeliest_places_and_the_others_keep_what_they_had(late_m: float):
    """Of 576 places 150 are asked; what is said of those near the best is what is said when only they are asked."""
    late = np.zeros(8)
    late[1] = late_m
    network = TimeDifference.of(arrivals(differences(EIGHT, TRUTH, sigma_m=30.0, late_m=late), PLANE)[0][0])
    east, north = (a.ravel() for a in np.meshgrid(np.linspace(-4e3, 4e3, 24), np.linspace(-4e3, 4e3, 24)))
    others = -0.5 * (east**2 + north**2) / 3_000.0**2
    logs = network.log_density(east, north, 350.0) + others
    closer, after = network.narrowed(east, north, logs, 350.0)
    assert np.count_nonzero(after == logs) >= 576 - 150
    near = after > after.max() - 6.0
    assert after[near] == pytest.approx(closer.log_density(east[near], north[near], 350.0) + others[near], abs=1e-6)
    only, _ = network.narrowed(east[near], north[near], logs[near], 350.0)
    assert after[near] == pytest.approx(only.log_density(east[near], north[near], 350.0) + others[near], abs=0.05)
