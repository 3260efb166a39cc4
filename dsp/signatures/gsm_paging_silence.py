"""A cell that pages nobody while its network's other cells do.

Why: a rogue has no subscribers to call; real cells page 65 to 776 times in ten seconds, a catcher never.
Innocent: GSM-R, rural nights, GSM nearly emptied by refarming: hence measured against the neighbours of the same
network at the same time. With Poisson arrivals, silence where `expected` were due has probability exp(−expected).
"""

import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_paging_silence", 1
LEAST_EXPECTED = 12.0  # one in 160,000 by chance
LEAST_NEIGHBOUR_BLOCKS = 50


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = scene.record(cell).paging
    if own is None or own.all_paged or scene.railway(cell):
        return None
    rates = [
        r.paging.all_paged / r.paging.all_blocks
        for r in scene.neighbours(cell)
        if r.paging is not None and r.paging.all_blocks >= LEAST_NEIGHBOUR_BLOCKS
    ]
    if not rates:
        return None
    expected = statistics.median(rates) / 2 * own.all_blocks  # a quiet cell may page half of what others do
    if expected < LEAST_EXPECTED:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"blocks": own.all_blocks, "expected": round(expected, 1), "threshold": LEAST_EXPECTED},
        baseline_n=len(rates),
    )
