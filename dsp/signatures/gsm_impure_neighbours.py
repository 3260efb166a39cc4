"""A cell whose announced neighbours are another network's cells.

Why: a list copied from the wrong network, or made of whatever was on the air. 1 of 291 real cells did.
Innocent: networks that share their radio access, national roaming; a channel that both networks use, far from each
other: two of the named channels must be heard as others' alone, and more of them than as its own network's.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_impure_neighbours", 1
LEAST_OTHERS = 2


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if not cell.neighbour_arfcns or cell.mcc is None or cell.mnc is None or scene.railway(cell):
        return None
    named = set(cell.neighbour_arfcns) - {cell.arfcn}
    heard = [
        record
        for _, record in scene.recent.cells
        if record.arfcn in named and record.mcc is not None and not record.doubted
    ]
    own = {record.arfcn for record in heard if _same_network(record, cell, scene)}
    others = {record.arfcn for record in heard} - own
    if len(others) < LEAST_OTHERS or len(others) <= len(own):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME),
        evidence={"others": len(others), "own": len(own), "named": len(named), "threshold": LEAST_OTHERS},
        baseline_n=len(heard),
    )


def _same_network(record: CellRecord, cell: GsmCell, scene: GsmScene) -> bool:
    """The same code, or another code of the same operator."""
    if (record.mcc, record.mnc) == (cell.mcc, cell.mnc):
        return True
    operator = scene.operator(cell)
    return operator is not None and (record.mcc, record.mnc) in operator.plmns
