"""A location area or cell identity that the standard reserves.

Why: what unset software says. 3GPP TS 23.003 §4.1: LAC 0000 and FFFE mean "none"; FFFF and CI 0 are no one's.
Innocent: a laboratory; a base station that is just starting.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_reserved_identity", 1
RESERVED_LAC = (0x0000, 0xFFFE, 0xFFFF)


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.lac is None or not (cell.lac in RESERVED_LAC or cell.ci == 0):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME),
        evidence={"lac": cell.lac, "ci": "?" if cell.ci is None else cell.ci},
    )
