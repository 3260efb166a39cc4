"""Nearly every channel a cell assigns is for a location update, and it pages nobody.

Why: a rogue catches phones, lets each register, and drops it.
Innocent: a location-area border on a busy road: those cells page as well.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_location_updates", 1
LEAST_ASSIGNMENTS, LEAST_SHARE = 20, 0.9


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = scene.record(cell).paging
    if own is None or own.all_paged or own.all_assignments < LEAST_ASSIGNMENTS:
        return None
    share = own.all_location_updates / own.all_assignments
    if share < LEAST_SHARE:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"assignments": own.all_assignments, "share": round(share, 2), "threshold": LEAST_SHARE},
    )
