"""A known cell that is suddenly far louder than it ever was here at this hour.

Why: a clone nearby takes over the name of a distant cell.
Innocent: weather and traffic make a few dB; another antenna or amplifier, which lifts the other cells of the look, too;
the antenna was moved (after a week that is the new usual); a legitimate site close by is loud always, which is why the
measure is this cell's own past (robust z over a day of levels and more, by hour of the day) and not a fixed level. A
new cell that took over channel and colour of a distant one has no past: levels belong to a name, known for three days.
"""

import statistics

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_learning import LEAST_SIGMA_DB, ODD_Z, strength, wall_ns
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.hour_ring import Robust, covers_a_day, usual
from dsp.signatures.scene import GsmScene
from dsp.signatures.seen import days_named

NAME, VERSION = "gsm_power_jump", 4
GREAT_DB = 25.0  # no weather does that
LEAST_DAYS = 3


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    baseline = _usual(cell, scene)
    if baseline is None:
        return None
    rise_db = strength(cell) - baseline.middle_db
    z = rise_db / max(baseline.sigma_db, LEAST_SIGMA_DB)
    if z < ODD_Z or _lately_named(cell, scene) or _together(cell, rise_db, scene):
        return None
    variant = "great" if rise_db >= GREAT_DB else "some"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "rise_db": round(rise_db, 1),
            "usual": round(baseline.middle_db, 1),
            "z": round(z, 1),
            "threshold": ODD_Z,
        },
        baseline_n=baseline.n,
    )


def _usual(cell: GsmCell, scene: GsmScene) -> Robust | None:
    """Its level here at this hour; None until a day of levels was learnt."""
    past = scene.past(cell)
    if past is None or past.levels is None or not covers_a_day(past.levels):
        return None
    return usual(past.levels, wall_ns(cell, scene.now_ns))


def _lately_named(cell: GsmCell, scene: GsmScene) -> bool:
    """Whether the levels learnt on this channel and colour were those of a cell of another name."""
    past = scene.past(cell)
    days = None if past is None else days_named(past.seen, cell)
    return days is not None and days < LEAST_DAYS


def _together(cell: GsmCell, rise_db: float, scene: GsmScene) -> bool:
    """Whether the other cells of the look rose as well: then it was the sensor."""
    others = [
        strength(other) - baseline.middle_db
        for other in scene.cells
        if other is not cell and (baseline := _usual(other, scene)) is not None
    ]
    return bool(others) and statistics.median(others) > rise_db / 2
