"""Another identification on a licensed channel, by the transmitter that was always here: this speaks for it.

Carrier and pilot run by the oscillators they always had, and it is as loud as ever: its RDS coder restarted, or was
given a wrong name. Nobody else is on the air.
Guilty all the same: who took the station's own transmitter, or its studio.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_face import change
from dsp.signatures.station_record import trusted_pi

NAME, VERSION = "fm_same_transmitter", 1
MOST_RISE_DB = 3.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    pi, licences = trusted_pi(station), scene.licensed(station)
    listed = [each for each in licences if scene.licences.pis(each)]
    if pi is None or not listed or any(scene.licences.names(each, pi) for each in listed):
        return None
    now, rise_db = scene.traits(station), scene.rise_db(station)
    if now is None or now.pilot_ppm is None or rise_db is None or rise_db >= MOST_RISE_DB:
        return None
    same = [face for face in scene.faces(station) if face.pilot_ppm and not change(face, now, scene.now_ns).is_another]
    if not same:
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=-25.0,
        evidence={"looks": same[0].looks, "rise_db": round(rise_db, 1)},
        baseline_n=same[0].looks,
    )
