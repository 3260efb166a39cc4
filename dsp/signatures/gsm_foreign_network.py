"""A network that does not exist here: a test PLMN, another country's code, a code nobody holds.

Why: base-station software starts as 001-01; a careless rogue keeps it or invents one.
Innocent: borders, a licensed laboratory, a recording from elsewhere, a plan that is out of date.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_foreign_network", 1
TEST_MCC = ("001", "999")


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if cell.mcc is None or cell.mnc is None:
        return None
    test = cell.mcc in TEST_MCC
    home = () if scene.plan is None else scene.plan.home_mcc
    foreign = bool(home) and cell.mcc not in home
    nobodys = cell.mcc in home and scene.operator(cell) is None
    if not (test or foreign or nobodys):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME),
        evidence={"mcc": cell.mcc, "mnc": cell.mnc, "test_network": test},
    )
