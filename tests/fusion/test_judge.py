from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.judge import CAPS_DB, Missing, judge, posterior
from fusion.values import Delays, Emitter, Level, Sighting, StandingFinding
from tests.dsp.signatures.made import WEIGHTS

IDENTITY, CONFIGURATION = EvidenceGroup.IDENTITY, EvidenceGroup.CONFIGURATION
TOPOLOGY, BEHAVIOUR = EvidenceGroup.TOPOLOGY, EvidenceGroup.BEHAVIOUR
CLOCK, PLACE = EvidenceGroup.RADIO_CLOCK, EvidenceGroup.PLACE
LICENCE, PROGRAMME = EvidenceGroup.LICENCE, EvidenceGroup.PROGRAMME


def standing(name: str, group: EvidenceGroup, weight_db: float, times: int = 5, sensor: str | None = "a"):
    finding = Finding(name=name, version=1, group=group, weight_db=weight_db)
    last_ns = (times - 1) * 30 * 10**9
    return StandingFinding(finding=finding, sensor=sensor, first_utc_ns=0, last_utc_ns=last_ns, times=times)


def emitter(
    *findings: StandingFinding, service: str = "gsm", sensors: int = 3, cnr_db: float = 40.0, **fields: Any
) -> Emitter:
    sightings = tuple(
        Sighting(
            sensor=f"s{i}",
            boot="0",
            seq=1,
            time_utc_ns=0,
            lat_deg=None,
            lon_deg=None,
            position_sigma_m=None,
            level_dbm=-60.0,
            cnr_db=cnr_db,
        )
        for i in range(sensors)
    )
    return Emitter(
        id="e",
        service=service,
        freq_hz=1e8,
        first_seen_utc_ns=0,
        last_seen_utc_ns=0,
        findings=findings,
        sightings=sightings,
        **fields,
    )


COPIED = (
    standing("config", CONFIGURATION, 25.0),
    standing("topology", TOPOLOGY, 15.0),
    standing("name", IDENTITY, 15.0),
)


def test_what_can_be_copied_never_makes_high_whatever_it_adds_up_to():
    assert judge(emitter(*COPIED)).score_db == 55.0
    assert judge(emitter(*COPIED)).level == Level.WATCH


@pytest.mark.parametrize("group", [CLOCK, BEHAVIOUR, PLACE])
def test_one_of_clock_behaviour_and_place_makes_it_high(group: EvidenceGroup):
    assert judge(emitter(*COPIED, standing("beyond", group, 17.0))).level == Level.HIGH


def test_one_group_alone_is_never_high():
    assert judge(emitter(standing("a", CLOCK, 25.0), standing("b", CLOCK, 25.0))).level == Level.WATCH  # its cap is 35
    assert judge(emitter(standing("a", LICENCE, 60.0, sensor="s0"), service="fm", licensed=False)).level != Level.HIGH


def test_thresholds_are_15_30_and_45_db():
    for config, clock, level in (
        (9.0, 5.0, None),
        (10.0, 5.0, Level.NOTE),
        (20.0, 10.0, Level.WATCH),
        (25.0, 20.0, Level.HIGH),
    ):
        assert judge(emitter(standing("a", CONFIGURATION, config), standing("b", CLOCK, clock))).level == level


def test_what_was_seen_once_is_a_note_and_watch_only_if_it_is_more_than_what_the_cell_says():
    once = tuple(standing(s.finding.name, s.finding.group, s.finding.weight_db, times=1) for s in COPIED)
    assert judge(emitter(*once)).level == Level.NOTE
    assert judge(emitter(*once, standing("jump", CLOCK, 20.0, times=1))).level == Level.WATCH
    fm = standing("fm_unlicensed", LICENCE, 30.0, times=1)
    assert judge(emitter(fm, service="fm", licensed=False)).level == Level.NOTE


def test_two_sensors_that_each_saw_it_once_have_seen_it_twice():
    twice = tuple(
        standing(s.finding.name, s.finding.group, s.finding.weight_db, times=1, sensor=sensor)
        for s in COPIED
        for sensor in ("a", "b")
    )
    assert judge(emitter(*twice)).level == Level.WATCH


