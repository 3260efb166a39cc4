"""A cell that assigns channels without frequency hopping, where its network's other cells hop.

Why: a rogue has one carrier; the 2012 study found its catcher by this alone.
Innocent: a cell with one carrier, a layer that does not hop: its network must have been heard to hop nearly always,
and the cell to assign several times.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.paging_sum import PagingSum
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_non_hopping", 1
LEAST_ASSIGNMENTS, LEAST_CELLS, LEAST_USUAL = 3, 2, 0.8


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = _share(scene.record(cell).paging)
    others = [share for r in scene.neighbours(cell) if (share := _share(r.paging)) is not None]
    if own is None or own > 0.0 or len(others) < LEAST_CELLS or min(others) < LEAST_USUAL:
        return None
    paging = scene.record(cell).paging
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={
            "assignments": 0 if paging is None else paging.all_assignments,
            "cells": len(others),
            "threshold": LEAST_USUAL,
        },
        baseline_n=len(others),
    )


def _share(paging: PagingSum | None) -> float | None:
    if paging is None or paging.all_assignments < LEAST_ASSIGNMENTS:
        return None
    return paging.all_hopping / paging.all_assignments
