"""A loud cell that was on the air for less than four hours, went, and is back.

Why: rogues work for hours and move on; sites stay. It can be told only when the cell returns: what is gone is not in
the look. Gone means that three looks at its channel had not got it, and ten minutes.
Innocent: an event cell, a site under repair; a weak cell fades in and out, hence loud ones only; to a sensor that
moves, or whose antenna is at fault, many cells come and go: then none is remarkable. An event cell does all this, so
it counts with identity and opens no way to *high*.
"""

from itertools import islice, pairwise

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.hour_ring import HOUR_NS
from dsp.signatures.loudness import loud
from dsp.signatures.scene import GsmScene
from dsp.signatures.seen import days_named

NAME, VERSION = "gsm_short_life", 1
MOST_NS = 4 * 3600 * 10**9
LOUD_DBM = -85.0
MANY, MOST_SHARE, MOST_ASKED = 3, 0.2, 60
MOST_DAYS = 7  # a cell known for so many days has had an outage, not a life


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    visits = scene.record(cell).visits
    past = scene.past(cell)
    if past is None or len(visits) < 2 or not loud(cell, dbm=LOUD_DBM):
        return None
    longest_ns = max(visit.length_ns for visit in visits)
    if longest_ns >= MOST_NS or (days_named(past.seen, cell) or 0) >= MOST_DAYS or _many_come_and_go(scene):
        return None
    away_ns = max(after.first_ns - before.last_ns for before, after in pairwise(visits))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=scene.weights.db(NAME),
        evidence={
            "times": len(visits),
            "longest_min": round(longest_ns / 60e9),
            "away_min": round(away_ns / 60e9),
            "threshold_hours": 4,
        },
        baseline_n=past.looks,
    )


def _many_come_and_go(scene: GsmScene) -> bool:
    recent = [record for _, record in islice(scene.before.latest_cells(scene.now_ns, HOUR_NS), MOST_ASKED)]
    several = sum(len(record.visits) > 1 for record in recent)
    return several > MANY and several > MOST_SHARE * len(recent)
