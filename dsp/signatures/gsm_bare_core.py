"""A cell that says its core network is of before 1999, or that phones need not register.

Why: MSCR 0 and ATT 0 are what small software says; 0 of 201 real cells did.
Innocent: a very old core network: then its other cells say so too.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_bare_core", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.mscr is None or cell.att is None or (cell.mscr == 1 and cell.att):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"mscr": cell.mscr, "att": int(cell.att)},
    )
