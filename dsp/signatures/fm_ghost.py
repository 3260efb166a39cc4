"""A carrier that strong stations can make inside the receiver: this speaks for it.

Two strong carriers f1 and f2 leave false ones at 2·f1−f2 in an overloaded receiver.
Guilty all the same: a pirate who by chance sits there. Another sensor, with other strong stations, decides.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene

NAME, VERSION = "fm_ghost", 1
STRONGER_DB, NEAR_HZ = 25.0, 15e3


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    if scene.licensed(station):
        return None
    strong = [s.freq_hz for s in scene.stations if s.cnr_db >= station.cnr_db + STRONGER_DB]
    for first in strong:
        for second in strong:
            if first != second and abs(2 * first - second - station.freq_hz) <= NEAR_HZ:
                return Finding(
                    name=NAME,
                    version=VERSION,
                    group=EvidenceGroup.LICENCE,
                    weight_db=-15.0,
                    evidence={"first_mhz": round(first / 1e6, 2), "second_mhz": round(second / 1e6, 2)},
                    baseline_n=len(strong),
                )
    return None