def test_sensors_that_hear_the_same_broadcast_do_not_add_up():
    many = tuple(standing("t3212", CONFIGURATION, 10.0, sensor=f"s{i}") for i in range(20))
    assert judge(emitter(*many)).score_db == 10.0


def test_every_group_is_capped():
    for group, cap in CAPS_DB.items():
        findings = tuple(standing(f"f{i}", group, 12.0) for i in range(5))
        assert judge(emitter(*findings)).score_db == cap


def test_what_speaks_for_a_cell_is_taken_off():
    cleared = (standing("known", IDENTITY, -30.0), standing("paging", BEHAVIOUR, -10.0))
    assert judge(emitter(*COPIED, *cleared)).level == Level.NOTE
    assert judge(emitter(*COPIED, *cleared)).score_db == 15.0


def test_a_clone_is_not_cleared_by_the_list_that_knows_its_name():
    known, clone = standing("gsm_known_cell", IDENTITY, -30.0), standing("gsm_clone", CLOCK, 20.0)
    quiet = standing("gsm_paging_silence", BEHAVIOUR, 17.0)
    assert judge(emitter(known, quiet)).level is None
    assert judge(emitter(known, quiet, clone)).level == Level.WATCH


def test_a_clone_of_which_it_is_not_known_which_it_is_leaves_the_list_its_say():
    known = standing("gsm_known_cell", IDENTITY, -30.0)

    def here(variant: str) -> StandingFinding:
        made = standing("gsm_clone_here", CLOCK, 20.0)
        return msgspec.structs.replace(made, finding=msgspec.structs.replace(made.finding, variant=variant))

    assert judge(emitter(known, here("both"))).score_db == 20.0
    assert judge(emitter(known, here("undecided"))).score_db == -10.0


def test_one_fact_under_two_names_counts_once():
    clone, here = standing("gsm_clone", CLOCK, 20.0, sensor=None), standing("gsm_clone_here", CLOCK, 20.0)
    assert judge(emitter(clone, here)).score_db == 20.0
    assert judge(emitter(standing("gsm_clone", CLOCK, 10.0, sensor=None), here)).score_db == 20.0
    offset, drift = standing("gsm_carrier_offset", CLOCK, 7.0), standing("gsm_carrier_drift", CLOCK, 15.0)
    assert judge(emitter(offset, drift)).score_db == 15.0
    assert judge(emitter(clone, here, offset, drift)).score_db == 35.0


def test_a_jump_of_the_frame_clock_takes_back_what_was_said_of_the_cell_before_it_and_a_restart_does_not():
    long_known = (standing("gsm_clock_continuous", CLOCK, -15.0), standing("gsm_paging_normal", BEHAVIOUR, -10.0))

    def jump(variant: str) -> StandingFinding:
        made = standing("gsm_frame_clock", CLOCK, 20.0)
        return msgspec.structs.replace(made, finding=msgspec.structs.replace(made.finding, variant=variant))

    assert judge(emitter(*long_known, jump("two"))).score_db == 20.0
    assert judge(emitter(*long_known, jump("after_outage"))).score_db == -5.0


def test_a_cell_that_is_only_unknown_is_called_so_and_not_a_rogue():
    verdict = judge(emitter(standing("gsm_unknown_cell", IDENTITY, 15.0), standing("plan", IDENTITY, 13.0)))
    assert (verdict.kind, verdict.level) == ("unknown_gsm", Level.NOTE)


def test_high_needs_one_sensor_to_have_seen_it_in_two_of_its_looks():
    def by_two(times: int) -> tuple[StandingFinding, ...]:
        names = (*COPIED, standing("beyond", CLOCK, 20.0))
        return tuple(
            standing(s.finding.name, s.finding.group, s.finding.weight_db, times=times, sensor=sensor)
            for s in names
            for sensor in ("a", "b")
        )

    assert judge(emitter(*by_two(1))).level == Level.WATCH
    assert judge(emitter(*by_two(2))).level == Level.HIGH


