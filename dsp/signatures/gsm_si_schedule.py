"""System Information that is announced and never sent.

Why: copied announcements without the messages behind them. Every real cell in the survey kept its word.
Innocent: too little was read: every position of the schedule (3GPP TS 45.002 §6.3.1.3) must have been read often.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_si_schedule", 1
LEAST_READ, POSITIONS = 40, 8


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    read = sum(si.times for si in cell.system_information)
    positions = {tc for si in cell.system_information for tc in si.tc_seen}
    if read < LEAST_READ or len(positions) < POSITIONS:
        return None
    kinds = {si.kind for si in cell.system_information}
    announced = {"13": cell.gprs_announced, "2ter": cell.si2ter_announced, "2quater": cell.si2quater_announced}
    missing = sorted(kind for kind, said in announced.items() if said and kind not in kinds)
    if not missing:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"missing": ", ".join(f"SI{kind}" for kind in missing), "read": read, "threshold": LEAST_READ},
    )
