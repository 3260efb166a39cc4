"""A new cell within two minutes of a rise of the noise.

Why: jamming newer networks drives phones to GSM, where the rogue waits; a strong transmitter nearby raises the
receiver's floor, too.
Innocent: interference of another cause at the same time; a legitimate cell switched on beside the sensor.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.noise_memory import LEAST_RISE_DB
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_jam_then_gsm", 1
NEAR_NS = 120 * 10**9
NEW_NS = 600 * 10**9  # for so long it is said of the cell


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    began_ns = scene.record(cell).first_ns
    rises = [
        (record.rise_db, began_ns - record.rose_ns)
        for record in scene.after.noises.values()
        if record.rose_ns is not None and abs(began_ns - record.rose_ns) <= NEAR_NS
    ]
    if not rises or scene.now_ns - began_ns > NEW_NS:
        return None
    rise_db, after_ns = max(rises)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={"rise_db": round(rise_db, 1), "seconds": round(after_ns / 1e9), "threshold_db": LEAST_RISE_DB},
        baseline_n=len(scene.after.noises),
    )
