"""A suspect carrier that swells and fades while the town's stations are steady: it comes from far away. For it.

Ducting on summer evenings and sporadic E bring in stations of other regions, licensed there, on free channels and on
those of stations, where they take turns in capturing the receiver. Several that fade at once make an opening: while it
lasts, nobody is accused of what is heard on a licensed channel.
Guilty all the same: a pirate heard by way of moving reflections; one whose power is turned up and down.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.level_trace import course
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import trusted_pi

NAME, VERSION = "fm_from_afar", 1
OTHERS, DEEP_DB = 2, 10.0
SOME_DB, SURE_DB = -15.0, -35.0
OPENING, OPENING_DB = 3, -60.0  # so many free channels fade: on licensed ones strangers are expected, however they go


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record = scene.record(station)
    own = course(None if record is None else record.trace)
    if own is None or not suspect(station, scene) or not scene.opening.still:
        return None
    others, licensed = scene.opening.others_fading(station.freq_hz), bool(scene.licensed(station))
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


def suspect(station: FmStation, scene: FmScene) -> bool:
    licences, pi = scene.licensed(station), trusted_pi(station)
    if not licences:
        return True
    names = any(scene.licences.names(each, pi) for each in licences) if pi is not None else True
    return not names or (scene.rise_db(station) or 0.0) > 0.0
