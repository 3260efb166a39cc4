"""A loud cell that was not here while the site was learnt.

Why: sites are built seldom; a rogue is new wherever it comes.
Innocent: a new site, refarming, an event cell; hence never enough by itself. A sensor that moves, or a network that is
planned anew, meets many new cells: then none is remarkable. Nothing is said in the first seven days of a site, and
nothing of weak cells, which come and go with the weather.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.history import LEARNING_DAYS, SiteHistory
from dsp.signatures.loudness import loud
from dsp.signatures.scene import GsmScene
from dsp.signatures.seen import DAY_NS, days_named

NAME, VERSION = "gsm_new_here", 1
LOUD_DBM = -85.0
MOST_NEW, MOST_SHARE = 3, 0.2
MOST_ASKED = 60


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    if not scene.before.learnt or cell.ci is None or not loud(cell, dbm=LOUD_DBM):
        return None
    past = scene.past(cell)
    days = 0 if past is None else days_named(past.seen, cell) or 0
    if days >= LEARNING_DAYS:
        return None
    new, known = _new_and_known(scene.before, scene.now_ns)
    if new > MOST_NEW and new > MOST_SHARE * known:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME),
        evidence={"days": days, "site_days": scene.before.days, "threshold": LEARNING_DAYS, "known_cells": known},
        baseline_n=known,
    )


def _new_and_known(history: SiteHistory, now_ns: int) -> tuple[int, int]:
    """Of the cells heard within the hour, how many came within the last two days, and how many were here before."""
    new = known = 0
    for index, (_, record) in enumerate(history.latest_cells(now_ns, DAY_NS // 24)):
        if index >= MOST_ASKED:
            break
        fresh = now_ns - record.first_ns < 2 * DAY_NS
        new, known = new + fresh, known + (not fresh)
    return new, known
