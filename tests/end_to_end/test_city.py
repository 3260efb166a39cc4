"""From IQ to cases: each offender by itself, and the innocents."""

import msgspec
import pytest

from fusion.values import Level
from recordings.scenario_read import open_scenario
from tests.dsp.signatures.made import LAW
from tests.end_to_end.city import Told, holds, tell, truth_at

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("city")]


@pytest.fixture(scope="module")
def city(tmp_path_factory, made_folder) -> Told:
    scenario = open_scenario("demo_city")
    return tell(scenario, tmp_path_factory.mktemp("city"), made=made_folder / "demo_city")


def offender(city: Told, kind: str):
    return next(e for e in city.scenario.emitters if e.kind == kind)


def high_cases(city: Told, freq_hz: float):
    return [c for c in city.cases_near(freq_hz) if max(s.level for s in c.steps) == Level.HIGH]


@pytest.mark.parametrize(
    ("kind", "case_kind"), [("rogue", "rogue_bts"), ("pirate", "pirate_fm"), ("hijack", "hijack_fm")]
)
def test_each_offender_becomes_one_high_case_of_its_kind(city, kind, case_kind):
    cases = high_cases(city, offender(city, kind).freq_hz)
    assert [c.kind for c in cases] == [case_kind]


@pytest.mark.parametrize("kind", ["rogue", "pirate", "hijack"])
def test_each_offender_is_high_within_a_minute_of_signal(city, kind):
    cases = {c.id for c in high_cases(city, offender(city, kind).freq_hz)}
    assert min(seconds for seconds, case in city.alerts if case.id in cases and case.level == Level.HIGH) <= 60


@pytest.mark.parametrize("kind", ["rogue", "pirate", "hijack"])
def test_each_offender_is_inside_its_region(city, kind):
    truth = offender(city, kind)
    (case,) = high_cases(city, truth.freq_hz)
    fix = city.emitter_of(case).fix
    assert fix is not None
    assert holds(fix.region, truth_at(city.scenario, truth, fix.time_utc_ns))


def test_the_rogue_in_the_car_is_seen_to_move(city):
    (case,) = high_cases(city, offender(city, "rogue").freq_hz)
    assert city.emitter_of(case).moving


def test_every_high_case_has_two_groups_of_evidence_and_says_who_said_it(city):
    for _, case in city.alerts:
        if case.level == Level.HIGH:
            groups = {s.finding.group for s in case.findings if s.finding.weight_db > 0}
            assert len(groups) >= 2
            assert all(s.reports for s in case.findings if s.sensor is not None)


def test_nothing_licensed_reaches_watch(city):
    alerted = [c for c in city.world.cases.values() if max(s.level for s in c.steps) >= Level.WATCH]
    offenders = [e.freq_hz for e in city.scenario.emitters if e.kind in ("rogue", "pirate", "hijack")]
    for case in alerted:
        emitter = city.emitter_of(case)
        assert min(abs(emitter.freq_hz - f) for f in offenders) < 60e3, (case.kind, emitter.freq_hz)
        assert not emitter.licensed


def test_every_licensed_emitter_is_heard_and_known_as_licensed(city):
    for licensed in (e for e in city.scenario.emitters if e.licensed):
        found = [e for e in city.world.emitters.values() if abs(e.freq_hz - licensed.freq_hz) < 60e3 and e.licensed]
        assert found, licensed.name


def test_the_same_reports_give_the_same_world(city):
    from fusion.values import Rules, World
    from fusion.world import take

    world = World()
    rules = Rules(licences=city.scenario.licences(), **LAW)
    again = World()
    for filed in city.reports[:20]:
        world = take(world, filed, rules).world
        again = take(again, filed, rules).world
    assert msgspec.msgpack.encode(world) == msgspec.msgpack.encode(again)


def test_the_innocents_alone_raise_no_case(tmp_path, made_folder):
    scenario = open_scenario("innocents")
    told = tell(msgspec.structs.replace(scenario, duration_s=60.0), tmp_path, made=made_folder / "innocents")
    assert [(c.kind, told.emitter_of(c).freq_hz) for c in told.world.cases.values() if c.level >= Level.WATCH] == []
