"""Weights of evidence, summed in groups. Numbers are decibels: 10·log10 of likelihood ratios.

Findings of one group say much the same thing, so what a group can accuse is capped; what speaks for innocence is taken
off its group uncapped.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dsp.signatures.finding import EvidenceGroup
from fusion.values import StandingFinding

CAPS_DB: dict[EvidenceGroup, float] = {
    EvidenceGroup.IDENTITY: 15.0,
    EvidenceGroup.CONFIGURATION: 25.0,
    EvidenceGroup.TOPOLOGY: 15.0,
    EvidenceGroup.BEHAVIOUR: 20.0,
    EvidenceGroup.RADIO_CLOCK: 35.0,  # frame count and carrier are two witnesses: when it began, and how true it runs
    EvidenceGroup.PLACE: 20.0,
    EvidenceGroup.LICENCE: 30.0,
    EvidenceGroup.PROGRAMME: 25.0,
}
PRETENDS = {("gsm_clone", None), ("gsm_clone_here", "both")}  # (name, variant): what knows the name proves nothing then
TAKEN_BACK = ("gsm_known_cell", "gsm_seen_unchanged", "gsm_clock_continuous")
TAKEN_OVER = ("gsm_seen_unchanged", "gsm_clock_continuous", "gsm_paging_normal")  # said of who was there before
ONE_FACT = {"gsm_clone_here": "gsm_clone", "gsm_carrier_drift": "gsm_carrier_offset"}  # the heavier of the two counts
RESTART = frozenset({"after_outage"})  # variants of gsm_frame_clock that a restart explains


@dataclass(frozen=True, slots=True)
class GroupScore:
    """against_db : what accuses, before the cap
    for_db        : what speaks for innocence, 0 or less
    """

    group: EvidenceGroup
    against_db: float
    for_db: float

    @property
    def cap_db(self) -> float:
        return CAPS_DB[self.group]

    @property
    def capped(self) -> bool:
        return self.against_db > self.cap_db

    @property
    def score_db(self) -> float:
        return min(self.against_db, self.cap_db) + self.for_db


def strongest(findings: Iterable[StandingFinding]) -> tuple[StandingFinding, ...]:
    """One for each name: sensors that hear the same broadcast repeat each other."""
    best: dict[str, StandingFinding] = {}
    for standing in findings:
        name = standing.finding.name
        if name not in best or abs(standing.finding.weight_db) > abs(best[name].finding.weight_db):
            best[name] = standing
    if any((s.finding.name, s.finding.variant) in PRETENDS for s in best.values()):
        best = {name: s for name, s in best.items() if name not in TAKEN_BACK}
    jump = best.get("gsm_frame_clock")
    if jump is not None and jump.finding.variant not in RESTART:
        best = {name: s for name, s in best.items() if name not in TAKEN_OVER}
    return tuple(s for name, s in best.items() if not _said_better(name, best))


def _said_better(name: str, best: dict[str, StandingFinding]) -> bool:
    """By another name for the same fact; of two alike, the one that is listed as the fact stays."""
    fact = ONE_FACT.get(name, name)
    same = [other for other in best if ONE_FACT.get(other, other) == fact]
    stays = max(same, key=lambda other: (best[other].finding.weight_db, other == fact))
    return name != stays and best[name].finding.weight_db > 0


def scored(findings: Iterable[StandingFinding]) -> tuple[GroupScore, ...]:
    """Every group that says anything, in the order of EvidenceGroup."""
    against: dict[EvidenceGroup, float] = {}
    innocent: dict[EvidenceGroup, float] = {}
    for standing in strongest(findings):
        group, weight = standing.finding.group, standing.finding.weight_db
        side = against if weight > 0 else innocent
        side[group] = side.get(group, 0.0) + weight
    groups = (group for group in EvidenceGroup if group in against or group in innocent)
    return tuple(GroupScore(group, against.get(group, 0.0), innocent.get(group, 0.0)) for group in groups)


def group_scores(findings: Iterable[StandingFinding]) -> dict[EvidenceGroup, float]:
    return {score.group: score.score_db for score in scored(findings)}


def total_db(scores: Iterable[GroupScore]) -> float:
    return sum(score.score_db for score in scores)


def said_again(findings: tuple[StandingFinding, ...], least: int) -> tuple[StandingFinding, ...]:
    """What came in `least` looks of all sensors together; what speaks for innocence counts at once."""
    looks: Counter[str] = Counter()
    for standing in findings:
        looks[standing.finding.name] += standing.times
    return tuple(s for s in findings if s.finding.weight_db <= 0 or looks[s.finding.name] >= least)


def said_apart(findings: tuple[StandingFinding, ...], apart_ns: int) -> tuple[StandingFinding, ...]:
    """What one and the same sensor saw in two looks at least `apart_ns` apart; innocence counts at once.

    Two sensors that each hear a fading carrier once do not confirm each other.
    """
    again = {s.finding.name for s in findings if s.times > 1 and s.last_utc_ns - s.first_utc_ns >= apart_ns}
    return tuple(s for s in findings if s.finding.weight_db <= 0 or s.finding.name in again)


def held(findings: tuple[StandingFinding, ...], least: int) -> tuple[StandingFinding, ...]:
    """What one and the same sensor saw in `least` of its looks: it outlived a sweep. Innocence counts at once."""
    return tuple(s for s in findings if s.finding.weight_db <= 0 or _most_looks(s, findings) >= least)


def _most_looks(standing: StandingFinding, findings: tuple[StandingFinding, ...]) -> int:
    """By the sensor that has most of them. Fusion's own findings come with reports of several sensors."""
    same = (s for s in findings if s.finding.name == standing.finding.name)
    return max(s.times if s.sensor is not None or not s.reports else _by_sensor(s) for s in same)


def _by_sensor(standing: StandingFinding) -> int:
    return max(Counter(sensor for sensor, _, _ in standing.reports).values())
