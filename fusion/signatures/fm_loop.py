"""An unlicensed transmitter that repeats an hour or less of sound over and over.

Why: most pirates play medicine adverts from a file, all night and unattended.
Innocent: a lawful station in trial operation, or a notice on a loop (traffic, tourism); jingles and hits that come
again do not make a loop: the repertoire they imply is many hours.
The weight is a starting value: no counted body of cases stands behind it.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.programme_loop import MOST_REPERTOIRE_S, is_loop
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_loop", 1
WEIGHT_DB = 8.0
HOLDS_NS = 3600 * 10**9  # since something last came again


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    loop = emitter.loop
    if emitter.licensed is not False or loop is None or not is_loop(loop):
        return None
    if scene.now_ns - loop.last_utc_ns > HOLDS_NS:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=WEIGHT_DB,
        evidence={
            "repertoire_min": round(loop.repertoire_s / 60, 1),
            "threshold_min": MOST_REPERTOIRE_S / 60,
            "period": "–" if loop.period_s is None else f"{loop.period_s:.1f} s",
            "looks": loop.looks,
            "recurring": loop.recurring,
            "share": round(loop.recurring / loop.looks, 2),
            "hours": round((loop.last_utc_ns - loop.since_utc_ns) / 3.6e12, 1),
        },
        baseline_n=loop.looks,
    )