def test_what_fusion_itself_found_is_held_when_one_sensor_reported_it_twice():
    def together(*sensors: str) -> StandingFinding:
        reports = tuple((sensor, "0", seq) for seq, sensor in enumerate(sensors))
        return msgspec.structs.replace(standing("clone", CLOCK, 20.0, sensor=None), reports=reports, times=len(sensors))

    assert judge(emitter(*COPIED, together("a", "b", "c"))).level == Level.WATCH
    assert judge(emitter(*COPIED, together("a", "b", "a"))).level == Level.HIGH


def test_a_verdict_says_what_counted_what_was_capped_and_what_is_missing():
    verdict = judge(emitter(standing("a", CONFIGURATION, 17.0), standing("b", CONFIGURATION, 17.0)))
    (group,) = verdict.groups
    assert (group.against_db, group.cap_db, group.score_db, group.capped) == (34.0, 25.0, 25.0, True)
    assert verdict.capped == ("configuration",)
    assert verdict.missing == Missing(Level.WATCH, 5.0)
    copied = judge(emitter(*COPIED))
    assert copied.missing == Missing(Level.HIGH, 0.0, ("beyond_copying",))
    alone = judge(emitter(standing("a", CONFIGURATION, 25.0), standing("b", IDENTITY, 4.0, times=1)))
    assert alone.missing == Missing(Level.WATCH, 5.0)
    assert alone.not_held == ("b",)
    assert judge(emitter(*COPIED, standing("beyond", CLOCK, 17.0))).missing is None


def test_the_posterior_follows_from_the_prior_of_a_cell_day():
    assert posterior(0.0) == pytest.approx(1e-4)
    assert posterior(45.0) == pytest.approx(0.76, abs=0.005)  # odds 10^-4 · 10^4.5
    assert judge(emitter(standing("a", CONFIGURATION, 20.0))).posterior == pytest.approx(0.0099, abs=1e-4)


UNLICENSED = standing("fm_unlicensed", LICENCE, 30.0)
SEVERAL = standing("fm_heard_by_several", PLACE, 20.0, sensor=None)


def test_an_unlicensed_carrier_that_several_sensors_hear_is_a_pirate_and_high():
    verdict = judge(emitter(UNLICENSED, SEVERAL, service="fm", licensed=False))
    assert (verdict.kind, verdict.level) == ("pirate_fm", Level.HIGH)


def test_a_ghost_in_one_receiver_never_reaches_high_and_is_a_watch_after_the_alarm_delay():
    extra = (standing("fm_contact_number", PROGRAMME, 10.0), standing("fm_default_pi", IDENTITY, 6.0))
    alone = {"service": "fm", "licensed": False, "sensors": 1}
    assert judge(emitter(UNLICENSED, *extra, **alone)).level == Level.WATCH
    twice = tuple(standing(s.finding.name, s.finding.group, s.finding.weight_db, times=2) for s in (UNLICENSED, *extra))
    assert judge(emitter(*twice, **alone)).level == Level.NOTE  # 30 s after the first
    assert judge(emitter(*twice, **alone), Delays(alarm_s=30.0)).level == Level.WATCH
    assert judge(emitter(*twice, **alone), Delays(alarm_s=31.0)).level == Level.NOTE


def test_one_look_of_an_fm_station_is_a_note_whatever_the_delay():
    once = standing("fm_unlicensed", LICENCE, 30.0, times=1)
    several = standing("fm_heard_by_several", PLACE, 20.0, times=1, sensor=None)
    found = emitter(once, several, service="fm", licensed=False)
    assert judge(found, Delays(alarm_s=0.0)).level == Level.NOTE


def test_two_sensors_that_each_say_it_once_do_not_confirm_each_other():
    early = standing("fm_unlicensed", LICENCE, 30.0, times=1, sensor="a")
    late = msgspec.structs.replace(early, sensor="b", first_utc_ns=90 * 10**9, last_utc_ns=90 * 10**9)
    assert judge(emitter(early, late, service="fm", licensed=False)).level == Level.NOTE
    again = msgspec.structs.replace(early, times=2, last_utc_ns=60 * 10**9)
    assert judge(emitter(again, late, service="fm", licensed=False)).level == Level.WATCH


