"""A cell that is not on the list the network's operator gave.

Why: the operator knows every cell it has.
Innocent: a new site, refarming, an event cell, a thin or old list. Never enough by itself.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_unknown_cell", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.lac is None or cell.ci is None:
        return None
    listed = scene.licences.cells_of(cell.mcc, cell.mnc)
    if not listed or scene.licences.cell_rows(cell.mcc, cell.mnc, cell.lac, cell.ci):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME),
        evidence={"mcc": cell.mcc or "", "mnc": cell.mnc or "", "lac": cell.lac, "ci": cell.ci},
        baseline_n=listed,
    )
