"""A clear licensed channel without the pilot or the RDS its licence or its past says it has.

Why: a transmitter on top of it captures the receiver, and the pilot and RDS of the licensed one vanish.
Innocent: the station's coder or stereo generator failed, or it broadcasts in mono for an hour: weak by itself.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import CLEAR_DB, StationRecord

NAME, VERSION = "fm_signal_missing", 2
LEAST_LOOKS, USUAL_SHARE = 3, 0.8
PILOT_SINR_DB, RDS_SINR_DB = 5.0, 9.0  # below, something else on the channel hides them
LEAST_SECONDS = 0.5  # RDS needs this long for five groups


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    licences = scene.licensed(station)
    if not licences or station.cnr_db < CLEAR_DB or station.seconds < LEAST_SECONDS:
        return None
    if station.sinr_db is None:
        return None
    past, licence = scene.past(station), licences[0]
    no_pilot = (
        station.sinr_db >= PILOT_SINR_DB
        and station.pilot_hz is None
        and _usual(licence.stereo, past, past.pilot_looks if past else 0)
    )
    says_rds = True if licence.pi is not None else licence.rds
    no_rds = (
        station.sinr_db >= RDS_SINR_DB
        and station.rds_groups == 0
        and _usual(says_rds, past, past.rds_looks if past else 0)
    )
    if not (no_pilot or no_rds):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=10.0,
        evidence={
            "missing": "+".join(what for what, gone in (("pilot", no_pilot), ("RDS", no_rds)) if gone),
            "cnr_db": round(station.cnr_db, 1),
            "threshold_db": CLEAR_DB,
            "licence": licence.name,
        },
        baseline_n=past.clear_looks if past else 0,
    )


def _usual(said: bool | None, past: StationRecord | None, looks_with: int) -> bool:
    """The licence says so; or, where it says nothing, most of what was heard here before."""
    if said is not None:
        return said
    if past is None or past.clear_looks < LEAST_LOOKS:
        return False
    return looks_with >= USUAL_SHARE * past.clear_looks
