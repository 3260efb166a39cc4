"""A licensed channel on which another programme identification is heard.

Why: a pirate on top of a licensed station brings its own RDS, or captures the receiver with none.
Innocent: regional variants of one network (second digit differs, or the list names them), a relay with the PI of its
network; PI 0000 of a faulty coder; a PI put together by
error correction near the threshold: only uncorrected groups count, and three of them.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import TRUSTED_GROUPS, trusted_pi

NAME, VERSION = "fm_pi_mismatch", 2


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    pi, licences = trusted_pi(station), scene.licensed(station)
    listed = [(licence, known[0]) for licence in licences if (known := scene.licences.pis(licence))]
    if pi is None or not listed or any(scene.licences.names(licence, pi) for licence, _ in listed):
        return None
    licence, licence_pi = listed[0]
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=15.0,
        evidence={
            "pi": f"{pi:04X}",
            "licence_pi": f"{licence_pi:04X}",
            "licence": licence.name,
            "groups": station.pi_groups,
            "threshold": TRUSTED_GROUPS,
        },
        baseline_n=len(listed),
    )
