"""A listed identity on a channel or with a colour that the list does not give it.

Why: a clone takes the name and not the channel.
Innocent: a retune the list does not know yet.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_listed_elsewhere", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.lac is None or cell.ci is None or cell.arfcn is None:
        return None
    rows = scene.licences.cell_rows(cell.mcc, cell.mnc, cell.lac, cell.ci)
    if not rows or any(k.arfcn in (None, cell.arfcn) and k.bsic in (None, cell.bsic) for k in rows):
        return None
    listed = rows[0]
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME),
        evidence={
            "arfcn": cell.arfcn,
            "bsic": cell.bsic,
            "listed_arfcn": "?" if listed.arfcn is None else listed.arfcn,
            "listed_bsic": "?" if listed.bsic is None else listed.bsic,
        },
        baseline_n=len(rows),
    )
