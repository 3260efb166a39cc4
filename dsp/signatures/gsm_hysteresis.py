"""A cell that says another reselection hysteresis than every cell of its network here.

Why: the hysteresis holds phones to a location area; software base stations ship 4 dB or less where networks plan one
value throughout: 6 dB in each of 201 real public cells.
Innocent: cells at the border of a location area are given 8 to 14 dB: only what lies below the others is odd, or 14.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_hysteresis", 1
LEAST_CELLS, GREATEST_DB = 4, 14
FIELD = "cell_reselect_hysteresis_db"


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = cell.cell_reselect_hysteresis_db
    others = [r.broadcast[FIELD] for r in scene.neighbours(cell) if FIELD in r.broadcast]
    if own is None or len(others) < LEAST_CELLS or own in others or scene.railway(cell):
        return None
    if min(others) <= own < GREATEST_DB:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"hysteresis_db": own, "least_db": min(others), "most_db": max(others), "threshold": GREATEST_DB},
        baseline_n=len(others),
    )
