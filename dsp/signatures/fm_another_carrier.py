"""A licensed channel whose carrier or pilot runs by another oscillator than ever before here.

Why: a transmitter that captures the receiver brings its own oscillators, whatever name it copies. The pilot is read to
a few ten-thousandths of a hertz in two seconds and coders differ by hundredths; carriers differ by hundreds of hertz.
The sensor's own oscillator is taken out by the other stations it hears.
Innocent: a reserve transmitter, a new coder, a repair: these are no louder than the station was (`fm_louder`). Another
of several transmitters licensed on the channel, which makes it weigh little.
Guilty all the same: an exciter and a coder that happen to be as true as those they cover.
"""

from dsp.fm.values import FmStation
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.scene import FmScene
from dsp.signatures.station_clock import PILOT_HZ
from dsp.signatures.station_face import CLEAR_CNR_DB, Change, change

NAME, VERSION = "fm_another_carrier", 1
GREAT_PPM = 3.0
LEAST_SINR_DB = 4.5  # of two on a channel, the one that is 3 dB stronger is measured as if it were alone
SMALL_DB, GREAT_DB, PILOT_DB, MOST_DB, SHARED_DB = 16.0, 20.0, 16.0, 25.0, 6.0


def judge(station: FmStation, scene: FmScene) -> Finding | None:
    faces, now = scene.faces(station), scene.traits(station)
    if not faces or now is None or not scene.may_be_its_own(station) or station.cnr_db < CLEAR_CNR_DB:
        return None
    if station.sinr_db is not None and station.sinr_db < LEAST_SINR_DB:
        return None
    changes = [change(face, now, scene.now_ns) for face in faces]
    if not all(each.is_another for each in changes):
        return None
    least = min(changes, key=_weight_db)
    shared = len(scene.licensed(station)) > 1
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=SHARED_DB if shared else _weight_db(least),
        variant="+".join(what for what, off in (("carrier", least.carrier_ppm), ("pilot", least.pilot_ppm)) if off),
        evidence={
            "carrier_hz": round((least.carrier_ppm or 0.0) * 1e-6 * station.freq_hz),
            "pilot_mhz": round((least.pilot_ppm or 0.0) * 1e-3 * PILOT_HZ, 1),
            "looks": faces[0].looks,
            "shared": shared,
        },
        baseline_n=sum(face.looks for face in faces),
    )


def _weight_db(differs: Change) -> float:
    carrier_db = 0.0
    if differs.carrier_ppm is not None:
        carrier_db = GREAT_DB if abs(differs.carrier_ppm) >= GREAT_PPM else SMALL_DB
    return min(MOST_DB, carrier_db + (PILOT_DB if differs.pilot_ppm is not None else 0.0))
