"""Cases: opened by a verdict, raised at once, lowered slowly, closed by silence or when nothing is left of them."""

import msgspec

from fusion.judge import THRESHOLDS_DB, Verdict
from fusion.naming import name_of
from fusion.values import Case, CaseStep, Emitter, Level

SILENCE_NS = 600 * 10**9
HYSTERESIS_DB = 5.0
LOWER_AFTER_NS = 120 * 10**9
MOST_STEPS = 64


def step_case(
    case: Case | None,
    emitter: Emitter,
    verdict: Verdict,
    *,
    cause: tuple[str, str, int],
    now_ns: int,
    lower_after_ns: int = LOWER_AFTER_NS,
) -> Case | None:
    """The case after a verdict on its emitter; None: nothing to open. `cause` is the identity of the report.

    lower_after_ns : a level that nothing has supported for so long is left
    """
    if case is None:
        return _opened(emitter, verdict, cause=cause, now_ns=now_ns)
    supported = _supported(case, verdict, now_ns)
    level = _level(case, verdict, supported, now_ns - lower_after_ns)
    if level is None:
        return close(case, "cleared", now_ns)
    changed = level != case.level
    step = CaseStep(time_utc_ns=now_ns, level=level, score_db=verdict.score_db)
    return msgspec.structs.replace(
        case,
        kind=verdict.kind if verdict.level is not None else case.kind,
        level=level,
        score_db=verdict.score_db,
        group_scores_db=verdict.group_scores_db,
        findings=emitter.findings,
        changed_utc_ns=now_ns if changed else case.changed_utc_ns,
        steps=_bounded((*case.steps, step)) if changed else case.steps,
        supported_utc_ns=supported,
    )


def close(case: Case, why: str, now_ns: int) -> Case:
    return msgspec.structs.replace(case, closed_utc_ns=now_ns, closed_why=why, changed_utc_ns=now_ns)


def silent(emitter: Emitter, now_ns: int, after_ns: int = SILENCE_NS) -> bool:
    return now_ns - emitter.last_seen_utc_ns > after_ns


def why_silent(emitter: Emitter) -> str:
    """Somebody listened there afterwards and heard nothing; or nobody listened."""
    heard = [s.time_utc_ns for s in emitter.sightings if s.floor_dbm is None]
    listened = [s.time_utc_ns for s in emitter.sightings if s.floor_dbm is not None]
    since_ns = max(heard, default=emitter.last_seen_utc_ns)  # noise is not sighted, only found
    return "silent" if listened and max(listened) > since_ns else "not_watched"


def _opened(emitter: Emitter, verdict: Verdict, *, cause: tuple[str, str, int], now_ns: int) -> Case | None:
    if verdict.level is None:
        return None
    return Case(
        id=name_of("case", emitter.id, *cause),
        emitter_id=emitter.id,
        kind=verdict.kind,
        level=verdict.level,
        score_db=verdict.score_db,
        group_scores_db=verdict.group_scores_db,
        findings=emitter.findings,
        opened_utc_ns=now_ns,
        changed_utc_ns=now_ns,
        steps=(CaseStep(time_utc_ns=now_ns, level=verdict.level, score_db=verdict.score_db),),
        supported_utc_ns={level: now_ns for level in Level if level <= verdict.level},
    )


def _supported(case: Case, verdict: Verdict, now_ns: int) -> dict[Level, int]:
    """When each level was last supported: a verdict of at least it; for one that the case has, a score near it."""
    known = case.supported_utc_ns or {level: case.changed_utc_ns for level in Level if level <= case.level}
    reached = {level for level in Level if verdict.level is not None and level <= verdict.level}
    near = {level for level in Level if level <= case.level and verdict.score_db > THRESHOLDS_DB[level] - HYSTERESIS_DB}
    return known | {level: max(now_ns, known.get(level, now_ns)) for level in reached | near}


def _level(case: Case, verdict: Verdict, supported: dict[Level, int], since_ns: int) -> Level | None:
    """Up at once, by this verdict alone. Down to what was supported since then."""
    most = max(case.level, verdict.level or case.level)
    held = (level for level, at_ns in supported.items() if level <= most and at_ns > since_ns)
    return max(held, default=None)


def _bounded(steps: tuple[CaseStep, ...]) -> tuple[CaseStep, ...]:
    """At most MOST_STEPS: the oldest goes, but never a first rise to a level, so that the highest ever stays known."""
    if len(steps) <= MOST_STEPS:
        return steps
    highest = [max((s.level for s in steps[:n]), default=0) for n in range(len(steps))]
    oldest = next(n for n, step in enumerate(steps) if step.level <= highest[n])
    return steps[:oldest] + steps[oldest + 1 :]
