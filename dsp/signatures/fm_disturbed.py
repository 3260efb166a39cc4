"""A licensed channel on which a second carrier, about as strong, suddenly lies: louder, and far less clear than ever.

Why: a transmitter that does not quite capture the receiver disturbs the station all the same.
Innocent: ducting and sporadic E (`fm_from_afar`), a reflection, another transmitter licensed on the channel (then it is
not asked).
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_disturbed", 1
LEAST_RISE_DB, DROP_DB, MOST_SINR_DB, SIGMAS = 2.5, 12.0, 9.0, 4.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    faces, rise_db = scene.faces(station), scene.rise_db(station)
    if not faces or rise_db is None or rise_db < LEAST_RISE_DB or station.sinr_db is None:
        return None
    usual = faces[0].sinr_db
    if usual is None or not scene.may_be_its_own(station) or len(scene.licensed(station)) > 1:
        return None
    drop_db = usual.mean - station.sinr_db
    if station.sinr_db > MOST_SINR_DB or drop_db < max(DROP_DB, SIGMAS * usual.spread):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=12.0,
        evidence={
            "sinr_db": round(station.sinr_db, 1),
            "usual_db": round(usual.mean, 1),
            "rise_db": round(rise_db, 1),
            "looks": faces[0].looks,
        },
        baseline_n=faces[0].looks,
    )
