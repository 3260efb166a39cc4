"""An unlicensed carrier that several sensors receive: it is on the air, and no ghost inside one receiver.

Why: images and intermodulation differ from receiver to receiver and from place to place.
Innocent: intermodulation of the same two strong stations in two receivers (`fm_ghost` speaks for that). On a licensed
channel the weight is less, and no note by itself: something is on the air there anyway; and while nobody hears the
station beside it nothing is said, since a coder with a wrong name is heard by all as well. Another transmitter of a
synchronous network, where only the PI was set wrong, is the station itself.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.associate_fm import SAME_CARRIER_HZ, stations
from fusion.fm_likeness import same_coder
from fusion.licences import on_channel
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_heard_by_several", 4
LEAST_SENSORS, CLEAR_CNR_DB, LEAST_CNR_DB, LEAST_LOOKS = 2, 12.0, 6.0, 2
RECENT_NS = 180 * 10**9


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or emitter.licensed is not False:
        return None
    heard = [
        (latest, station.cnr_db)
        for latest, station in stations(emitter)
        if scene.now_ns - latest.time_utc_ns <= RECENT_NS and station.cnr_db >= LEAST_CNR_DB
    ]
    best = max((cnr for _, cnr in heard), default=0.0)
    if len(heard) < LEAST_SENSORS or best < CLEAR_CNR_DB or sum(latest.looks for latest, _ in heard) < LEAST_LOOKS:
        return None
    channel = on_channel(scene.licences, emitter.freq_hz, now_ns=scene.now_ns)
    if channel and not _beside_another(emitter, scene):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PLACE,
        weight_db=14.0 if channel else 20.0,
        evidence={"sensors": len(heard), "best_cnr_db": round(best, 1), "threshold_db": CLEAR_CNR_DB},
        baseline_n=len(heard),
    )


def _beside_another(emitter: Emitter, scene: FusionScene) -> bool:
    """Another emitter of the channel was heard of late, and since this one came, by whichever sensor."""
    least_ns = max(scene.now_ns - RECENT_NS, emitter.first_seen_utc_ns)
    return any(
        abs(other.freq_hz - emitter.freq_hz) < SAME_CARRIER_HZ
        and other.last_seen_utc_ns > least_ns
        and not _one_station(emitter, other)
        for other in scene.others(emitter)
    )


def _one_station(a: Emitter, b: Emitter) -> bool:
    """All but the PI is the same; who means to pass for a station copies its PI first."""
    return a.pi != b.pi and any(same_coder(x, y) for _, x in stations(a) for _, y in stations(b))
