"""A cell that pages as its network's other cells do: this speaks for it.

Why: only a network with subscribers has somebody to page.
Guilty all the same: a rogue that sends invented pagings. Hence a small weight.
"""

import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_paging_normal", 1
LEAST_BLOCKS, LEAST_PAGED = 50, 10


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = scene.record(cell).paging
    if own is None or own.all_blocks < LEAST_BLOCKS or own.all_paged < LEAST_PAGED:
        return None
    rates = [rate for _, rate in scene.paging_rates(cell)]
    rate = own.all_paged / own.all_blocks
    if not rates or not 0.2 <= rate / max(statistics.median(rates), 1e-3) <= 5.0:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"blocks": own.all_blocks, "paged": own.all_paged},
        baseline_n=len(rates),
    )
