"""From findings to one level. Numbers are decibels: 10·log10 of likelihood ratios, summed in groups that are capped.

One finding never makes an alarm: with one case in 11,800 sensor-hours, *high* needs two kinds of evidence, and for GSM
one of clock, behaviour or place, which no copied broadcast can fake. What is licensed can be faulty, never a pirate.
"""

from dataclasses import dataclass

from dsp.signatures.finding import EvidenceGroup
from fusion.values import Emitter, Level, StandingFinding

CAPS_DB: dict[EvidenceGroup, float] = {
    EvidenceGroup.IDENTITY: 15.0,
    EvidenceGroup.CONFIGURATION: 25.0,
    EvidenceGroup.TOPOLOGY: 15.0,
    EvidenceGroup.BEHAVIOUR: 20.0,
    EvidenceGroup.RADIO_CLOCK: 25.0,
    EvidenceGroup.PLACE: 20.0,
    EvidenceGroup.LICENCE: 30.0,
    EvidenceGroup.PROGRAMME: 25.0,
}
THRESHOLDS_DB = {Level.NOTE: 15.0, Level.WATCH: 30.0, Level.HIGH: 45.0}
BEYOND_COPYING = (EvidenceGroup.RADIO_CLOCK, EvidenceGroup.BEHAVIOUR, EvidenceGroup.PLACE)
HELD_TIMES = 2  # looks in which a finding must have come before it counts beyond a note
ALONE_TIMES = 3  # the same where one sensor is all there is
PRETENDS = ("gsm_clone",)  # with one of these standing, a list that knows the name proves nothing
TAKEN_BACK = ("gsm_known_cell",)


@dataclass(frozen=True, slots=True)
class Verdict:
    kind: str  # catalogue key case.<kind>
    level: Level | None
    score_db: float
    group_scores_db: dict[str, float]


def judge(emitter: Emitter) -> Verdict:
    """The level all standing findings together earn, and what kind of case that is."""
    return _judge_gsm(emitter) if emitter.service == "gsm" else _judge_fm(emitter)


def strongest(findings: tuple[StandingFinding, ...]) -> tuple[StandingFinding, ...]:
    """One for each name: sensors that hear the same broadcast repeat each other. Times add up."""
    best: dict[str, StandingFinding] = {}
    for standing in findings:
        name = standing.finding.name
        if name not in best or abs(standing.finding.weight_db) > abs(best[name].finding.weight_db):
            best[name] = standing
    if any(name in best for name in PRETENDS):
        best = {name: s for name, s in best.items() if name not in TAKEN_BACK}
    return tuple(best.values())


def times(findings: tuple[StandingFinding, ...], name: str) -> int:
    return sum(s.times for s in findings if s.finding.name == name)


def group_scores(findings: tuple[StandingFinding, ...]) -> dict[EvidenceGroup, float]:
    """Evidence against, capped by group; evidence for is taken off its group uncapped."""
    sums: dict[EvidenceGroup, float] = {}
    against: dict[EvidenceGroup, float] = {}
    for standing in strongest(findings):
        group, weight = standing.finding.group, standing.finding.weight_db
        target = against if weight > 0 else sums
        target[group] = target.get(group, 0.0) + weight
    for group, weight in against.items():
        sums[group] = sums.get(group, 0.0) + min(weight, CAPS_DB[group])
    return sums


def _held(emitter: Emitter, least: int) -> tuple[StandingFinding, ...]:
    return tuple(
        s for s in emitter.findings if s.finding.weight_db <= 0 or times(emitter.findings, s.finding.name) >= least
    )


def _accusing(scores: dict[EvidenceGroup, float]) -> tuple[EvidenceGroup, ...]:
    return tuple(group for group, score in scores.items() if score > 0)


def _level(score_db: float) -> Level | None:
    return max((level for level, least in THRESHOLDS_DB.items() if score_db >= least), default=None)


def _at_most(level: Level | None, most: Level) -> Level | None:
    return None if level is None else min(level, most)


def _judge_gsm(emitter: Emitter) -> Verdict:
    scores = group_scores(emitter.findings)
    held = group_scores(_held(emitter, HELD_TIMES))
    groups = _accusing(held)
    level = _level(sum(held.values()))
    if len(groups) < 2 or not any(group in BEYOND_COPYING for group in groups):
        level = _at_most(level, Level.WATCH)
    level = level or _at_most(_level(sum(scores.values())), Level.NOTE)
    only_identity = set(_accusing(scores)) <= {EvidenceGroup.IDENTITY}
    return _verdict("unknown_gsm" if only_identity else "rogue_bts", level, scores)


def _judge_fm(emitter: Emitter) -> Verdict:
    scores = group_scores(emitter.findings)
    sensors = {s.sensor for s in emitter.sightings if s.floor_dbm is None}
    alone = len(sensors) < 2
    held = group_scores(_held(emitter, ALONE_TIMES if alone else HELD_TIMES))
    level = _level(sum(held.values()))
    kind = fm_kind(emitter)
    if alone or kind in {"fault_fm", "unknown_fm"}:
        level = _at_most(level, Level.WATCH)
    if kind == "hijack_fm" and len(_accusing(held)) < 2:
        level = _at_most(level, Level.NOTE)
    level = level or _at_most(_level(sum(scores.values())), Level.NOTE)
    return _verdict(kind, level, scores)


def fm_kind(emitter: Emitter) -> str:
    """An unlicensed emitter on a licensed channel took it; elsewhere it is a pirate of its own."""
    names = {s.finding.name for s in emitter.findings}
    if emitter.licensed:
        return "fault_fm"
    if emitter.licensed is None:
        return "unknown_fm"
    return "pirate_fm" if "fm_unlicensed" in names else "hijack_fm"


def _verdict(kind: str, level: Level | None, scores: dict[EvidenceGroup, float]) -> Verdict:
    rounded = {group.value: round(score, 1) for group, score in scores.items()}
    return Verdict(kind=kind, level=level, score_db=round(sum(scores.values()), 1), group_scores_db=rounded)
