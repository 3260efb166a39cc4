"""A location area or cell identity that the standard reserves, or that software ships.

Why: what unset software says. 3GPP TS 23.003 §4.1: LAC 0000 and FFFE mean "none"; FFFF and CI 0 are no one's. Software
ships LAC 1 with CI 6969 and LAC 1000 with CI 10 (variant "default").
Innocent: a laboratory; a base station that is just starting.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_reserved_identity", 2
RESERVED_LAC = (0x0000, 0xFFFE, 0xFFFF)
DEFAULTS = ((1, 6969), (1000, 10))  # (LAC, CI)


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    reserved = cell.lac in RESERVED_LAC or cell.ci == 0
    if cell.lac is None or not (reserved or (cell.lac, cell.ci) in DEFAULTS):
        return None
    variant = None if reserved else "default"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"lac": cell.lac, "ci": "?" if cell.ci is None else cell.ci},
    )
