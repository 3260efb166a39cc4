from fusion.case import step_case
from fusion.judge import Verdict
from fusion.values import Case, Emitter, Level
from tests.fusion.test_judge import emitter

SECOND = 10**9
CAUSE = ("a", "0" * 32, 7)
SUSPECT: Emitter = emitter()


def verdict(score_db: float) -> Verdict:
    level = max(
        (level for level, least in ((Level.NOTE, 15), (Level.WATCH, 30), (Level.HIGH, 45)) if score_db >= least),
        default=None,
    )
    return Verdict(kind="rogue_bts", level=level, score_db=score_db, group_scores_db={})


def run(*scores: tuple[float, float]) -> list[Case | None]:
    """Cases after each (second, score)."""
    case, cases = None, []
    for second, score_db in scores:
        case = step_case(case, SUSPECT, verdict(score_db), cause=CAUSE, now_ns=round(second * SECOND))
        cases.append(case)
    return cases


def levels(*scores: tuple[float, float]) -> list[Level | None]:
    return [None if case is None or case.closed_utc_ns else case.level for case in run(*scores)]


def test_nothing_opens_below_a_note():
    assert run((0, 14.0)) == [None]


def test_a_case_rises_at_once():
    assert levels((0, 16.0), (1, 31.0), (2, 46.0)) == [Level.NOTE, Level.WATCH, Level.HIGH]


def test_a_score_that_wavers_about_a_threshold_changes_nothing():
    wavering = [(10.0 * i, 46.0 if i % 2 else 42.0) for i in range(1, 60)]
    assert set(levels(*wavering)) == {Level.HIGH}


def test_a_case_falls_only_well_below_and_not_soon_after_it_rose():
    assert levels((0, 46.0), (60, 32.0), (119, 32.0), (121, 32.0)) == [Level.HIGH] * 3 + [Level.WATCH]


def test_a_case_closes_when_nothing_is_left_of_it():
    last = run((0, 16.0), (60, 3.0), (130, 3.0))[-1]
    assert last is not None
    assert (last.closed_why, last.closed_utc_ns) == ("cleared", 130 * SECOND)


def test_steps_tell_every_change_of_level():
    last = run((0, 16.0), (1, 16.5), (2, 31.0), (3, 33.0), (4, 46.0))[-1]
    assert last is not None
    assert [(step.level, step.time_utc_ns // SECOND) for step in last.steps] == [
        (Level.NOTE, 0),
        (Level.WATCH, 2),
        (Level.HIGH, 4),
    ]
    assert last.opened_utc_ns == 0
    assert last.changed_utc_ns == 4 * SECOND


def test_the_name_of_a_case_follows_from_the_report_that_opened_it():
    (first,), (again,) = run((0, 16.0)), run((0, 20.0))
    assert first is not None
    assert again is not None
    assert first.id == again.id
