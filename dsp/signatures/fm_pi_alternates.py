"""One channel, one sensor, two programme identifications within minutes.

Why: two transmitters take turns in capturing the receiver.
Innocent: a moving sensor between two licensed stations of the channel (both PIs are on the list); regional variants.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import TRUSTED_GROUPS, regional_variant, trusted_pi

NAME, VERSION = "fm_pi_alternates", 2
WINDOW_NS = 600 * 10**9


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record = scene.record(station)
    own, licensed = trusted_pi(station), {pi for each in scene.licensed(station) for pi in scene.licences.pis(each)}
    if record is None or own in licensed:
        return None  # the licensed one of the two is the victim
    recent = [h.pi for h in record.pis if scene.now_ns - h.last_ns <= WINDOW_NS and h.groups >= TRUSTED_GROUPS]
    pairs = [
        (a, b)
        for i, a in enumerate(recent)
        for b in recent[i + 1 :]
        if not regional_variant(a, b) and not {a, b} <= licensed
    ]
    if not pairs:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=14.0,  # a coder that was given another name once does the same: beside the mismatch, still a note
        evidence={"first_pi": f"{pairs[0][0]:04X}", "second_pi": f"{pairs[0][1]:04X}", "minutes": 10},
        baseline_n=len(recent),
    )
