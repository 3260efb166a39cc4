"""A cell without packet service in a network that has it.

Why: software base stations of the voice kind announce none; 1 of 201 real public cells lacked it.
Innocent: GSM-R (always), private networks, a cell being commissioned.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_no_gprs", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.gprs_announced is not False or scene.railway(cell):
        return None
    others = [r.gprs for r in scene.neighbours(cell) if r.gprs is not None]
    if others.count(False) * 2 > len(others):
        return None
    variant = None if others else "unsupported"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"neighbours_with_gprs": others.count(True)},
        baseline_n=len(others),
    )
