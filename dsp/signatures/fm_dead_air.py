"""A licensed station on the air with nothing on it: a carrier alone, or a minute of silence. A fault, never a crime.

Why it is told: the studio's line is cut, or the transmitter runs unattended; its owner wants to know.
Innocent: a pause in a mono programme or between movements: it has to be silent in every look over a minute. Weaker than
20 dB nothing is said: noise is no silence.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import BARE, CLEAR_DB

NAME, VERSION = "fm_dead_air", 1
LEAST_NS = 60 * 10**9


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record, licences = scene.record(station), scene.licensed(station)
    if record is None or not licences or record.silent_ns is None or station.cnr_db < CLEAR_DB:
        return None
    silent_ns = scene.now_ns - record.silent_ns
    if silent_ns < LEAST_NS:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=15.0,
        variant="carrier" if station.kind == BARE else "silence",
        evidence={"licence": licences[0].name, "seconds": round(silent_ns / 1e9), "threshold_s": LEAST_NS // 10**9},
        baseline_n=record.looks,
    )
