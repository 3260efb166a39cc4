"""A cell whose frame clock has run on for a day and more: this speaks for it.

Why: it is one transmitter that stands still and was never off; a copy cannot meet another's frame count.
Guilty all the same: a rogue that runs day and night, hence not said with anything against the cell (`trust`).
Long gaps between looks count only in part, so that a clock that leaps makes no day.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_clock_continuous", 1
LEAST_NS = 24 * 3600 * 10**9
LEAST_POINTS = 12


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    past, clock = scene.past(cell), scene.record(cell).clock
    if past is None or past.doubted or clock is None or clock.off is not False or clock.ci != cell.ci:
        return None
    if clock.covered_ns < LEAST_NS or clock.line.points < LEAST_POINTS or not scene.after.clock_sure(scene.now_ns):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME),
        evidence={
            "hours": round(clock.covered_ns / 3600e9),
            "threshold_hours": 24,
            "sigma_ms": round(clock.line.sigma_ns / 1e6, 2),
            "slope_ppm": round(clock.line.slope / 1e3, 4),
        },
        baseline_n=clock.line.points,
    )
