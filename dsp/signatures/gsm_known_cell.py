"""A cell the operator's list confirms: identity, channel and colour. This speaks for it.

Guilty all the same: a perfect copy. Fusion takes this back where two transmitters use one identity.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_known_cell", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.lac is None or cell.ci is None:
        return None
    rows = [
        k
        for k in scene.licences.cell_rows(cell.mcc, cell.mnc, cell.lac, cell.ci)
        if k.arfcn in (None, cell.arfcn) and k.bsic in (None, cell.bsic)
    ]
    if not rows:
        return None
    full = any(k.arfcn is not None for k in rows)
    variant = "channel" if full else "name"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"lac": cell.lac, "ci": cell.ci, "channel_listed": full},
        baseline_n=len(rows),
    )
