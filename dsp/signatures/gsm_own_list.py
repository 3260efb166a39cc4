"""A cell whose own list of carriers lacks the carrier it is on, in a network that always lists it.

Why: a list copied from the cell whose words are used, transmitted on another channel.
Innocent: networks that list only what they hop over: in one real survey all 32 cells of one network did, and none of
the 80 of the others. Hence asked only where three cells of its network list theirs and none does not.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_own_list", 1
LEAST_CELLS = 3
FIELD = "arfcn_in_own_list"


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    others = [r.broadcast[FIELD] for r in scene.neighbours(cell) if FIELD in r.broadcast]
    if cell.arfcn is None or cell.arfcn_in_own_list is not False or len(others) < LEAST_CELLS or 0 in others:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"arfcn": cell.arfcn, "listed": len(cell.cell_arfcns or ()), "threshold": LEAST_CELLS},
        baseline_n=len(others),
    )
