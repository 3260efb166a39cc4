"""How loud sensors hear an FM emitter, beside what the licences on its channel can give there.

Only levels of calibrated sensors count, each corrected by what the sensor hears too much of the other listed stations:
a gain that is wrong, or a high antenna, must accuse nobody.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dsp.propagation import free_space_db
from dsp.signatures.expected import HALF_WAVE_DB, Expected, Here, expected, way
from dsp.signatures.licences import FmLicence
from fusion.licences import on_channel
from fusion.locate.fix import gain_sigma_db, metres_between
from fusion.scene import FusionScene
from fusion.values import Emitter, Sighting

RECENT_NS = 600 * 10**9
LEAST_LOOKS, MOST_LOOKS, LEAST_OTHERS = 2, 8, 3
SAME_PLACE_M = 200.0
NEAREST_M = 2000.0  # nearer, an error of the list's place and the antenna's pattern count more than the distance
ANTENNA_SIGMA_DB = 3.0  # of a receiving antenna over its nominal gain, where it was put
LOUDEST = 4  # of a channel's licences, by free space: others add nothing
PLACE_DIGITS = 3  # of degrees, 100 m


@dataclass(frozen=True, slots=True)
class HeardLevel:
    """What a sensor hears of an emitter at its last place: the middle of its last looks."""

    sensor: str
    lat_deg: float
    lon_deg: float
    level_dbm: float
    sigma_db: float


@dataclass(frozen=True, slots=True)
class Given:
    """What licences can give at a place: all together in free space; the loudest over land, with the model's sigma."""

    free_space_dbm: float
    expected_dbm: float
    sigma_db: float


def heard_levels(emitter: Emitter, now_ns: int, *, only: str | None = None) -> tuple[HeardLevel, ...]:
    """One for each calibrated sensor that heard it at least twice from where it is; `only` of this one."""
    by_sensor: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in emitter.sightings:
        if only is not None and sighting.sensor != only:
            continue
        if sighting.level_dbm is not None and sighting.lat_deg is not None and _recent(sighting, now_ns):
            by_sensor[sighting.sensor].append(sighting)
    found = (_level(sensor, mine[-MOST_LOOKS:]) for sensor, mine in by_sensor.items())
    return tuple(level for level in found if level is not None)


def placed_licences(emitter: Emitter, scene: FusionScene) -> tuple[FmLicence, ...]:
    """Those on its channel; none where the list lacks place or power of one of them: then nobody can say how loud."""
    channel = on_channel(scene.licences, emitter.freq_hz, now_ns=scene.now_ns, pi=emitter.pi)
    known = all(each.lat_deg is not None and each.lon_deg is not None and (each.erp_w or 0.0) > 0.0 for each in channel)
    return channel if known else ()


def given(licences: Sequence[FmLicence], heard: HeardLevel) -> Given | None:
    """None: one stands too near to say."""
    here = Here(lat_deg=round(heard.lat_deg, PLACE_DIGITS), lon_deg=round(heard.lon_deg, PLACE_DIGITS))
    ways = [(_free_space_dbm(each, here), each) for each in licences]
    if not ways or any(level is None for level, _ in ways):
        return None
    loudest = sorted(((level, each) for level, each in ways if level is not None), key=lambda pair: -pair[0])[:LOUDEST]
    over_land = [
        (found.level_dbm, found.sigma_db)
        for _, each in loudest
        if (found := _expected(each, here)).level_dbm is not None and found.sigma_db is not None
    ]
    if not over_land:
        return None  # beyond what the model is asked for
    total_dbm = 10.0 * math.log10(sum(10.0 ** (level / 10.0) for level, _ in loudest))
    return Given(total_dbm, *max(over_land))


def sensor_excess_db(sensor: str, emitter: Emitter, scene: FusionScene) -> tuple[float, int] | None:
    """(how much too much it hears of other listed stations, at least 0; how many they are). None: too few to say."""
    over = [
        heard.level_dbm - there.expected_dbm
        for other in scene.others(emitter)
        if other.licensed and (licences := placed_licences(other, scene))
        for heard in heard_levels(other, scene.now_ns, only=sensor)
        if (there := given(licences, heard)) is not None
    ]
    return (max(0.0, statistics.median(over)), len(over)) if len(over) >= LEAST_OTHERS else None


def _level(sensor: str, sightings: list[Sighting]) -> HeardLevel | None:
    last = sightings[-1]
    here = [each for each in sightings if metres_between(each, last) <= SAME_PLACE_M]
    levels = [each.level_dbm for each in here if each.level_dbm is not None]
    if len(levels) < LEAST_LOOKS or last.lat_deg is None or last.lon_deg is None:
        return None
    sigma_db = math.hypot(gain_sigma_db(last), ANTENNA_SIGMA_DB)
    return HeardLevel(sensor, last.lat_deg, last.lon_deg, statistics.median(levels), sigma_db)


def _recent(sighting: Sighting, now_ns: int) -> bool:
    return 0 <= now_ns - sighting.time_utc_ns <= RECENT_NS


def _free_space_dbm(licence: FmLicence, here: Here) -> float | None:
    if licence.lat_deg is None or licence.lon_deg is None or licence.erp_w is None:
        return None
    distance_m, _ = way(here.lat_deg, here.lon_deg, licence.lat_deg, licence.lon_deg)
    if distance_m < NEAREST_M:
        return None
    return 10.0 * math.log10(licence.erp_w) + 30.0 + HALF_WAVE_DB - free_space_db(licence.freq_hz, distance_m)


@lru_cache(maxsize=4096)
def _expected(licence: FmLicence, here: Here) -> Expected:
    return expected(licence, here)
