"""A licensed channel whose pilot or RDS is injected by 0.8 kHz more or less than ever before here.

Why: another stereo coder is set otherwise; a station's own is not touched for years.
Innocent: a new coder or processor, a reserve transmitter, strong reflections.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_face import LEAST_INJECTION_HZ, change

NAME, VERSION = "fm_other_modulation", 1


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    faces, now = scene.faces(station), scene.traits(station)
    if not faces or now is None or not now.clear or not scene.may_be_its_own(station):
        return None
    offs = [change(face, now, scene.now_ns).injection_hz for face in faces]
    least = min((off for off in offs if off is not None), key=abs, default=None)
    if least is None or None in offs:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.CONFIGURATION,
        weight_db=7.0,
        evidence={"off_khz": round(least / 1e3, 2), "threshold_khz": LEAST_INJECTION_HZ / 1e3, "looks": faces[0].looks},
        baseline_n=faces[0].looks,
    )
