"""A cell that bars phones from staying on it.

Why: a base station that is being set up by whoever sets it up; it catches nobody meanwhile.
Innocent: maintenance and commissioning, 1 of 201 real cells. Hence hardly a weight.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_cell_barred", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if not cell.cell_barred:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"cell_barred": True},
    )
