"""A carrier that moved with the receiver's centre in a second look: the receiver made it. This speaks for it.

An image, or a product of I and Q clipped each by itself, stands elsewhere with the receiver tuned 300 kHz higher; what
is on the air stays. The sensor looks a second time at whatever is new on a free channel; what it saw holds six hours.
Guilty all the same: a pirate who went off the air between the two looks while another came on where a ghost would be.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_moved", 1
WEIGHT_DB, HOLDS_NS = -40.0, 6 * 3600 * 10**9


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    record = scene.record(station)
    if record is None or record.moved_ns is None or scene.now_ns - record.moved_ns > HOLDS_NS:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.LICENCE,
        weight_db=WEIGHT_DB,
        evidence={
            "freq_mhz": round(station.freq_hz / 1e6, 2),
            "minutes": (scene.now_ns - record.moved_ns) // 60 // 10**9,
        },
        baseline_n=record.looks,
    )
