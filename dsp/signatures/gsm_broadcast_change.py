"""One transmitter that changes what networks leave alone: reselection, timers, access.

Why: a rogue tunes its lure while it works. In 54 real cells seen more than once none of these fields changed.
Innocent: the operator's own re-planning, when several cells change within the hour.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_broadcast_change", 1
WINDOW_NS = 3600 * 10**9
TOGETHER = 3


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    fields = [name for when, name in scene.record(cell).broadcast_changes if scene.now_ns - when <= WINDOW_NS]
    if not fields:
        return None
    others = [
        r for r in scene.neighbours(cell) if any(scene.now_ns - when <= WINDOW_NS for when, _ in r.broadcast_changes)
    ]
    if len(others) >= TOGETHER:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"changes": len(fields), "fields": ", ".join(sorted(set(fields))), "minutes": 60},
        baseline_n=len(scene.neighbours(cell)),
    )
