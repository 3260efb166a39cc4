"""Periodic location update at an extreme: much faster than any network wants, or never.

Why: a short timer makes caught phones show themselves; 0 keeps them from ever missing their network. Software base
stations ship 5 and 0. Networks use one value throughout: 0 of 201 real cells were below 9 (54 minutes).
Innocent: test licence; an operator that changed its value everywhere (then the neighbours say the same).
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_t3212", 1
LEAST = 9  # deci-hours


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.t3212 is None or cell.t3212 >= LEAST:
        return None
    others = [r.broadcast["t3212"] for r in scene.neighbours(cell) if "t3212" in r.broadcast]
    if others.count(cell.t3212) * 2 > len(others):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"t3212": cell.t3212, "minutes": cell.t3212 * 6, "threshold": LEAST},
        baseline_n=len(others),
    )
