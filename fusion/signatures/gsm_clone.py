"""One cell identity on the air twice: on two channels, with two colours, or by two frame clocks.

Why: a clone takes a real cell's name. None of 54 real cells seen again had two.
Innocent: a retune, when the old one is gone for ever (both must be heard after the other began); a repeater or an
indoor distribution keeps channel, colour and frame clock, and so stays one emitter; one that shifts the channel keeps
the frame clock, where sensors can compare it.
Whose is it? The one with more against it otherwise, else the one that came later; both half where nothing tells.
"""

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.gsm_clock import same_frame_clock
from fusion.scene import FusionScene
from fusion.values import Emitter

NAME, VERSION = "gsm_clone", 2
CLEARLY_DB = 5.0
CLEARLY_LATER_NS = 120 * 10**9
SOON_NS = 120 * 10**9  # in which a sensor's own clock does not wander


def judge(emitter: Emitter, scene: FusionScene) -> Finding | None:
    if emitter.service != "gsm" or emitter.ci is None or not scene.alive(emitter):
        return None
    twins = [
        other
        for other in scene.on_air.namesakes(emitter)
        if _side_by_side(emitter, other) and not _one_clock(emitter, other)
    ]
    shares = [(share, twin) for twin in twins if (share := _share(emitter, twin)) > 0]
    if not shares:
        return None
    share, twin = max(shares, key=lambda item: (item[0], item[1].id))
    return Finding(
        name=NAME,
        version=VERSION,
        group=EvidenceGroup.RADIO_CLOCK,
        weight_db=scene.weights.db(NAME) * share,
        evidence={
            "ci": emitter.ci,
            "lac": emitter.lac or 0,
            "arfcn": emitter.arfcn or 0,
            "bsic": emitter.bsic or 0,
            "other_arfcn": twin.arfcn or 0,
            "other_bsic": twin.bsic or 0,
            "other": twin.id,
        },
        baseline_n=len(twins),
    )


def _side_by_side(a: Emitter, b: Emitter) -> bool:
    """Each was heard after the other had begun."""
    return a.last_seen_utc_ns > b.first_seen_utc_ns and b.last_seen_utc_ns > a.first_seen_utc_ns


def _one_clock(a: Emitter, b: Emitter) -> bool:
    """Some sensors' hearings show that the two count frames together, as a repeater onto another channel does."""
    return any(
        same_frame_clock(x, y, 0.0) for x in a.latest for y in b.latest if abs(x.time_utc_ns - y.time_utc_ns) <= SOON_NS
    )


def _share(emitter: Emitter, twin: Emitter) -> float:
    difference = _against(emitter) - _against(twin)
    if abs(difference) > CLEARLY_DB:
        return 1.0 if difference > 0 else 0.0
    later_ns = emitter.first_seen_utc_ns - twin.first_seen_utc_ns
    if abs(later_ns) > CLEARLY_LATER_NS:
        return 1.0 if later_ns > 0 else 0.0
    return 0.5


def _against(emitter: Emitter) -> float:
    """Strongest weight of each other finding, summed."""
    weights: dict[str, float] = {}
    for standing in emitter.findings:
        name, weight = standing.finding.name, standing.finding.weight_db
        if name != NAME and abs(weight) > abs(weights.get(name, 0.0)):
            weights[name] = weight
    return sum(weights.values())
