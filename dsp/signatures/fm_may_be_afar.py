"""Of a carrier that nobody is licensed for, nothing shows yet that it is of this town: it is a note, and has to wait.

Ducting and sporadic E bring in lawful stations of other regions; at first they look like a pirate, and only their
fading tells them (`fm_from_afar`). Which reason there is to wait says how long that takes. It weighs nothing.
"swelled": it was seen to come, and not at once, as what is switched on does. "opening": other strangers came so within
the last two hours. "weak": it came at once, but weak. "unseen": nobody listened just before it was first heard, though
it was not there the last time. A carrier as loud as the town's own waits for none of these, in an opening less long.
Guilty all the same: a pirate among others that came up together, or turned up slowly; it has to wait, no more.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.fm_from_afar import suspect
from dsp.signatures.onset import Onset
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_may_be_afar", 1
LOUD_CNR_DB = 45.0  # 100 kW from beyond the horizon, 60 dB under free space
CLEAR_CNR_DB = 20.0  # far stations begin below: they rise out of the noise
FEW_STRANGERS = 2


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    if not scene.licences.fm or not suspect(station, scene):
        return None
    record, licensed = scene.record(station), bool(scene.licensed(station))
    onset = None if record is None else record.onset
    strangers = scene.opening.others_fresh(station.freq_hz)
    why = _why(onset, strangers, station.cnr_db, licensed=licensed)
    if why is None:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=0.0,
        variant=why,
        evidence={"strangers": strangers, "cnr_db": round(station.cnr_db, 1), "threshold_db": LOUD_CNR_DB},
        baseline_n=strangers,
    )


def _why(onset: Onset | None, strangers: int, cnr_db: float, *, licensed: bool) -> str | None:
    loud = cnr_db >= LOUD_CNR_DB
    if strangers >= FEW_STRANGERS:
        return "opening_loud" if loud else "opening"
    if loud or licensed:
        return None
    if onset is not None and onset.at_once(cnr_db):
        return "weak" if onset.cnr_db < CLEAR_CNR_DB else None
    if onset is None or onset.vain_ns is None:
        return None
    return "swelled" if onset.swelled(cnr_db) else "unseen"
