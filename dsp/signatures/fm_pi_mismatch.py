"""A licensed channel on which another programme identification is heard.

Why: a pirate on top of a licensed station brings its own RDS, or captures the receiver with none.
Innocent: regional variants of one network (second digit differs, or the list names them), a relay with the PI of its
network; another station of the channel whose PI the list does not say; PI 0000 of a faulty coder; a PI put together by
error correction near the threshold: only uncorrected groups count, and three of them.
A look in which the licensed PI gave way to another one counts too, before the other has most of the groups.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.licences import FmLicence
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import TRUSTED_GROUPS, trusted_pi

NAME, VERSION = "fm_pi_mismatch", 3
OWN_DB, BESIDE_DB = 15.0, 10.0  # the look's own; a second one in the same look, which another transmitter began in


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    licences = scene.licensed(station)
    listed = [(licence, known[0]) for licence in licences if (known := scene.licences.pis(licence))]
    own = trusted_pi(station)
    beside = next((pi for pi in station.pi_others if pi and not _named(pi, licences, scene)), None)
    pi = own if own is not None and not _named(own, licences, scene) else beside
    if pi is None or not listed or len(listed) < len(licences):
        return None
    licence, licence_pi = listed[0]
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=OWN_DB if pi == own else BESIDE_DB,
        evidence={
            "pi": f"{pi:04X}",
            "licence_pi": f"{licence_pi:04X}",
            "licence": licence.name,
            "groups": station.pi_groups if pi == own else TRUSTED_GROUPS,
            "threshold": TRUSTED_GROUPS,
        },
        baseline_n=len(listed),
    )


def _named(pi: int, licences: tuple[FmLicence, ...], scene: FmScene) -> bool:
    return any(scene.licences.names(licence, pi) for licence in licences)
