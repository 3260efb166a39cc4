"""Emitters that move: chance that repeats itself, motion, the filter's parts, and drives followed from end to end."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from fusion.locate.posterior import Posterior
from fusion.locate.power import propagation
from fusion.place import MOST_TRACK, TRACK_CORNERS
from fusion.track.chance import key_of, normals, uniforms
from fusion.track.cloud import begun, renewed, weighed
from fusion.track.evidence import Differences, by_differences
from fusion.track.filter import Evidence, advanced
from fusion.track.follow import LATE_NS, Following, followed, goes
from fusion.track.keep import kept, unpacked
from fusion.track.levels import Look, by_look, nothing_known
from fusion.track.motion import Driving, Moving, carried
from fusion.track.roads import by_roads, roads_of
from fusion.track.shape import holds, shape
from fusion.values import BearingSighting, Emitter, StoredCloud
from tests.benchmarks.moving import drives
from tests.benchmarks.moving.run import follow
from tests.benchmarks.moving.scenes import FREQ_HZ, Scene, sites

GSM = propagation("gsm", 940e6)


def a_cloud(size: int = 2000, spread_m: float = 300.0):
    one = Posterior(np.zeros(1), np.zeros(1), np.ones(1), np.ones(1), np.ones(1))
    return begun(one, GSM, 7, spread_m=spread_m, size=size)


def at(places: list[tuple[float, float]]) -> Moving:
    east, north = np.array(places, float).T
    return Moving(east, north, np.zeros(len(east)), np.zeros(len(east)), np.zeros(len(east), bool))


def test_chance_repeats_itself_and_looks_like_chance():
    first = uniforms(key_of("a", 1), 3, 20_000)
    assert np.array_equal(first, uniforms(key_of("a", 1), 3, 20_000))
    assert not np.array_equal(first, uniforms(key_of("a", 2), 3, 20_000))
    assert np.abs(np.corrcoef(first) - np.eye(3)).max() < 0.03
    drawn = normals(first)
    assert abs(drawn.mean()) < 0.02 and abs(drawn.std() - 1) < 0.02


def test_what_is_parked_stays_and_what_drives_goes_on_along_its_heading():
    model = Driving(leaves_after_s=1e12, stands_after_s=1e12, turns_after_s=1e12)
    before = Moving(np.zeros(500), np.zeros(500), np.full(500, np.pi / 2), np.r_[np.zeros(250), np.full(250, 10.0)],
                    np.arange(500) < 250)  # fmt: skip
    after = carried(before, 5.0, 3, model)
    assert not after.east_m[:250].any() and not after.north_m[:250].any()
    assert after.east_m[250:].mean() == pytest.approx(50.0, abs=3.0)
    assert abs(after.north_m[250:].mean()) < 3.0


def test_resampling_keeps_the_mean_and_the_spread():
    cloud = a_cloud()
    told = weighed(cloud, -0.5 * ((cloud.moving.east_m - 200.0) / 80.0) ** 2)
    after = renewed(told, 5)
    assert after.weight.max() == pytest.approx(1 / 2000)
    assert after.mean_m[0] == pytest.approx(told.mean_m[0], abs=10.0)
    before_m, after_m = told.covariance_m2[0] ** 0.5, after.covariance_m2[0] ** 0.5
    assert before_m <= after_m < 1.12 * before_m


def test_an_echo_at_one_sensor_does_not_pull_the_place_away():
    """Four sensors at 3 km; sensor 2 is late by 900 m. Truth (0, 0)."""
    east, north = np.array([3e3, -3e3, 0.0, 100.0]), np.array([0.0, 0.0, 3e3, -2.9e3])
    pairs = np.array([[-1, 1, 0, 0], [-1, 0, 1, 0], [-1, 0, 0, 1]], float)
    metres = np.hypot(east, north) + np.array([0.0, 0.0, 900.0, 0.0])
    seen = Differences(0.0, east, north, pairs, pairs @ metres, np.full(3, 30.0))
    logs = by_differences(at([(0, 0), (0, -400), (300, 0), (0, 300)]), seen)
    assert np.argmax(logs) == 0
    assert logs[0] - logs[1:].max() > 2.0


def test_levels_say_a_place_only_through_the_difference_of_sensors():
    """The power is not known: one sensor alone says nothing of the distance, two say which is nearer."""
    places = at([(0, 500), (0, 1000), (0, 2500)])
    exponent, known = np.full(3, 3.2), nothing_known(3, GSM)
    for sensor, north, level in (("a", 0.0, -70.0), ("b", 3000.0, -95.0)):
        look = Look(sensor=sensor, ago_s=0.0, east_m=0.0, north_m=north, level_dbm=level, floor_dbm=0.0,
                    gain_sigma_db=2.0, fading_db=2.0)  # fmt: skip
        logs, known = by_look(places.east_m, places.north_m, exponent, known, look=look, prior=GSM)
    assert np.argmax(logs) == 0 and np.argmin(logs) == 2
    assert known.covariance_db2[0, 0] < GSM.eirp_sigma_db**2


def test_a_standing_emitter_is_not_surer_for_being_heard_a_thousand_times():
    def after(looks: int) -> float:
        cloud = a_cloud(400, 800.0)
        look = Look(sensor="a", ago_s=0.0, east_m=1500.0, north_m=0.0, level_dbm=-80.0, floor_dbm=0.0,
                    gain_sigma_db=2.0, fading_db=2.0)  # fmt: skip
        unknowns, logs = cloud.unknowns, np.zeros(400)
        for _ in range(looks):
            more, unknowns = by_look(
                cloud.moving.east_m, cloud.moving.north_m, cloud.exponent, unknowns, look=look, prior=GSM
            )
            logs += more
        return float(weighed(cloud, logs).covariance_m2[0]) ** 0.5

    assert after(1000) > 0.8 * after(5)


def test_roads_draw_particles_to_them_and_along_them():
    from fusion.locate.geo import Plane

    plane = Plane(30.6, 114.3)
    lat, lon = plane.to_degrees(np.array([-2000.0, 2000.0]), np.zeros(2))
    roads = roads_of([list(zip(lat.tolist(), lon.tolist(), strict=True))])
    cloud = Moving(np.zeros(3), np.array([0.0, 0.0, 150.0]), np.array([np.pi / 2, 0.0, np.pi / 2]), np.full(3, 10.0),
                   np.zeros(3, bool))  # fmt: skip
    along, across, beside = by_roads(cloud, 10.0, roads)
    assert along > across > beside
    assert roads_of([[(30.6, 114.3)]]) is None


def test_a_cloud_is_kept_and_read_back_the_same():
    stored = kept(a_cloud(), time_utc_ns=5, origin=(30.0, 114.0))
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(stored), type=StoredCloud)
    assert again == stored
    assert kept(unpacked(again), time_utc_ns=5, origin=(30.0, 114.0)) == stored
    assert len(msgspec.msgpack.encode(kept(begun(*_start()), time_utc_ns=5, origin=(30.0, 114.0)))) < 100_000


@pytest.mark.parametrize(("service", "followed"), [("gsm", True), ("fm", False)])
def test_a_broadcaster_is_not_followed_before_it_is_seen_to_move(service, followed):
    stored = kept(a_cloud(), time_utc_ns=10**12, origin=(30.0, 104.0), mark=None)
    bearing = BearingSighting(
        sensor="df", boot="0" * 32, seq=1, time_utc_ns=10**12, lat_deg=30.0, lon_deg=104.0, position_sigma_m=5.0,
        azimuth_deg=10.0, sigma_deg=5.0, source="device", freq_hz=98e6,
    )  # fmt: skip
    suspect = Emitter(
        id="e", service=service, freq_hz=98e6, first_seen_utc_ns=0, last_seen_utc_ns=10**12, bearings=(bearing,),
        cloud=stored,
    )  # fmt: skip
    assert goes(suspect) is followed
    assert goes(msgspec.structs.replace(suspect, moving=True))


def _start():
    return Posterior(np.zeros(1), np.zeros(1), np.ones(1), np.full(1, 100.0), np.full(1, 100.0)), GSM, 3


def test_the_region_of_a_round_cloud_is_its_ellipse_and_of_two_pieces_is_two():
    cloud = a_cloud()
    round_ = shape(cloud)
    inside = np.mean([holds(round_, e, n) for e, n in zip(cloud.moving.east_m, cloud.moving.north_m, strict=True)])
    assert round_.in_one_piece and 0.92 < inside < 0.98
    far = half_shifted(cloud)
    assert len(shape(far).region.geoms) == 2 and not shape(far).in_one_piece


def half_shifted(cloud):
    east = cloud.moving.east_m + np.where(np.arange(2000) % 2, 6000.0, 0.0)
    return replace(cloud, moving=replace(cloud.moving, east_m=east))


def test_nothing_heard_makes_a_driving_cloud_wider():
    cloud = a_cloud(spread_m=80.0)
    later = advanced(cloud, 20.0, Evidence(), prior=GSM, name="x")
    assert later.covariance_m2[0] > 1.3 * cloud.covariance_m2[0]


def followed_drive(seed: int, kind: str, seconds: int = 200, **options):
    rng = np.random.default_rng(seed)
    drive = getattr(drives, kind)(rng, seconds)
    return follow(Scene(drive, sites(rng, 8), drives.streets(rng, seconds), rng, **options), seconds)


def test_a_drive_is_followed_within_a_street_or_two_and_its_region_is_true():
    runs = [followed_drive(seed, "streets", timed=4) for seed in range(3)]
    errors = [s.error_m for run in runs for s in run.shown if s.error_m is not None]
    assert np.median(errors) < 70.0
    assert np.mean([s.covered for run in runs for s in run.shown]) > 0.8
    assert all(run.emitter.moving for run in runs)
    assert all(5 < len(run.emitter.track) <= MOST_TRACK for run in runs)
    assert all(len(ring) <= TRACK_CORNERS + 2 for run in runs for fix in run.emitter.track for ring in fix.region)


def test_what_is_parked_is_not_said_to_move():
    runs = [followed_drive(seed, "parked", levels=False) for seed in range(3)]
    assert not any(shown.moving for run in runs for shown in run.shown)


def test_the_same_measurements_make_the_same_track_across_a_restart():
    rng = [np.random.default_rng(4) for _ in range(2)]
    scenes = [Scene(drives.streets(r, 100), sites(r, 8), None, r) for r in rng]
    first, again = (follow(scene, 100.0) for scene in scenes)
    assert first.emitter == again.emitter
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(first.emitter), type=Emitter) == first.emitter


def test_a_cloud_is_not_begun_from_what_it_will_hear_after():
    """It stays a second behind; bearings of that second are weighed once, when it goes on."""
    scene = Scene(drives.streets(np.random.default_rng(4), 20), sites(np.random.default_rng(4), 8), None,
                  np.random.default_rng(4), levels=False)  # fmt: skip
    bearings = [b for t, name in scene.looks(6.0) if (b := scene.bearing(name, t)) is not None]
    newest_ns = max(b.time_utc_ns for b in bearings)
    e = Emitter(id="e", service="gsm", freq_hz=FREQ_HZ, first_seen_utc_ns=0, last_seen_utc_ns=newest_ns)
    older = [b for b in bearings if b.time_utc_ns <= newest_ns - LATE_NS]
    assert 3 < len(older) < len(bearings)
    begun_by = [
        followed(msgspec.structs.replace(e, bearings=tuple(rows)), Following(GSM), now_ns=now_ns).cloud
        for rows, now_ns in ((bearings, newest_ns), ([*older, bearings[-1]], newest_ns))
    ]
    assert begun_by[0] is not None and begun_by[0] == begun_by[1]
