"""The same by the levels that several sensors hear: after two looks of each, before any one of them can say so.

`dsp.signatures.fm_from_afar` says why it speaks for the carrier; both speak under one name, so that it counts once.
"""

import statistics
from collections import defaultdict

from dsp.signatures import fm_from_afar
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.level_trace import Course, course_of
from fusion.scene import FusionScene
from fusion.values import Emitter, Sighting

NAME = fm_from_afar.NAME  # one finding, whoever says it
VERSION = fm_from_afar.VERSION
WITHIN_NS = 900 * 10**9
LEAST_SENSORS, LEAST_WOBBLE_DB, MOST_SAMPLES = 2, 2.5, 32
TOGETHER_DB = 2.5  # swung at most of the sensors: a transmitter nearby is steadier at any of them
STILL_DEG = 5e-4


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or emitter.licensed is not False:
        return None
    courses = [course for course in _courses(emitter, scene.now_ns) if course.samples > 1]
    fading = [course for course in courses if course.fades or course.wobble_db >= LEAST_WOBBLE_DB]
    if len(courses) < LEAST_SENSORS:
        return None
    most = len(fading) * 2 > len(courses)
    if not most and statistics.median(course.range_db for course in courses) < TOGETHER_DB:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=fm_from_afar.SURE_DB if most else fm_from_afar.SOME_DB,
        evidence={
            "range_db": round(max(course.range_db for course in courses), 1),
            "looks": sum(course.samples for course in courses),
            "others": 0,
        },
        baseline_n=len(courses),
    )


def _courses(emitter: Emitter, now_ns: int) -> list[Course]:
    """Of each sensor that stands still."""
    heard: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in emitter.sightings:
        if sighting.cnr_db is not None and 0 <= now_ns - sighting.time_utc_ns <= WITHIN_NS:
            heard[sighting.sensor].append(sighting)
    still = (of_it for of_it in heard.values() if _stands_still(of_it))
    return [course_of([s.cnr_db for s in of_it if s.cnr_db is not None][-MOST_SAMPLES:]) for of_it in still]


def _stands_still(sightings: list[Sighting]) -> bool:
    first = sightings[0]
    if first.lat_deg is None or first.lon_deg is None:
        return True
    return all(
        s.lat_deg is not None
        and s.lon_deg is not None
        and abs(s.lat_deg - first.lat_deg) + abs(s.lon_deg - first.lon_deg) < STILL_DEG
        for s in sightings
    )
