"""Two programmes on one licensed channel at about the same time.

Why: a transmitter on top of a licensed station captures the receivers near it; the others still hear the station.
Innocent: synchronous FM (one programme from several sites stays one emitter); two licensed stations that share the
channel far apart (both on the list); one station whose coder fails or flickers, which all sensors then hear alike:
hence both must go on together, and where only pilot and RDS tell them apart, each must have sensors of its own; a wrong
PI at one transmitter of a synchronous network, whose name, pilot and RDS are as everywhere in it.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.station_record import regional_variant
from fusion.associate_fm import SAME_CARRIER_HZ, stations
from fusion.fm_likeness import same_coder, same_programme
from fusion.licences import on_channel
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_two_programmes", 3
SOON_NS = 120 * 10**9
LEAST_LOOKS = 2


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or emitter.licensed is not False:
        return None
    if not on_channel(scene.licences, emitter.freq_hz, now_ns=scene.now_ns):
        return None
    rivals = [
        other
        for other in scene.others(emitter)
        if other.licensed and abs(other.freq_hz - emitter.freq_hz) < SAME_CARRIER_HZ and _in_turns(emitter, other)
    ]
    if not rivals:
        return None
    rival = max(rivals, key=lambda other: (other.last_seen_utc_ns, other.id))
    how = _how(emitter, rival)
    if how is None or (how == "pilot" and not _own_sensors(emitter, rival)):
        return None
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=15.0 if how == "pilot" else 25.0,
        evidence={
            "by": how,
            "licence": rival.licence_name or "?",
            "sensors_here": len(emitter.latest),
            "sensors_there": len(rival.latest),
            "seconds_apart": round(_apart_ns(emitter, rival) / 1e9),
            "other": rival.id,
        },
        baseline_n=_looks(emitter),
    )


def _how(emitter: Emitter, rival: Emitter) -> str | None:
    """What tells the two apart: "pi", "programme", or only "pilot" (and RDS), there and not there.

    None: they say the same PI, or all but the PI is the same, and nothing shows that the programmes differ.
    """
    pairs = [(a, b) for _, a in stations(emitter) for _, b in stations(rival)]
    same = emitter.pi is not None and rival.pi is not None and regional_variant(emitter.pi, rival.pi)
    differ = any(same_programme(a, b) is False for a, b in pairs)
    if emitter.pi is not None and rival.pi is not None and not same:
        return "pi" if differ or not any(same_coder(a, b) for a, b in pairs) else None
    if differ:
        return "programme"
    return None if same else "pilot"


def _own_sensors(emitter: Emitter, rival: Emitter) -> bool:
    """Each has a sensor that heard it twice and never the other, and few hear both."""
    here = {latest.sensor for latest in emitter.latest if latest.looks >= LEAST_LOOKS}
    there = {latest.sensor for latest in rival.latest if latest.looks >= LEAST_LOOKS}
    only_here = here - {latest.sensor for latest in rival.latest}
    only_there = there - {latest.sensor for latest in emitter.latest}
    return min(len(only_here), len(only_there)) > max(0, len(here & there) - 1)


def _in_turns(emitter: Emitter, rival: Emitter) -> bool:
    """Both on the air: the rival after the emitter had begun, the two soon after each other, and more than once."""
    return (
        rival.last_seen_utc_ns > emitter.first_seen_utc_ns
        and emitter.last_seen_utc_ns > emitter.first_seen_utc_ns
        and _apart_ns(emitter, rival) <= SOON_NS
        and _looks(emitter) >= LEAST_LOOKS
    )


def _apart_ns(a: Emitter, b: Emitter) -> int:
    return min((abs(x.time_utc_ns - y.time_utc_ns) for x in a.latest for y in b.latest), default=SOON_NS + 1)


def _looks(emitter: Emitter) -> int:
    return sum(latest.looks for latest in emitter.latest)
