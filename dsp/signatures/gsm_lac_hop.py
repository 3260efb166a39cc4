"""One transmitter that changes its location area code.

Why: each new code makes the phones around report again; rogues in cars do it as they move.
Innocent: an operator re-parents cells: once, at night, many together. A moving sensor meets another cell on the same
channel and colour: told apart by CI and frame clock (`same_transmitter`).
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_lac_hop", 1
WINDOW_NS = 3600 * 10**9
TOGETHER = 3  # cells of the network that change within the window: the network did it


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    changes = [change for change in scene.record(cell).lac_changes if scene.now_ns - change[0] <= WINDOW_NS]
    if not changes:
        return None
    others = [
        r for r in scene.neighbours(cell) if any(scene.now_ns - change[0] <= WINDOW_NS for change in r.lac_changes)
    ]
    if len(changes) == 1 and len(others) >= TOGETHER:
        return None
    _, old, new = changes[-1]
    variant = "again" if len(changes) >= 2 else "once"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"changes": len(changes), "old_lac": old, "new_lac": new, "minutes": 60},
        baseline_n=len(scene.neighbours(cell)),
    )
