"""A cell that says what another cell of its network says, its identity among it, and differs in its location area only.

Why: a copy with a new location area makes the phones around report to it; the original stands a few channels away.
Innocent: a cell identity is unique within its location area only: two far areas can meet at one sensor. Then lure,
timers or neighbour list differ: all that was heard of both must be the same. A re-parented cell keeps its channel.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_copied_broadcast", 1
ALIVE_NS = 600 * 10**9
LEAST_FIELDS = 4


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if None in (cell.mcc, cell.mnc, cell.lac, cell.ci):
        return None
    own = scene.record(cell)
    renamed = [twin for twin in scene.namesakes(cell, ALIVE_NS) if twin.lac not in (None, cell.lac)]
    twins = [twin for twin in renamed if twin.first_ns <= own.first_ns and _same(own, twin)]
    if not twins:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={
            "ci": cell.ci or 0,
            "lac": cell.lac or 0,
            "other_lac": twins[0].lac or 0,
            "other_arfcn": "?" if twins[0].arfcn is None else twins[0].arfcn,
            "fields": len(_shared(own, twins[0])),
            "threshold": LEAST_FIELDS,
        },
        baseline_n=len(twins),
    )


def _same(own: CellRecord, twin: CellRecord) -> bool:
    shared = _shared(own, twin)
    if own.neighbour_arfcns is None or own.neighbour_arfcns != twin.neighbour_arfcns or len(shared) < LEAST_FIELDS:
        return False
    return all(own.broadcast[name] == twin.broadcast[name] for name in shared)


def _shared(own: CellRecord, twin: CellRecord) -> set[str]:
    """Fields that were heard of both."""
    return set(own.broadcast) & set(twin.broadcast)
