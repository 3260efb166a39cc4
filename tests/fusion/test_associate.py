"""Which transmitter is it? One world, reports of what stands in the claim, and how many emitters come of it."""

from typing import Any

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from fusion.values import Emitter, FiledReport, Rules, World
from fusion.world import take
from tests.dsp.signatures.made import LAW, LICENCES, SECOND, cell, clocked, network, plain, station
from tests.fusion.city import START_NS
from wire.report import Report, TimeSource


def world_of(*looks: tuple[float, str, tuple[GsmCell | FmStation, ...]], **options: Any) -> World:
    """Looks are (second, sensor, heard)."""
    world, rules = World(), Rules(licences=LICENCES, **LAW)
    for row, (second, sensor, heard) in enumerate(looks):
        world = take(world, report(row, second, sensor, heard, **options), rules).world
    return world


def report(
    row: int,
    second: float,
    sensor: str,
    heard: tuple[GsmCell | FmStation, ...],
    *,
    source: TimeSource = TimeSource.GNSS,
    sigma_ns: int | None = 1000,
) -> FiledReport:
    now_ns = START_NS + round(second * SECOND)
    value = Report(
        boot="0" * 32,
        seq=row + 1,
        time_utc_ns=now_ns,
        time_sigma_ns=sigma_ns,
        time_source=source,
        created_utc_ns=now_ns,
        created_monotonic_ns=now_ns,
        position=None,
        heard=heard,
    )
    return FiledReport(row=row, sensor=sensor, received_utc_ns=now_ns, report=value)


def at(second: float, value: GsmCell, phase_s: float) -> GsmCell:
    return clocked(value, START_NS + round(second * SECOND), phase_ns=phase_s * 1e9)


def emitters(world: World) -> list[Emitter]:
    return sorted(world.emitters.values(), key=lambda e: (e.freq_hz, e.first_seen_utc_ns))


def test_two_sensors_that_hear_one_cell_know_one_emitter():
    world = world_of((0, "a", (at(0, cell(), 3.0),)), (4, "b", (at(4, cell(), 3.0),)))
    (emitter,) = emitters(world)
    assert [latest.sensor for latest in emitter.latest] == ["a", "b"]


def test_a_clone_on_another_carrier_is_another_emitter():
    clone = cell(75, ci=8020, bsic=5)
    world = world_of((0, "a", (at(0, cell(), 3.0), at(0, clone, 9.0))), (4, "b", (at(4, clone, 9.0),)))
    assert len(emitters(world)) == 2


def test_a_perfect_copy_on_the_same_carrier_is_told_by_its_frame_clock():
    looks = [
        (t, s, (at(t, cell(), phase),)) for t, s, phase in ((0, "a", 3.0), (2, "b", 7.5), (4, "c", 3.0), (6, "b", 7.5))
    ]
    first, second = emitters(world_of(*looks))
    assert {latest.sensor for latest in first.latest} == {"a", "c"}
    assert {latest.sensor for latest in second.latest} == {"b"}


def test_without_clocks_to_compare_the_same_name_is_the_same_emitter():
    looks = [(t, s, (at(t, cell(), phase),)) for t, s, phase in ((0, "a", 3.0), (2, "b", 7.5))]
    assert len(emitters(world_of(*looks, source=TimeSource.SYSTEM, sigma_ns=None))) == 1


def test_a_rogue_that_changes_location_area_and_cell_identity_stays_one():
    looks = [(10 * i, "a", (at(10 * i, cell(75, lac=40000 + i, ci=10 + i), 3.0),)) for i in range(4)]
    (emitter,) = emitters(world_of(*looks))
    assert emitter.lac == 40003
    unclocked = [(10 * i, "a", (cell(75, lac=40000 + i, ci=10 + i),)) for i in range(4)]
    assert len(emitters(world_of(*unclocked))) == 1


def test_far_cells_that_share_channel_and_colour_are_two():
    a, b = cell(20, ci=8020), cell(20, ci=9999, lac=21099)
    assert len(emitters(world_of((0, "a", (a,)), (1, "b", (b,)), (10, "a", (a,)), (11, "b", (b,))))) == 2


def test_a_restart_after_a_pause_is_the_same_emitter():
    others = network(2, lac=1)
    looks = [
        (t, "a", (at(t, cell(75), phase), *(at(t, o, 1.0 + i) for i, o in enumerate(others))))
        for t, phase in ((0, 3.0), (10, 3.0), (60, 8.0))
    ]
    assert len([e for e in emitters(world_of(*looks)) if e.arfcn == 75]) == 1


