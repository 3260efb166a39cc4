"""One cell identity on two channels or with two colours at this sensor, by two frame clocks.

Why: a clone takes a real cell's name. None of 54 real cells seen again had two.
Innocent: a retune, when the old one is gone for ever: until it has been heard again, this weighs half ("first_look");
a repeater, indoor or frequency-shifting, keeps the frame clock; a distribution keeps channel and colour and so is one
record here. The same channel and colour with two clocks is gsm_frame_clock's.
Whose is it? The one that came clearly later; both half where nothing tells ("undecided").
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import CellRecord
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.frame_clock import wrapped_ns
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_clone_here", 1
ALIVE_NS = 600 * 10**9
JUST_NOW_NS = 120 * 10**9  # two sweeps
CLEARLY_LATER_NS = 120 * 10**9
SAME_CLOCK_NS = 5e6


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = scene.record(cell)
    twins = [twin for twin in _same_name(cell, scene) if not _one_clock(own, twin)]
    said = [(_variant(own, twin, scene), twin) for twin in twins]
    accused = [(variant, twin) for variant, twin in said if variant is not None]
    if not accused:
        return None
    variant, twin = max(accused, key=lambda item: scene.weights.db(NAME, item[0]))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={
            "lac": cell.lac or 0,
            "ci": cell.ci or 0,
            "arfcn": "?" if cell.arfcn is None else cell.arfcn,
            "bsic": cell.bsic,
            "other_arfcn": "?" if twin.arfcn is None else twin.arfcn,
            "other_bsic": twin.bsic,
            "seconds_apart": round((scene.now_ns - twin.last_ns) / 1e9),
        },
        baseline_n=len(twins),
    )


def _same_name(cell: GsmCell, scene: GsmScene) -> list[CellRecord]:
    if None in (cell.mcc, cell.mnc, cell.lac, cell.ci):
        return []
    return [record for record in scene.namesakes(cell, ALIVE_NS) if record.lac == cell.lac]


def _one_clock(own: CellRecord, twin: CellRecord) -> bool:
    """Known to count frames together: what repeats a cell does."""
    if own.phase_ns is None or twin.phase_ns is None:
        return False
    return abs(wrapped_ns(own.phase_ns - twin.phase_ns)) < SAME_CLOCK_NS


def _variant(own: CellRecord, twin: CellRecord, scene: GsmScene) -> str | None:
    later_ns = own.first_ns - twin.first_ns
    if twin.last_ns < own.first_ns:  # it may have moved here
        return "first_look" if later_ns > CLEARLY_LATER_NS and scene.now_ns - twin.last_ns <= JUST_NOW_NS else None
    if later_ns > CLEARLY_LATER_NS:
        return "both"
    return "undecided" if later_ns >= -CLEARLY_LATER_NS else None
