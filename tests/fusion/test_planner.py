"""What a drive is expected to tell, and what is advised because of it."""

import numpy as np
import pytest

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import Joint, joined
from fusion.locate.levels import Levels, Traits
from fusion.locate.posterior import Posterior, posterior
from fusion.locate.power import propagation
from fusion.locate.region import region
from fusion.plan_gain import Hypotheses, Way, drawn, information_nats
from fusion.planner import HAND_HELD_M, Advice, Next, Seeker, advise
from fusion.values import BearingSighting, Sighting

PLANE = Plane(30.6, 114.3)
GSM = propagation("gsm", 940e6)
TWO = Hypotheses(np.array([-1000.0, 1000.0]), np.zeros(2), np.array([0.5, 0.5]), np.array([40.0, 40.0]))


def nats(way: Way, *, heard: Levels | None = None, levels: bool = True, bearing_deg: float | None = None) -> float:
    return information_nats(
        TWO,
        way,
        heard=heard,
        prior=GSM if levels else None,
        sensor=0,
        gain_sigma_db=3.0,
        bearing_sigma_rad=None if bearing_deg is None else float(np.radians(bearing_deg)),
    )


def way(*places: tuple[float, float]) -> Way:
    east, north = np.array(places, float).T
    return Way(east, north)


def heard_at(*places: tuple[float, float]) -> Levels:
    east, north = np.array(places, float).T
    zero = np.zeros(len(places))
    return Levels(east, north, zero - 80.0, zero.astype(int), zero + 1.5, Traits.unknown(zero + 3.0))


def test_information_is_never_negative_and_never_more_than_there_is_to_know():
    for end in (0.0, 500.0, 1000.0, 5000.0):
        told = nats(way((0, 100), (end, 100)), bearing_deg=5.0)
        assert 0.0 <= told <= np.log(2) + 1e-9


def test_where_both_places_look_alike_nothing_is_told():
    middle = way((0.0, 500.0), (0.0, 1500.0))  # as far from the one as from the other
    assert nats(middle) == pytest.approx(0.0, abs=1e-9)
    assert nats(middle, levels=False, bearing_deg=5.0) > 0.3  # but they lie in other directions


def test_a_drive_past_one_of_them_tells_more_than_one_far_away():
    assert nats(way((0, 0), (500, 0), (900, 100))) > 2 * nats(way((0, 6000), (500, 6000), (900, 6100)))


def test_where_it_cannot_be_heard_its_level_tells_nothing():
    assert nats(way((0.0, 90_000.0), (40_000.0, 90_000.0))) == 0.0


def test_the_same_place_again_tells_next_to_nothing():
    there = [(600.0, 0.0), (800.0, 50.0)]
    first = nats(way(*there), heard=heard_at((0.0, 0.0)))
    again = nats(way(*there), heard=heard_at((0.0, 0.0), *there))
    assert again < 0.15 * first


def test_hypotheses_stand_where_the_probability_is():
    east = np.arange(100.0)
    probability = np.where(east < 10, 0.09, 0.1 / 90)
    cells, share = drawn(probability, np.arange(100), 50)
    assert share.sum() == pytest.approx(1.0)
    assert share[east[cells] < 10].sum() == pytest.approx(0.9, abs=0.03)


def sighting(name: str, east_m: float, north_m: float, emitter: tuple[float, float], second: int = 0) -> Sighting:
    lat, lon = (float(v) for v in PLANE.to_degrees(east_m, north_m))
    metres = max(float(np.hypot(east_m - emitter[0], north_m - emitter[1])), 20.0)
    return Sighting(
        sensor=name,
        boot="",
        seq=second,
        time_utc_ns=second,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=5.0,
        level_dbm=-30.0 - 32.0 * float(np.log10(metres / 100.0)),
        cnr_db=None,
        level_sigma_db=3.0,
    )


def bearing(east_m: float, north_m: float, emitter: tuple[float, float]) -> BearingSighting:
    lat, lon = (float(v) for v in PLANE.to_degrees(east_m, north_m))
    azimuth = float(np.degrees(np.arctan2(emitter[0] - east_m, emitter[1] - north_m))) % 360
    return BearingSighting(
        sensor=f"d{east_m}",
        boot="",
        seq=1,
        time_utc_ns=0,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=5.0,
        azimuth_deg=azimuth,
        sigma_deg=1.0,
        source="device",
        freq_hz=940e6,
    )


def believed(*, sightings: tuple = (), bearings: tuple = ()) -> tuple[Posterior, Joint, float]:
    joint = joined(Evidence(sightings, (), bearings), prior=GSM, area=None)
    assert joint is not None
    found, joint = posterior(joint, joint.box)
    return found, joint, region(found).area / 1e6


def advice(emitter: tuple[float, float], seeker: tuple[float, float], *, bearings: tuple = (), **can) -> Advice:
    fixed = [(-3000.0, 0.0), (3000.0, 200.0), (0.0, 3000.0), (100.0, -3000.0)]
    sightings = tuple(sighting(f"s{n}", *place, emitter) for n, place in enumerate(fixed))
    found, joint, area_km2 = believed(sightings=sightings, bearings=bearings)
    lat, lon = (float(v) for v in PLANE.to_degrees(*seeker))
    return advise(found, joint, area_km2=area_km2, seeker=Seeker(lat, lon, **can))


def test_a_drive_within_reach_is_advised_with_what_it_is_expected_to_give():
    said = advice((600.0, 400.0), (-2500.0, -2500.0))
    assert said.what is Next.GO
    assert said.lat_deg is not None and said.metres is not None and said.expected_area_km2 is not None
    assert said.metres <= 10_001.0
    assert said.expected_area_km2 < 0.9 * said.area_km2
    assert said.expected_radius_m < said.radius_m


def test_bearings_make_a_drive_worth_more():
    without = advice((600.0, 400.0), (-2500.0, -2500.0))
    with_them = advice((600.0, 400.0), (-2500.0, -2500.0), bearing_sigma_deg=5.0)
    rate = [np.log(said.area_km2 / said.expected_area_km2) / (said.metres + 300) for said in (without, with_them)]
    assert rate[1] > 1.2 * rate[0]


def test_a_region_as_small_as_a_city_block_is_searched_on_foot():
    emitter = (500.0, 300.0)
    near = tuple(
        bearing(*place, emitter) for place in [(100.0, 300.0), (500.0, -100.0), (900.0, 300.0), (500.0, 700.0)]
    )
    said = advice(emitter, (0.0, 0.0), bearings=near)
    assert said.radius_m <= HAND_HELD_M
    assert (said.what, said.lat_deg) == (Next.HAND_HELD, None)


def test_who_cannot_come_near_is_told_that_driving_gains_nothing():
    said = advice((600.0, 400.0), (0.0, 80_000.0), reach_m=500.0)
    assert said.what is Next.NO_GAIN
    assert advice((600.0, 400.0), (-2500.0, -2500.0), gain_sigma_db=None).what is Next.NO_GAIN  # no instrument at all


def test_the_same_question_has_the_same_answer():
    assert advice((600.0, 400.0), (-2500.0, -2500.0)) == advice((600.0, 400.0), (-2500.0, -2500.0))