def test_a_step_of_the_sensors_clock_makes_no_new_emitters():
    cells = network(4)
    looks = [
        (t, "a", tuple(at(t, c, 10.0 * i + step) for i, c in enumerate(cells)))
        for t, step in ((0, 0.0), (10, 0.0), (20, 120.0), (30, 120.0))
    ]
    assert len(emitters(world_of(*looks))) == 4
    assert len(emitters(world_of(*looks, source=TimeSource.RECORDING, sigma_ns=None))) == 4


def test_one_cell_that_jumps_among_steady_ones_is_another_transmitter():
    cells = network(4)
    looks = [
        (t, "a", tuple(at(t, c, 10.0 * i + (jump if i == 3 else 0.0)) for i, c in enumerate(cells)))
        for t, jump in ((0, 0.0), (10, 0.0), (20, 2.0), (30, 0.0))
    ]
    assert len(emitters(world_of(*looks))) == 5


def test_a_cell_whose_identity_was_not_read_yet_is_the_one_on_its_channel():
    unread = cell(20, mcc=None, mnc=None, lac=None, ci=None)
    (emitter,) = emitters(world_of((0, "a", (unread,)), (5, "a", (cell(20),)), (9, "b", (unread,))))
    assert emitter.ci == 8020


def test_clocks_that_tell_everything_apart_are_not_believed_for_ever():
    looks = [(t, f"s{t}", (at(t, cell(), 3.0 * t),)) for t in range(0, 20, 2)]
    assert len(emitters(world_of(*looks))) <= 3


def test_a_licensed_station_and_the_one_on_top_of_it_are_two_by_pi():
    looks = [(t, s, (station(93.1, pi=pi),)) for t, s, pi in ((0, "a", 0x8231), (1, "b", 0x4999), (10, "a", 0x8231))]
    world = world_of(*looks)
    assert [(e.pi, e.licensed) for e in emitters(world)] == [(0x8231, True), (0x4999, False)]


def test_who_said_its_pi_before_is_known_by_it_when_no_latest_look_holds_it():
    weak = station(93.1, pi_groups=2, rds_groups=2, cnr_db=22.0, sinr_db=8.0)
    looks = [(0, "a", station(93.1)), (40, "a", weak), (50, "b", plain(93.1, sinr_db=5.0)), (60, "b", station(93.1))]
    world = world_of(*((second, sensor, (heard,)) for second, sensor, heard in looks))
    assert len(emitters(world)) == 1


def test_regional_variants_are_one_station():
    looks = [(t, s, (station(93.1, pi=pi),)) for t, s, pi in ((0, "a", 0x8231), (1, "b", 0x8531))]
    assert len(emitters(world_of(*looks))) == 1


def test_a_bare_carrier_heard_first_does_not_keep_the_licence():
    looks = [
        (t, s, (heard,))
        for t, s, heard in (
            (0, "a", plain(93.1)),
            (1, "b", station(93.1)),
            (10, "a", plain(93.1)),
            (11, "b", station(93.1)),
        )
    ]
    found = {e.licensed: e for e in emitters(world_of(*looks))}
    assert found[True].pi == 0x8231
    assert found[False].pi is None


def test_a_station_whose_coder_fails_is_the_licensed_one_still():
    before = [(t, s, (station(93.1),)) for t, s in ((0, "a"), (1, "b"), (10, "a"), (11, "b"))]
    after = [(t, s, (plain(93.1),)) for t, s in ((20, "a"), (21, "b"), (30, "a"), (31, "b"))]
    world = world_of(*before, *after)
    assert max(emitters(world), key=lambda e: e.last_seen_utc_ns).licensed is True
    assert not world.cases


def test_a_weak_signal_without_rds_is_the_station_of_its_channel():
    weak = plain(93.1, cnr_db=14.0)
    looks = [(t, s, (heard,)) for t, s, heard in ((0, "a", station(93.1)), (1, "b", weak), (10, "b", weak))]
    assert len(emitters(world_of(*looks))) == 1


def test_a_second_licence_on_the_channel_is_for_the_second_station():
    twin = msgspec.structs.replace(LICENCES.fm[2], name="relay", pi=None, rds=False, stereo=False)
    licences = msgspec.structs.replace(LICENCES, fm=(*LICENCES.fm, twin))
    world = World()
    looks = ((0, "a", station(93.1)), (1, "b", plain(93.1)), (10, "a", station(93.1)), (11, "b", plain(93.1)))
    for row, (second, sensor, heard) in enumerate(looks):
        world = take(world, report(row, second, sensor, (heard,)), Rules(licences=licences, **LAW)).world
    assert [e.licensed for e in emitters(world)] == [True, True]
