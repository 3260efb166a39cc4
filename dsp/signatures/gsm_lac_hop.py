"""One transmitter that changes its location area code.

Why: each new code makes the phones around report again; rogues in cars do it as they move.
Innocent: an operator re-parents cells: once, at night, many together (`together`). A moving sensor meets another cell
on the same channel and colour: told apart by CI and frame clock (`same_transmitter`).
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene
from dsp.signatures.together import network_did_it

NAME, VERSION = "gsm_lac_hop", 2
WINDOW_NS = 3600 * 10**9


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    changes = [change for change in scene.record(cell).lac_changes if scene.now_ns - change[0] <= WINDOW_NS]
    if not changes:
        return None
    if len(changes) == 1 and network_did_it(scene.neighbours(cell), changes[0][0], _lac_changed):
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


def _lac_changed(record: CellRecord) -> tuple[int, ...]:
    return tuple(change[0] for change in record.lac_changes)
