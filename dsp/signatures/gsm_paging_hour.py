"""A cell that pages far less, or far more, than it ever did at this hour, while its network goes on as usual.

Why: a copy on the same channel has no subscribers to page, or invents them.
Usual is from p1 to p99 of the hour (and the hours beside it): what was seen, widened to 2.33 sigma about the median.
Innocent: a holiday, a network that restarts: then its other cells change too, and their change is taken out.
"""

import math
import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_learning import wall_ns
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.hour_ring import Robust, covers_a_day, usual
from dsp.signatures.paging_sum import paging_db
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_paging_hour", 1
P99 = 2.33
BEYOND_DB = 6.0  # four times fewer or more than the least or most
SURE = 4.3  # Poisson: one in 100,000
LEAST_SIGMA_DB = 0.5
MOST_ASKED = 40  # other cells


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own, past = scene.record(cell).paging, scene.past(cell)
    rate_db, time_ns = paging_db(own), wall_ns(cell, scene.now_ns)
    if past is None or own is None or rate_db is None:
        return None
    baseline = _baseline(past, time_ns)
    if baseline is None or _beyond(baseline, rate_db) == 0:
        return None
    others = [_moved_db(r, time_ns) for r in scene.neighbours(cell)[:MOST_ASKED]]
    moved = [each for each in others if each is not None]
    if not moved:
        return None
    usual_change_db = statistics.median(moved)
    least_db, most_db = _usual_range(baseline)
    way = _beyond(baseline, rate_db - usual_change_db)
    expected = 10 ** ((least_db + usual_change_db) / 10) * own.all_blocks
    if way == 0 or (way < 0 and own.all_paged > expected - SURE * math.sqrt(expected)):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME),
        evidence={
            "per_block": round(own.all_paged / own.all_blocks, 2),
            "p1": round(10 ** (least_db / 10), 2),
            "p99": round(10 ** (most_db / 10), 2),
            "blocks": own.all_blocks,
            "network_change_db": round(usual_change_db, 1),
        },
        baseline_n=baseline.n,
    )


def _baseline(record: CellRecord, time_ns: int) -> Robust | None:
    if record.paging_rates is None or not covers_a_day(record.paging_rates):
        return None
    return usual(record.paging_rates, time_ns)


def _moved_db(record: CellRecord, time_ns: int) -> float | None:
    """By how much another cell pages otherwise than it usually does now."""
    baseline, rate_db = _baseline(record, time_ns), paging_db(record.paging)
    return None if baseline is None or rate_db is None else rate_db - baseline.middle_db


def _beyond(baseline: Robust, rate_db: float) -> int:
    """−1: far below what is usual; 1: far above; 0: neither."""
    least_db, most_db = _usual_range(baseline)
    return (rate_db > most_db + BEYOND_DB) - (rate_db < least_db - BEYOND_DB)


def _usual_range(baseline: Robust) -> tuple[float, float]:
    wide = P99 * max(baseline.sigma_db, LEAST_SIGMA_DB)
    return min(baseline.least_db, baseline.middle_db - wide), max(baseline.most_db, baseline.middle_db + wide)
