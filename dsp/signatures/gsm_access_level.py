"""A cell that lets every phone in, however weakly it hears it.

Why: RXLEV_ACCESS_MIN 0 (−110 dBm) keeps caught phones; planned networks ask for −104 to −95 dBm.
Innocent: rural macro cells: 1 of 201 real cells had 0.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_access_level", 1


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.rxlev_access_min != 0:
        return None
    others = [r.broadcast["rxlev_access_min"] for r in scene.neighbours(cell) if "rxlev_access_min" in r.broadcast]
    if 0 in others:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"rxlev_access_min": 0, "least_dbm": -110},
        baseline_n=len(others),
    )
