"""A loud cell of whose announced neighbours not one can be heard, though its network is well heard here.

Why: an invented or foreign neighbour list.
Innocent: a weak far cell whose neighbours are farther still (asked only of loud ones); GSM-R; neighbours in a band
that this sensor does not survey.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.loudness import estimated_dbm, loud
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_neighbours_unheard", 1
LEAST_CELLS, LEAST_NAMED = 4, 3


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    heard = [r for r in scene.neighbours(cell) if r.arfcn is not None]
    named = set(cell.neighbour_arfcns or ()) - {cell.arfcn}
    if len(heard) < LEAST_CELLS or len(named) < LEAST_NAMED or not loud(cell, dbm=-80.0) or scene.railway(cell):
        return None
    if any(r.arfcn in named for r in heard):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME),
        evidence={"named": len(named), "cells_heard": len(heard), "level_dbm": round(estimated_dbm(cell), 1)},
        baseline_n=len(heard),
    )
