"""An unlicensed frequency that carries a licensed station's programme as it is broadcast.

Why it is told: it is a matter of its own (an unlisted relay, or a pirate that borrows a programme as cover), and it
speaks a little against the usual pirate, whose adverts are its own. Licensed partners of a network are on the list and
are never judged here.
Innocent: a gap filler or a partner that the list does not have yet. Variant "receiver": what only one sensor hears, in
the same look, without delay and much weaker than the station, is most likely an image inside that receiver.
The weights are starting values: no counted body of cases stands behind them.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.programme_sets import HOLDS_NS, LEAST_TIMES, SAME_CHANNEL_HZ
from fusion.programme_values import ProgrammeLink
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "fm_relay", 1
WEIGHT_DB, RECEIVER_WEIGHT_DB = -5.0, -15.0
MOST_WANDER_S = 2.5  # of the delay: clocks by NTP, and a stream that is buffered anew
NO_DELAY_S, WEAKER_DB = 0.05, 15.0


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "fm" or emitter.licensed is not False:
        return None
    relayed = [
        (link, other)
        for link in emitter.programme_links
        if (other := scene.emitters.get(link.other)) is not None and _relays(emitter, other, link, scene)
    ]
    if not relayed:
        return None
    link, station = max(relayed, key=lambda pair: (pair[0].last_utc_ns, pair[0].overlap_s, pair[1].id))
    inside = _inside_a_receiver(emitter, link)
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.PROGRAMME,
        weight_db=RECEIVER_WEIGHT_DB if inside else WEIGHT_DB,
        variant="receiver" if inside else "relay",
        evidence={
            "licence": station.licence_name or "?",
            "station_mhz": round(station.freq_hz / 1e6, 2),
            "other": station.id,
            "delay_s": round(link.delay_s, 2),
            "times": link.times,
            "overlap_s": round(link.overlap_s, 1),
            "bit_errors": link.bit_error_rate,
        },
        baseline_n=link.times,
    )


def _relays(emitter: Emitter, other: Emitter, link: ProgrammeLink, scene: FusionScene) -> bool:
    return (
        other.licensed is True
        and link.simultaneous
        and link.times >= LEAST_TIMES
        and link.delay_high_s - link.delay_low_s <= MOST_WANDER_S
        and scene.now_ns - link.last_utc_ns <= HOLDS_NS
        and abs(other.freq_hz - emitter.freq_hz) > SAME_CHANNEL_HZ
    )


def _inside_a_receiver(emitter: Emitter, link: ProgrammeLink) -> bool:
    return (
        len(emitter.latest) == 1
        and link.one_look == link.times
        and max(abs(link.delay_low_s), abs(link.delay_high_s)) <= NO_DELAY_S
        and link.cnr_above_other_db <= -WEAKER_DB
    )
