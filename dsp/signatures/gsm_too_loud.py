"""A cell far louder than base stations are where people walk.

Why: the rogue is in the next car or bag. 3 of 284 real cells were at −50 dBm or more, beside their sites.
Innocent: a sensor next to a legitimate site: hence a small weight, and asked of calibrated sensors only.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_too_loud", 1
LEAST_DBM = -40.0


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.level_dbm is None or cell.level_dbm < LEAST_DBM:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=scene.weights.db(NAME),
        evidence={"level_dbm": round(cell.level_dbm, 1), "threshold_dbm": LEAST_DBM},
    )
