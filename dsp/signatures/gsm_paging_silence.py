"""A cell that pages nobody, or hardly anybody, while its network's other cells do.

Why: a rogue has no subscribers to call; real cells page 65 to 776 times in ten seconds, a catcher never, or makes a few
up. Pagings go to a whole location area, so that its cells page alike.
Innocent: GSM-R, rural nights, GSM nearly emptied by refarming: hence measured against the neighbours of the same
network at the same time, with room for cells that share a block among fewer or more calls. With Poisson arrivals, so
few where `expected` were due have the probability `chance`. A network of one cell is held against the other networks
here, at a quarter of what they do and with less weight ("other_networks").
"""

import math
import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_paging_silence", 3
MOST_CHANCE, SURE_CHANCE = 1e-5, 1e-9
MOST_SHARE = 0.2  # of what is expected: busy hours come in bursts, which Poisson does not know
LEAST_OTHERS, OF_OTHERS = 3, 0.25
OF_ITS_AREA, OF_ITS_NETWORK = 0.7, 0.5  # of the least, and of the median: a quiet cell may page less than others


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = scene.record(cell).paging
    if own is None or cell.mcc is None or scene.railway(cell):
        return None
    rates = scene.paging_rates(cell)
    rate, others = _usual(rates, cell), [] if rates else scene.paging_rates_elsewhere(cell)
    if len(others) >= LEAST_OTHERS:
        rate = OF_OTHERS * statistics.median(others)
    expected = rate * own.all_blocks
    chance = _at_most(own.all_paged, expected)
    if chance > MOST_CHANCE or own.all_paged > MOST_SHARE * expected:
        return None
    variant = "other_networks" if others else "sure" if chance < SURE_CHANCE else None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "blocks": own.all_blocks,
            "paged": own.all_paged,
            "expected": round(expected, 1),
            "chance": float(f"{chance:.0e}"),
            "threshold": MOST_CHANCE,
        },
        baseline_n=len(rates or others),
    )


def _usual(rates: list[tuple[int | None, float]], cell: GsmCell) -> float:
    """Pagings a block that a cell of this network should make at least."""
    if not rates:
        return 0.0
    of_network = OF_ITS_NETWORK * statistics.median(rate for _, rate in rates)
    area = [rate for lac, rate in rates if cell.lac is not None and lac == cell.lac]
    of_area = OF_ITS_AREA * min(area) if len(area) > 1 else 0.0
    return max(of_network, of_area)


def _at_most(count: int, expected: float) -> float:
    """Poisson: the chance of so few; 1 where more than the expected were met."""
    if count >= expected:
        return 1.0
    return sum(math.exp(n * math.log(expected) - expected - math.lgamma(n + 1)) for n in range(count + 1))
