"""A programme identification that is an encoder's factory setting.

Why: nobody assigned it. Real pirates sent 1000.
Innocent: a licensed station whose coder lost its settings.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_record import trusted_pi

NAME, VERSION = "fm_default_pi", 1
DEFAULTS = (0x1000, 0x1234, 0xFFFF, 0xABCD)


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    pi = trusted_pi(station)
    if pi not in DEFAULTS or any(pi in scene.licences.pis(each) for each in scene.licensed(station)):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.IDENTITY,
        weight_db=6.0,
        evidence={"pi": f"{pi:04X}", "groups": station.pi_groups},
    )
