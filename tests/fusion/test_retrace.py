"""Records of bare measurements followed from end to end: what drives gets its track, what stands does not."""

import msgspec
import numpy as np
import pytest
import shapely

from fusion.locating import locate_all, locate_whole
from fusion.retrace import MOST_TRACK
from fusion.values import Emitter, Fix, Rules, World
from tests.benchmarks.moving import drives
from tests.benchmarks.moving.scenes import FREQ_HZ, PLANE, Scene, at_ns, sites

SECONDS = 300
KINDS = {
    "bearings": {"levels": False},
    "levels": {"bearing_deg": None},
    "differences": {"levels": False, "bearing_deg": None, "timed": 4},
}


def record(seed: int, kind: str, **options: object) -> tuple[Scene, Emitter]:
    """What a scene's sensors measured, in no order."""
    rng = np.random.default_rng(seed)
    scene = Scene(getattr(drives, kind)(rng, SECONDS), sites(rng, 8), drives.streets(rng, SECONDS), rng, **options)  # type: ignore[arg-type]
    looks = scene.looks(SECONDS)
    bearings = [b for t, name in looks if (b := scene.bearing(name, t)) is not None]
    sightings = [scene.sighting(name, t) for t, name in looks] if scene.levels else []
    times = [d for t in range(5, SECONDS, 5) for d in scene.differences(t - 0.1)] if scene.timed else []
    emitter = Emitter(
        id="x", service="gsm", freq_hz=FREQ_HZ, first_seen_utc_ns=at_ns(0), last_seen_utc_ns=at_ns(SECONDS),
        bearings=tuple(bearings[::-1]), sightings=tuple(sightings), differences=tuple(times),
    )  # fmt: skip
    return scene, emitter


def error_m(fix: Fix, scene: Scene) -> float:
    assert fix.lat_deg is not None and fix.lon_deg is not None
    return float(np.hypot(*(np.array(PLANE.to_metres(fix.lat_deg, fix.lon_deg)) - there(fix, scene))))


def there(fix: Fix, scene: Scene) -> np.ndarray:
    return np.asarray(scene.drive.at((fix.time_utc_ns - at_ns(0)) / 1e9))


def holds(fix: Fix, scene: Scene) -> bool:
    at = shapely.Point(*(float(v) for v in PLANE.to_degrees(*there(fix, scene))))
    return any(shapely.Polygon(ring).contains(at) for ring in fix.region)


@pytest.mark.parametrize(("kind", "most_m"), [("bearings", 120.0), ("levels", 600.0), ("differences", 120.0)])
def test_what_drives_is_followed_with_a_region_at_every_time(kind: str, most_m: float) -> None:
    scene, emitter = record(7, "streets", **KINDS[kind])
    found = locate_whole(emitter, Rules()).emitter
    assert (found.moving, found.fix is not None and found.fix.method) == (True, "track")
    times = [fix.time_utc_ns for fix in found.track]
    assert times == sorted(times) and 20 < len(times) <= MOST_TRACK
    assert np.mean([holds(fix, scene) for fix in found.track]) > 0.8  # of 55 that hang together; asked 0.9
    assert np.median([error_m(fix, scene) for fix in found.track if fix.lat_deg is not None]) < most_m


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_parked_has_no_track_and_all_that_was_measured_counts(kind: str) -> None:
    scene, emitter = record(3, "parked", **KINDS[kind])
    found = locate_whole(emitter, Rules()).emitter
    assert (found.track, found.moving) == ((), None)
    assert found.fix is not None and found.fix.method != "track" and holds(found.fix, scene)


def test_the_order_of_the_lines_does_not_matter() -> None:
    _, emitter = record(7, "streets", **KINDS["bearings"])
    first = locate_whole(emitter, Rules()).emitter
    turned = tuple(sorted(emitter.bearings, key=lambda b: b.azimuth_deg))
    emitter = msgspec.structs.replace(emitter, bearings=turned)
    assert locate_whole(emitter, Rules()).emitter.track == first.track


@pytest.mark.parametrize(("licensed", "followed"), [(None, True), (True, False)])
def test_in_reports_what_was_never_a_suspect_is_followed_too_unless_it_has_a_licence(licensed, followed) -> None:
    _, emitter = record(7, "streets", **KINDS["bearings"])
    world = World(emitters={"x": msgspec.structs.replace(emitter, licensed=licensed)})
    (found,) = locate_all(world, Rules())
    assert (len(found.emitter.track) > 20) is followed


def test_in_reports_what_stands_and_was_never_a_suspect_has_no_track_begun_at_the_end() -> None:
    scene, emitter = record(3, "parked", **KINDS["bearings"])
    (found,) = locate_all(World(emitters={"x": emitter}), Rules())
    assert found.emitter.fix is not None and found.emitter.fix.method == "bearing" and holds(found.emitter.fix, scene)
