"""A suspect carrier that swells and fades while the town's stations are steady: it comes from far away. For it.

Ducting on summer evenings and sporadic E bring in stations of other regions, licensed there, on free channels and on
those of stations, where they take turns in capturing the receiver. Several that fade at once make an opening: while it
lasts, nobody is accused of what is heard on a licensed channel.
Guilty all the same: a pirate heard by way of moving reflections; one whose power is turned up and down.
"""

import statistics

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.level_trace import course
from dsp.signatures.scene import LICENCE_REACH_HZ, FmScene
from dsp.signatures.station_face import known
from dsp.signatures.station_record import trusted_pi

NAME, VERSION = "fm_from_afar", 1
RECENT_NS = 600 * 10**9
OTHERS, DEEP_DB = 2, 10.0
STEADY_DB, LEAST_STEADY = 1.5, 3  # wobble of the licensed stations of a sensor that stands still
SOME_DB, SURE_DB = -15.0, -35.0
OPENING, OPENING_DB = 3, -60.0  # so many free channels fade: on licensed ones strangers are expected, however they go


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record = scene.record(station)
    own = course(None if record is None else record.trace)
    if own is None or not _suspect(station, scene) or not stands_still(scene):
        return None
    others, licensed = _others_fading(station, scene), bool(scene.licensed(station))
    if not own.fades and not (licensed and others >= OPENING):
        return None
    sure = others >= OTHERS or own.range_db >= DEEP_DB
    weight_db = OPENING_DB if licensed and others >= OPENING else SURE_DB if sure else SOME_DB
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=weight_db,
        evidence={"range_db": round(own.range_db, 1), "looks": own.samples, "others": others},
        baseline_n=own.samples,
    )


def stands_still(scene: FmScene) -> bool:
    """Most licensed stations that are known here are steady: this sensor does not move, nor its gain.

    Strangers do not count: in a great opening there are more of them than of the town's own.
    """
    recent = [
        r
        for r in scene.after.stations.values()
        if 0 <= scene.now_ns - r.last_ns <= RECENT_NS
        and known(r.faces)
        and (not scene.licences.fm or scene.licences.near(r.freq_hz, LICENCE_REACH_HZ))
    ]
    wobbles = [own.wobble_db for r in recent if (own := course(r.trace)) is not None and own.samples > 1]
    return len(wobbles) >= LEAST_STEADY and statistics.median(wobbles) < STEADY_DB


def _suspect(station: FmStation, scene: FmScene) -> bool:
    licences, pi = scene.licensed(station), trusted_pi(station)
    if not licences:
        return True
    names = any(scene.licences.names(each, pi) for each in licences) if pi is not None else True
    return not names or (scene.rise_db(station) or 0.0) > 0.0


def _others_fading(station: FmStation, scene: FmScene) -> int:
    """Other channels without a licence that fade too."""
    count = 0
    for record in scene.after.stations.values():
        if abs(record.freq_hz - station.freq_hz) < 100e3 or not 0 <= scene.now_ns - record.last_ns <= RECENT_NS:
            continue
        own = course(record.trace)
        count += own is not None and own.fades and not scene.licences.near(record.freq_hz, 50e3)
    return count
