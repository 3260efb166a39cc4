"""A cell whose permitted colour codes are all, or leave out its own.

Why: phones measure only permitted colours. Software base stations ship FF or 0; a network lists its own few.
Innocent: networks that really use FF: then their other cells do so too. 0 of 201 real cells did either.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_ncc_permitted", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.ncc_permitted is None:
        return None
    own = cell.bsic >> 3
    lacks_own = not cell.ncc_permitted >> own & 1  # 3GPP TS 44.018 §10.5.2.27
    if cell.ncc_permitted != 0xFF and not lacks_own:
        return None
    others = [r.broadcast["ncc_permitted"] for r in scene.neighbours(cell) if "ncc_permitted" in r.broadcast]
    if cell.ncc_permitted in others and not lacks_own:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"ncc_permitted": f"{cell.ncc_permitted:02X}", "own_ncc": own},
        baseline_n=len(others),
    )
