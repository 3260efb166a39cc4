"""A location area that only this cell claims, while its network is well heard here.

Why: a new location area is what makes phones report to the rogue.
Innocent: the border of a location area, a far cell, GSM-R. Hence asked of loud cells only.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.loudness import loud
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_lonely_lac", 1
LEAST_CELLS, LOUD_DBM = 3, -85.0


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    lacs = [r.lac for r in scene.neighbours(cell) if r.lac is not None]
    if cell.lac is None or len(lacs) < LEAST_CELLS or not loud(cell, dbm=LOUD_DBM) or scene.railway(cell):
        return None
    if cell.lac in lacs or len(set(lacs)) * 2 > len(lacs):
        return None  # shared, or areas are mixed here anyway
    nearest = min(lacs, key=lambda lac: abs(lac - (cell.lac or 0)))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.TOPOLOGY,
        weight_db=scene.weights.db(NAME),
        evidence={"lac": cell.lac, "nearest_lac": nearest, "cells": len(lacs)},
        baseline_n=len(lacs),
    )
