"""From findings to one level, with what is missing to the next. Numbers are decibels (fusion.scores).

One finding never makes an alarm: with one case in 11,800 sensor-hours, *high* needs two kinds of evidence, and for GSM
one of clock, behaviour or place, which no copied broadcast can fake, each held over two sweeps. *Watch* takes one look
when one of these three accuses, two otherwise. What is licensed can be faulty, never a pirate. FM that endangers
aviation is *high* at once.
"""

import math
from dataclasses import dataclass

from dsp.signatures.finding import EvidenceGroup
from fusion.kinds import Kind, fm_kind, gsm_kind
from fusion.patience import patience
from fusion.scores import (
    CAPS_DB,
    GroupScore,
    group_scores,
    held,
    said_again,
    said_apart,
    scored,
    strongest,
    total_db,
)
from fusion.values import Delays, Emitter, Level, StandingFinding

__all__ = ["CAPS_DB", "THRESHOLDS_DB", "Missing", "Verdict", "group_scores", "judge", "judge_gsm", "strongest"]

AS_SHIPPED = Delays()
THRESHOLDS_DB = {Level.NOTE: 15.0, Level.WATCH: 30.0, Level.HIGH: 45.0}
BEYOND_COPYING = (EvidenceGroup.RADIO_CLOCK, EvidenceGroup.BEHAVIOUR, EvidenceGroup.PLACE)
LEAST_GROUPS = 2  # that accuse, for *high*
HELD_TIMES = 2  # looks in which a finding must have come before it counts beyond a note
AVIATION = frozenset({"fm_aviation", "fm_in_aviation_band"})
PRIOR_PER_CELL_DAY = 1e-4  # that a GSM cell heard on a day is a rogue


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a verdict from the next level.

    db    : short of its threshold by what counts there; 0 when enough
    needs : catalogue keys missing.<need>, besides the decibels
    """

    level: Level
    db: float
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """posterior : probability of a rogue after the evidence, from PRIOR_PER_CELL_DAY; None where no prior is known
    not_held     : names of accusations that count for a note only, until they come again
    """

    kind: str  # catalogue key case.<kind>
    level: Level | None
    score_db: float
    group_scores_db: dict[str, float]
    groups: tuple[GroupScore, ...] = ()
    missing: Missing | None = None  # None at the highest level
    posterior: float | None = None
    not_held: tuple[str, ...] = ()

    @property
    def capped(self) -> tuple[str, ...]:
        """Groups that had more to say than is counted."""
        return tuple(score.group.value for score in self.groups if score.capped)


def judge(emitter: Emitter, delays: Delays = AS_SHIPPED) -> Verdict:
    """The level all standing findings together earn, and what kind of case that is. `delays`: of FM."""
    return judge_gsm(emitter.findings) if emitter.service == "gsm" else _judge_fm(emitter, delays)


def judge_gsm(findings: tuple[StandingFinding, ...]) -> Verdict:
    """The same, of what stands on a GSM emitter or in its case."""
    kind = gsm_kind(findings)
    stages = {
        Level.NOTE: scored(findings),
        Level.WATCH: _for_watch(findings),
        Level.HIGH: scored(held(findings, HELD_TIMES)),
    }
    lacking = {level: _lacking(level, scores, kind) for level, scores in stages.items()}
    reached = [level for level, lacks in lacking.items() if lacks.db <= 0 and not lacks.needs]
    level = max([*reached, *_of_its_own(kind, findings)], default=None)
    above = Level.NOTE if level is None else min(level + 1, Level.HIGH)
    return _verdict(
        kind.name,
        level,
        stages[Level.NOTE],
        missing=None if level == Level.HIGH else lacking[Level(above)],
        posterior=posterior(total_db(stages[Level.NOTE])),
        not_held=_not_held(findings),
    )


def posterior(score_db: float, prior: float = PRIOR_PER_CELL_DAY) -> float:
    odds = prior / (1.0 - prior) * math.pow(10.0, score_db / 10.0)
    return odds / (1.0 + odds)


def _for_watch(findings: tuple[StandingFinding, ...]) -> tuple[GroupScore, ...]:
    """What came again, which a cell in the middle of an update does not; at once what is more than what it says."""
    scores = scored(findings)
    beyond = any(score.group in BEYOND_COPYING and score.score_db > 0 for score in scores)
    return scores if beyond else scored(said_again(findings, HELD_TIMES))


def _lacking(level: Level, scores: tuple[GroupScore, ...], kind: Kind) -> Missing:
    needs = ["kind"] if level > kind.most else []
    if level == Level.HIGH:
        accusing = [score.group for score in scores if score.score_db > 0]
        needs += ["groups"] if len(accusing) < LEAST_GROUPS else []
        needs += ["beyond_copying"] if not any(group in BEYOND_COPYING for group in accusing) else []
    return Missing(level, round(max(THRESHOLDS_DB[level] - total_db(scores), 0.0), 1), tuple(needs))


def _of_its_own(kind: Kind, findings: tuple[StandingFinding, ...]) -> tuple[Level, ...]:
    """The level a kind has whatever the score, once it was heard again."""
    again = any(s.finding.weight_db > 0 for s in said_again(findings, HELD_TIMES))
    return (kind.least,) if kind.least is not None and again else ()


def _not_held(findings: tuple[StandingFinding, ...]) -> tuple[str, ...]:
    counted = {s.finding.name for s in held(findings, HELD_TIMES)}
    return tuple(sorted({s.finding.name for s in findings} - counted))


def _judge_fm(emitter: Emitter, delays: Delays = AS_SHIPPED) -> Verdict:
    """A note at once; beyond it, what came in two looks `delays.alarm_s` apart. Aviation waits for nothing.

    A hijack is *high* when the two are told apart: by one sensor alone, or while all hear the same, it may be the
    station's own doing.
    """
    scores = scored(emitter.findings)
    alone = len({s.sensor for s in emitter.sightings if s.floor_dbm is None}) < 2
    counted = scored(said_apart(emitter.findings, round(delays.alarm_s * 1e9 * patience(emitter))))
    level, kind = _level(total_db(counted)), fm_kind(emitter)
    if alone or kind == "unknown_fm" or (kind == "hijack_fm" and emitter.licensed):
        level = _at_most(level, Level.WATCH)
    if kind == "fault_fm" or (kind == "hijack_fm" and sum(score.score_db > 0 for score in counted) < LEAST_GROUPS):
        level = _at_most(level, Level.NOTE)
    if _endangers_aviation(emitter, scores):
        level = Level.HIGH
    return _verdict(kind, level or _at_most(_level(total_db(scores)), Level.NOTE), scores)


def _endangers_aviation(emitter: Emitter, scores: tuple[GroupScore, ...]) -> bool:
    """Not licensed, on or towards a frequency of aviation, and by this look alone worth a watch: nobody waits then."""
    named = any(s.finding.name in AVIATION for s in emitter.findings)
    return named and not emitter.licensed and total_db(scores) >= THRESHOLDS_DB[Level.WATCH]


def _level(score_db: float) -> Level | None:
    return max((level for level, least in THRESHOLDS_DB.items() if score_db >= least), default=None)


def _at_most(level: Level | None, most: Level) -> Level | None:
    return None if level is None else min(level, most)


def _verdict(
    kind: str,
    level: Level | None,
    scores: tuple[GroupScore, ...],
    *,
    missing: Missing | None = None,
    posterior: float | None = None,
    not_held: tuple[str, ...] = (),
) -> Verdict:
    return Verdict(
        kind=kind,
        level=level,
        score_db=round(total_db(scores), 1),
        group_scores_db={score.group.value: round(score.score_db, 1) for score in scores},
        groups=scores,
        missing=missing,
        posterior=posterior,
        not_held=not_held,
    )
