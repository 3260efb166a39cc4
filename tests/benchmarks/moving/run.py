"""One drive from its first look to its last: what is published of it, held against where it was."""

import time
from dataclasses import dataclass

import msgspec
import numpy as np
import shapely

from fusion.emitter_differences import with_differences
from fusion.place import located
from fusion.sightings import with_sighting
from fusion.values import Emitter, Fix, Rules
from fusion.windows import with_bearing
from tests.benchmarks.moving.scenes import FREQ_HZ, PLANE, Scene, at_ns

SETTLED_S = 60.0  # nothing published before counts


@dataclass(frozen=True)
class Shown:
    """One published fix."""

    time_s: float
    error_m: float | None
    covered: bool
    area_km2: float
    moving: bool


@dataclass(frozen=True)
class Followed:
    shown: tuple[Shown, ...]
    cpu_s: float  # of each update
    emitter: Emitter


def follow(scene: Scene, seconds: float, *, update_s: float = 5.0, rules: Rules | None = None) -> Followed:
    rules = rules or Rules()
    emitter = Emitter(id="e", service="gsm", freq_hz=FREQ_HZ, first_seen_utc_ns=at_ns(0), last_seen_utc_ns=at_ns(0))
    looks, shown, spent, updates = scene.looks(seconds), [], 0.0, 0
    for now_s in np.arange(update_s, seconds, update_s):
        while looks and looks[0][0] <= now_s:
            emitter = _with_look(emitter, scene, *looks.pop(0))
        if scene.timed:
            emitter = _with_differences(emitter, scene, now_s - 0.1)
        started = time.process_time()
        emitter = located(emitter, rules, now_ns=at_ns(now_s))
        spent, updates = spent + time.process_time() - started, updates + 1
        if now_s >= SETTLED_S and emitter.fix is not None:
            shown.append(_shown(emitter, emitter.fix, scene))
    return Followed(tuple(shown), spent / updates, emitter)


def _with_look(emitter: Emitter, scene: Scene, time_s: float, name: str) -> Emitter:
    bearing, sighting = scene.bearing(name, time_s), scene.sighting(name, time_s)
    if bearing is not None:
        emitter = msgspec.structs.replace(emitter, bearings=with_bearing(emitter.bearings, bearing))
    if scene.levels:
        emitter = msgspec.structs.replace(emitter, sightings=with_sighting(emitter.sightings, sighting))
    return emitter


def _with_differences(emitter: Emitter, scene: Scene, time_s: float) -> Emitter:
    return with_differences(emitter, scene.differences(time_s))


def _shown(emitter: Emitter, fix: Fix, scene: Scene) -> Shown:
    """Against where it was at the fix's own time."""
    time_s = (fix.time_utc_ns - at_ns(0)) / 1e9
    truth = scene.drive.at(time_s)
    lat, lon = (float(v) for v in PLANE.to_degrees(*truth))
    covered = any(shapely.Polygon(ring).contains(shapely.Point(lat, lon)) for ring in fix.region)
    error = None
    if fix.lat_deg is not None and fix.lon_deg is not None:
        error = float(np.hypot(*(np.array(PLANE.to_metres(fix.lat_deg, fix.lon_deg)) - truth)))
    return Shown(time_s, error, covered, fix.area_km2, bool(emitter.moving))
