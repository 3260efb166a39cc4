"""A public cell that bars emergency calls (access class 10).

Why: the default of base-station software that cannot serve them; 0 of 201 real public cells did.
Innocent: a disaster or a maintenance state, when the cells around do the same; test licences.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_emergency_barred", 1
EMERGENCY = 1 << 10  # 3GPP TS 44.018 §10.5.2.29, EC bit


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.access_classes_barred is None or not cell.access_classes_barred & EMERGENCY:
        return None
    others = [
        r.broadcast["access_classes_barred"] for r in scene.neighbours(cell) if "access_classes_barred" in r.broadcast
    ]
    if any(barred & EMERGENCY for barred in others):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"access_classes_barred": f"{cell.access_classes_barred:04X}"},
        baseline_n=len(others),
    )
