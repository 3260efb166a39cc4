"""A cell that pulls phones to itself by its reselection offset.

Why: a rogue must win phones from cells that are stronger; CELL_RESELECT_OFFSET is how it is done.
Sign: with penalty time 31 the offset is subtracted and repels (3GPP TS 45.008 §6.4). Of 201 real cells three carry
the code 40 with penalty time 31: read without the sign they would be accused of repelling phones.
Innocent: hierarchical layers (micro, DCS 1800) attract by up to about 25 dB, all cells of the layer alike.
"""

from dsp.gsm.values import GsmCell
from dsp.signatures.cell_record import attraction_db
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import GsmScene

NAME, VERSION = "gsm_c2_attraction", 1
STRONG_DB, GREAT_DB = 30.0, 50.0
OVER_OTHERS_DB = 40.0


def judge(cell: GsmCell, scene: GsmScene) -> Finding | None:
    own = attraction_db(cell)
    if own is None:
        return None
    others = [r.attraction_db for r in scene.neighbours(cell) if r.attraction_db is not None]
    over_db = own - max(others, default=0.0)
    if own < STRONG_DB and over_db < OVER_OTHERS_DB:
        return None
    if others and over_db <= 0.0:
        return None  # the whole layer does the same
    variant = "great" if own >= GREAT_DB else "strong"
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=scene.weights.db(NAME, variant),
        variant=variant,
        evidence={"attraction_db": own, "threshold_db": STRONG_DB, "over_others_db": over_db},
        baseline_n=len(others),
    )