def test_a_weak_carrier_waits_five_times_as_long_so_that_fading_can_show():
    found = [standing("fm_unlicensed", LICENCE, 30.0, times=times, sensor="a") for times in (3, 10, 11)]
    weak = [emitter(each, service="fm", licensed=False, sensors=1, cnr_db=14.0) for each in found]
    assert [judge(each).level for each in weak] == [Level.NOTE, Level.NOTE, Level.WATCH]


def test_a_hijack_needs_two_kinds_of_evidence():
    mismatch, two = standing("fm_pi_mismatch", IDENTITY, 15.0), standing("fm_two_programmes", PROGRAMME, 25.0)
    one = judge(emitter(standing("x", PROGRAMME, 25.0), service="fm", licensed=False))
    assert (one.kind, one.level) == ("hijack_fm", Level.NOTE)
    several = standing("fm_heard_by_several", PLACE, 15.0, sensor=None)
    assert judge(emitter(mismatch, two, several, service="fm", licensed=False)).level == Level.HIGH


def test_a_licensed_station_is_faulty_and_never_more_than_a_note():
    faults = (
        standing("fm_frequency_error", CLOCK, 15.0),
        standing("fm_over_deviation", CONFIGURATION, 15.0),
        standing("fm_signal_missing", CONFIGURATION, 10.0),
        SEVERAL,
    )
    verdict = judge(emitter(*faults, service="fm", licensed=True))
    assert (verdict.kind, verdict.level) == ("fault_fm", Level.NOTE)
    assert judge(emitter(faults[2], service="fm", licensed=True)).level is None


def test_a_licensed_channel_that_became_louder_and_anothers_is_a_hijack_and_a_watch_until_the_two_are_told_apart():
    changed = (standing("fm_another_carrier", CLOCK, 25.0), standing("fm_signal_missing", CONFIGURATION, 10.0))
    louder = standing("fm_louder", PLACE, 15.0)
    captured = judge(emitter(*changed, louder, service="fm", licensed=True))
    assert (captured.kind, captured.level) == ("hijack_fm", Level.WATCH)
    reserve = judge(emitter(*changed, service="fm", licensed=True))
    assert (reserve.kind, reserve.level) == ("fault_fm", Level.NOTE)
    assert judge(emitter(louder, service="fm", licensed=True)).kind == "fault_fm"


def test_without_a_list_nobody_is_called_a_pirate():
    verdict = judge(emitter(standing("fm_contact_number", PROGRAMME, 10.0), standing("d", IDENTITY, 6.0), service="fm"))
    assert (verdict.kind, verdict.level) == ("unknown_fm", Level.NOTE)


ACCUSATIONS = st.lists(
    st.tuples(
        st.sampled_from(sorted(key for key, weight in WEIGHTS.weights.items() if weight.db > 0)), st.integers(1, 4)
    ),
    max_size=8,
)


def accused(of: list[tuple[str, int]]) -> tuple[StandingFinding, ...]:
    made = []
    for key, times in of:
        name, _, variant = key.partition(".")
        said = standing(name, WEIGHTS.weights[key].group, WEIGHTS.weights[key].db, times=times)
        finding = msgspec.structs.replace(said.finding, variant=variant or None)
        made.append(msgspec.structs.replace(said, finding=finding))
    return tuple(made)


@given(ACCUSATIONS)
def test_high_always_rests_on_two_groups_and_one_that_cannot_be_copied(of: list[tuple[str, int]]):
    verdict = judge(emitter(*accused(of)))
    if verdict.level == Level.HIGH:
        groups = {score.group for score in verdict.groups if score.score_db > 0}
        assert len(groups) >= 2
        assert groups & {CLOCK, BEHAVIOUR, PLACE}
        assert verdict.kind == "rogue_bts"
        assert verdict.score_db >= 45.0


@given(ACCUSATIONS)
def test_what_is_missing_is_always_said_and_absence_from_lists_is_never_more_than_a_note(of: list[tuple[str, int]]):
    verdict = judge(emitter(*accused(of)))
    assert (verdict.missing is None) == (verdict.level == Level.HIGH)
    lists = [item for item in of if WEIGHTS.weights[item[0]].group is IDENTITY and item[0] != "gsm_band_plan.railway"]
    assert (judge(emitter(*accused(lists))).level or Level.NOTE) == Level.NOTE
