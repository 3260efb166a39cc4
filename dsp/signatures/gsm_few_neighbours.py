"""A GSM cell that names no neighbours, or one.

Why: a rogue that names none keeps the phones it caught. 0 of 201 real public cells named fewer than two.
Innocent: GSM-R, islands, indoor and rural single cells.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_few_neighbours", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.neighbour_arfcns is None or scene.railway(cell):
        return None
    if cell.si2ter_announced and not any(si.kind == "2ter" for si in cell.system_information):
        return None  # more may be named there
    foreign = tuple(arfcn for arfcn in cell.neighbour_arfcns if arfcn != cell.arfcn)
    if len(foreign) > 1:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME),
        evidence={"neighbours": len(foreign), "threshold": 1},
    )
