"""One transmitter that changes what networks leave alone: reselection, timers, access.

Why: a rogue tunes its lure while it works. In 54 real cells seen more than once none of these fields changed.
Innocent: the operator's own re-planning, when several cells change within the hour (`together`).
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene
from dsp.signatures.together import network_did_it

NAME, VERSION = "gsm_broadcast_change", 2
WINDOW_NS = 3600 * 10**9


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    changes = [change for change in scene.record(cell).broadcast_changes if scene.now_ns - change[0] <= WINDOW_NS]
    if not changes or network_did_it(scene.neighbours(cell), changes[0][0], _changed):
        return None
    fields = [name for _, name in changes]
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"changes": len(fields), "fields": ", ".join(sorted(set(fields))), "minutes": 60},
        baseline_n=len(scene.neighbours(cell)),
    )


def _changed(record: CellRecord) -> tuple[int, ...]:
    return tuple(when for when, _ in record.broadcast_changes)
