"""The licence of the channel does not hold now: run out, not begun, or outside its hours. This speaks for the carrier.

It says beside `fm_unlicensed` what the list knows: a licence that was prolonged and not yet entered looks the same, and
so does a station that leaves its carrier on at night. Half an hour either side of the hours is granted.
Guilty all the same: a pirate that uses the channel when its holder sleeps. A licence that ran out is none, so that
speaks little where the carrier does not send the PI of the licence.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.licences import FmLicence, Standing, may_send, standing
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import trusted_pi

NAME, VERSION = "fm_licence_lapsed", 1
OWN_PI_DB, OFF_HOURS_DB, RAN_OUT_DB = -15.0, -15.0, -3.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    lapsed = scene.lapsed(station)
    if not lapsed or scene.licensed(station):
        return None
    pi = trusted_pi(station)
    licence = min(lapsed, key=lambda each: not _own(each, pi))
    why = standing(licence, scene.now_ns)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.LICENCE,
        weight_db=OWN_PI_DB if _own(licence, pi) else OFF_HOURS_DB if why is Standing.OFF_HOURS else RAN_OUT_DB,
        variant=why.value,
        evidence={
            "licence": licence.name,
            "freq_mhz": round(licence.freq_hz / 1e6, 3),
            "valid": _days(licence),
            "hours": licence.hours or "–",
            "own_pi": _own(licence, pi),
        },
        baseline_n=len(lapsed),
    )


def _own(licence: FmLicence, pi: int | None) -> bool:
    return pi is not None and may_send(licence, pi)


def _days(licence: FmLicence) -> str:
    ends = (licence.valid_from, licence.valid_until)
    return "–" if ends == (None, None) else " … ".join("" if day is None else day.isoformat() for day in ends).strip()
