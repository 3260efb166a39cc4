"""Judging again: the same rules say the same; changed rules change what they should, and only that."""

import msgspec
import pytest

from dsp.signatures.weights import Weights
from fusion.differences import differences
from fusion.rejudge import Anew
from fusion.values import FiledReport, Level, Rules, World
from fusion.world import take
from tests.dsp.signatures.made import WEIGHTS
from tests.fusion.city import START_NS
from tests.fusion.test_world import a_city_with_everything

ALL = {"from_ns": 0, "to_ns": 2**62}


@pytest.fixture(scope="module")
def record() -> tuple[Rules, list[FiledReport], World]:
    """A minute of the city with its offenders, and what was believed of it."""
    city = a_city_with_everything()
    reports = city.reports(60, services=("gsm", "fm"))
    world = World()
    for filed in reports:
        world = take(world, filed, city.rules).world
    return city.rules, reports, world


def judged(rules: Rules, reports: list[FiledReport]) -> Anew:
    anew = Anew(rules)
    for filed in reports:
        anew.take(filed)
    return anew


def lighter(weights: Weights, *names: str) -> Weights:
    """The same weights, these rules worth nothing."""
    rows = {
        key: msgspec.structs.replace(row, db=0.0) if key.split(".")[0] in names else row
        for key, row in weights.weights.items()
    }
    return msgspec.structs.replace(weights, weights=rows)


def test_the_same_rules_find_the_same(record):
    rules, reports, world = record
    anew = judged(rules, reports)
    assert anew.fired_now == anew.fired_then
    found = differences(world, anew.world, **ALL)
    assert len(found) == 3
    assert all(difference.same for difference in found)


def test_rules_that_weigh_less_lower_the_case_they_made_and_no_other(record):
    rules, reports, world = record
    gsm = {name.split(".")[0] for name in rules.weights.weights if name.startswith("gsm_")}
    mild = msgspec.structs.replace(rules, weights=lighter(WEIGHTS, *gsm))
    found = differences(world, judged(mild, reports).world, **ALL)
    changed = [difference for difference in found if not difference.same]
    assert [difference.emitter.service for difference in changed] == ["gsm"]
    assert changed[0].then is not None
    assert changed[0].now is None or changed[0].now.level < changed[0].then.level
    assert found[0] is changed[0]  # what changes stands first


def test_a_case_that_was_not_there_is_found_anew(record):
    rules, reports, _ = record
    found = differences(World(), judged(rules, reports).world, **ALL)
    assert {d.now.level for d in found if d.now} <= set(Level)
    assert all(d.then is None for d in found)
    assert len(found) == 3


def test_reports_from_before_teach_and_are_not_judged(record):
    rules, reports, world = record
    anew = Anew(rules)
    half = len(reports) // 2
    for filed in reports[:half]:
        anew.learn(filed)
    for filed in reports[half:]:
        anew.take(filed)
    assert anew.reports == len(reports) - half
    found = differences(world, anew.world, **ALL)
    assert len(found) == 3  # emitters are the same though their names began with other reports


def test_cases_outside_the_time_are_left_out(record):
    rules, reports, world = record
    assert differences(world, judged(rules, reports).world, from_ns=0, to_ns=START_NS - 1) == ()
