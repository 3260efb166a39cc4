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
    case: Case | None, emitter: Emitter, verdict: Verdict, *, cause: tuple[str, str, int], now_ns: int
) -> Case | None:
    """The case after a verdict on its emitter; None: nothing to open. `cause` is the identity of the report."""
    if case is None:
        return _opened(emitter, verdict, cause=cause, now_ns=now_ns)
    level = _next_level(case, verdict, now_ns)
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
        steps=(*case.steps, step)[-MOST_STEPS:] if changed else case.steps,
    )


def close(case: Case, why: str, now_ns: int) -> Case:
    return msgspec.structs.replace(case, closed_utc_ns=now_ns, closed_why=why, changed_utc_ns=now_ns)


def silent(emitter: Emitter, now_ns: int) -> bool:
    return now_ns - emitter.last_seen_utc_ns > SILENCE_NS


def why_silent(emitter: Emitter) -> str:
    """Somebody listened there afterwards and heard nothing; or nobody listened."""
    heard = [s.time_utc_ns for s in emitter.sightings if s.floor_dbm is None]
    listened = [s.time_utc_ns for s in emitter.sightings if s.floor_dbm is not None]
    return "silent" if heard and listened and max(listened) > max(heard) else "not_watched"


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
    )


def _next_level(case: Case, verdict: Verdict, now_ns: int) -> Level | None:
    """Up at once. Down only well under the threshold, and not soon after the last change."""
    if verdict.level is not None and verdict.level >= case.level:
        return verdict.level
    near = verdict.score_db > THRESHOLDS_DB[case.level] - HYSTERESIS_DB
    if near or now_ns - case.changed_utc_ns < LOWER_AFTER_NS:
        return case.level
    return verdict.level
