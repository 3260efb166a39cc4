"""System Information that is announced and never sent, or sent only where its schedule has no place for it.

Why: copied announcements without the messages behind them; software with a schedule of its own. Every real cell in the
survey kept its word.
Innocent: too little was read: every position of the schedule (3GPP TS 45.002 §6.3.1.3) must have been read often.
"""

from dsp.gsm.values import GsmCell, SystemInformation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_si_schedule", 2
LEAST_READ, POSITIONS, LEAST_TIMES = 40, 8, 4
PLACES = {"1": {0}, "2": {1}, "3": {2, 6}, "4": {3, 7}}  # what has one of its own; free places take any message
FREE = {0, 4, 5}


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    read = sum(si.times for si in cell.system_information)
    positions = {tc for si in cell.system_information for tc in si.tc_seen}
    if read < LEAST_READ or len(positions) < POSITIONS:
        return None
    kinds = {si.kind for si in cell.system_information}
    announced = {"13": cell.gprs_announced, "2ter": cell.si2ter_announced, "2quater": cell.si2quater_announced}
    missing = sorted(kind for kind, said in announced.items() if said and kind not in kinds)
    misplaced = sorted(si.kind for si in cell.system_information if _misplaced(si))
    if not missing and not misplaced:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME),
        evidence={"missing": _names(missing), "misplaced": _names(misplaced), "read": read, "threshold": LEAST_READ},
    )


def _misplaced(si: SystemInformation) -> bool:
    """Read several times, and never at its place or a free one."""
    places = PLACES.get(si.kind)
    if places is None or not si.tc_seen or si.times < LEAST_TIMES:
        return False
    return not set(si.tc_seen) & (places | FREE)


def _names(kinds: list[str]) -> str:
    return ", ".join(f"SI{kind}" for kind in kinds) or "–"
