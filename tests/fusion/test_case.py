import msgspec

from fusion.case import LOWER_AFTER_NS, MOST_STEPS, step_case
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


def test_a_case_long_high_does_not_fall_on_a_few_seconds_of_weaker_verdicts():
    """One sensor that looks elsewhere for a moment takes its evidence along; it is back some seconds later."""
    long_high = [(10.0 * i, 50.0) for i in range(30)]
    dip = [(291.0 + i, 40.0) for i in range(20)]
    assert set(levels(*long_high, *dip, (312, 50.0))) == {Level.HIGH}


def test_a_case_falls_once_when_no_verdict_has_supported_its_level_for_long_enough():
    weaker = [(10.0 * i, 40.0) for i in range(2, 60)]
    cases = run((0, 50.0), (10, 50.0), *weaker)
    last = cases[-1]
    assert last is not None
    assert [(s.level, s.time_utc_ns) for s in last.steps] == [
        (Level.HIGH, 0),
        (Level.WATCH, 10 * SECOND + LOWER_AFTER_NS),
    ]


def test_a_case_falls_no_deeper_than_what_was_supported_a_moment_ago():
    weaker = [(10.0 * i, 40.0) for i in range(1, 12)]
    assert levels((0, 50.0), *weaker, (121, 3.0), (229, 3.0), (231, 3.0))[-3:] == [Level.WATCH, Level.WATCH, None]


def test_a_report_that_comes_late_does_not_bring_a_level_back():
    assert levels((0, 50.0), (60, 32.0), (121, 32.0), (100, 32.0))[-2:] == [Level.WATCH, Level.WATCH]


def test_a_case_stored_without_times_of_support_is_taken_to_have_had_it_when_it_changed():
    (case,) = run((0, 50.0))
    assert case is not None
    old = msgspec.structs.replace(case, supported_utc_ns={})
    after = [step_case(old, SUSPECT, verdict(32.0), cause=CAUSE, now_ns=s * SECOND) for s in (119, 121)]
    assert [c and c.level for c in after] == [Level.HIGH, Level.WATCH]


def test_the_first_rise_to_each_level_is_never_forgotten():
    wavering = [(500.0 * i, 31.0 if i % 2 else 16.0) for i in range(1, 2 * MOST_STEPS)]
    last = run((0, 46.0), *wavering)[-1]
    assert last is not None
    assert len(last.steps) == MOST_STEPS
    assert (last.steps[0].level, last.steps[0].time_utc_ns) == (Level.HIGH, 0)
    assert last.steps[-1].time_utc_ns == last.changed_utc_ns


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
