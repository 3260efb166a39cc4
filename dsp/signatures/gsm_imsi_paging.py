"""A cell that calls phones by their permanent identity, when its network's other cells call them by temporary ones.

Why: a rogue has no register of temporary identities. Counters of types only: no identity is known here.
Innocent: a register that restarted, and roamers: then the network's other cells do it too. 5 of 67 identities were
permanent in one real cell, so that a few prove nothing.
"""

import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.paging_sum import PagingSum
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_imsi_paging", 1
LEAST_PAGED, LEAST_SHARE, MOST_USUAL = 20, 0.5, 0.25


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = _share(scene.record(cell).paging)
    others = [share for r in scene.neighbours(cell) if (share := _share(r.paging)) is not None]
    if own is None or own < LEAST_SHARE or not others or statistics.median(others) > MOST_USUAL:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"share": round(own, 2), "usual": round(statistics.median(others), 2), "threshold": LEAST_SHARE},
        baseline_n=len(others),
    )


def _share(paging: PagingSum | None) -> float | None:
    """None from too few."""
    if paging is None or paging.all_paged < LEAST_PAGED:
        return None
    return paging.all_imsi / paging.all_paged
