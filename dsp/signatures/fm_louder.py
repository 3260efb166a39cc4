"""A licensed channel much louder than it ever was here, while the other stations of the look are as usual.

Why: what captures a receiver must arrive stronger than the station it covers, so the channel becomes louder.
Innocent: more power after a repair, the other transmitter of a network, a reflection, ducting. By itself it says
nothing of who it is: only beside another carrier, or a missing pilot or RDS, is it a hijack (`fusion.kinds`).
A station that is covered stays beneath, and how much louder the channel is says how far: where it is much clearer than
that leaves it, nobody is beneath, and some decibels more are the station's own new transmitter.
"""

import math

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_louder", 2
LEAST_DB, GREAT_DB, SIGMAS, FLOOR_DB = 3.0, 8.0, 3.0, 1.0
CLEARER_DB = 6.0  # than the station beneath would leave it: the rise is known to a decibel or two
SOME_WEIGHT_DB, GREAT_WEIGHT_DB = 10.0, 14.0  # never a note by itself


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    rise_db, faces = scene.rise_db(station), scene.faces(station)
    if rise_db is None or not scene.may_be_its_own(station):
        return None
    usual = faces[0].level_db
    spread_db = max(FLOOR_DB, 0.0 if usual is None else usual.spread)
    if rise_db < max(LEAST_DB, SIGMAS * spread_db) or _nobody_beneath(rise_db, station.sinr_db):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=GREAT_WEIGHT_DB if rise_db >= max(GREAT_DB, 2 * SIGMAS * spread_db) else SOME_WEIGHT_DB,
        evidence={"rise_db": round(rise_db, 1), "spread_db": round(spread_db, 1), "looks": faces[0].looks},
        baseline_n=faces[0].looks,
    )


def _nobody_beneath(rise_db: float, sinr_db: float | None) -> bool:
    """Of a small rise: beyond GREAT_DB no transmitter is renewed, and a station may be off while another is on."""
    if sinr_db is None or rise_db >= GREAT_DB:
        return False
    over_station_db = 10.0 * math.log10(10.0 ** (rise_db / 10.0) - 1.0)
    return sinr_db >= over_station_db + CLEARER_DB
