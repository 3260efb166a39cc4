"""A cell that no cell of its network names as a neighbour.

Why: real networks plan neighbours both ways (88 % of 1363 real edges were mutual); a rogue is in nobody's list.
Innocent: a quite new cell; a weak one, whose neighbours are not heard: of 284 real cells 12 had no incoming edge, none
of them at −75 dBm or more.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.loudness import estimated_dbm, loud
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_no_incoming_edge", 2
LEAST_CELLS, LOUD_DBM = 4, -75.0


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    lists = [r.neighbour_arfcns for r in scene.neighbours(cell) if r.neighbour_arfcns]
    if cell.arfcn is None or len(lists) < LEAST_CELLS or scene.railway(cell):
        return None
    if any(cell.arfcn in named for named in lists):
        return None
    variant = None if loud(cell, dbm=LOUD_DBM) else "weak"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"arfcn": cell.arfcn, "lists": len(lists), "level_dbm": round(estimated_dbm(cell), 1)},
        baseline_n=len(lists),
    )
