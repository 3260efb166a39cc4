"""A cell that has said the same here for a month: this speaks for it.

Why: a rogue neither stays a month nor leaves its broadcast alone.
Guilty all the same: a perfect copy on the same channel, hence its frame clock must be on the cell's own line; without
a clock the weight is small. A rogue that was here from the start: days on which anything spoke against the cell do not
count, and with anything against it now this is not said (`trust`).
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene
from dsp.signatures.seen import days_unchanged

NAME, VERSION = "gsm_seen_unchanged", 1
LEAST_DAYS = 30


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    past, clock = scene.past(cell), scene.record(cell).clock
    if past is None or past.doubted:
        return None
    days = days_unchanged(past.seen, cell)
    if days < LEAST_DAYS or (clock is not None and clock.off is not False and clock.rival is not None):
        return None
    variant = "clocked" if clock is not None and clock.off is False else "unclocked"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"days": days, "threshold": LEAST_DAYS, "clocked": variant == "clocked"},
        baseline_n=days,
    )
