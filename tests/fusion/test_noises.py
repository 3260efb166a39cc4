"""Noise that sensors found risen is a case of its own, and no rogue."""

import msgspec

from dsp.signatures.finding import EvidenceGroup, Finding
from fusion.values import FiledReport, Level, Rules, World
from fusion.world import take, tick
from tests.dsp.signatures.made import LAW, SECOND, cell
from tests.fusion.test_associate import START_NS, report
from wire.report import Swept


def risen(row: int, second: float, sensor: str = "a", freq_mhz: float = 945.0) -> FiledReport:
    """A report of one ordinary cell, and of noise."""
    finding = Finding(
        name="gsm_noise_rise",
        version=1,
        group=EvidenceGroup.BEHAVIOUR,
        weight_db=5.0,
        evidence={"freq_mhz": freq_mhz, "width_mhz": 2.4, "rise_db": 12.0, "threshold_db": 6.0, "minutes": 1.0},
    )
    filed = report(row, second, sensor, (cell(20),))
    return msgspec.structs.replace(filed, report=msgspec.structs.replace(filed.report, findings=(finding,)))


def after(*filed: FiledReport) -> World:
    world = World()
    for each in filed:
        world = take(world, each, Rules(**LAW)).world
    return world


def test_risen_noise_is_a_jammer_once_it_was_met_again_and_never_more_than_watch():
    assert not after(risen(0, 0)).cases
    (case,) = after(risen(0, 0), risen(1, 10)).cases.values()
    assert (case.kind, case.level) == ("jammer", Level.NOTE)
    (case,) = after(*(risen(row, 10 * row) for row in range(20))).cases.values()
    assert case.level <= Level.WATCH


def test_each_sensor_and_window_has_its_own():
    world = after(risen(0, 0), risen(1, 1, freq_mhz=950.0), risen(2, 2, sensor="b"))
    assert len([e for e in world.emitters.values() if e.arfcn is None]) == 3


def test_the_cell_of_the_same_report_is_not_blamed_and_silence_closes_the_case():
    world = after(risen(0, 0), risen(1, 10))
    (heard,) = [e for e in world.emitters.values() if e.arfcn is not None]
    assert not [s for s in heard.findings if s.finding.name == "gsm_noise_rise"]
    (case,) = tick(world, START_NS + 1000 * SECOND, Rules(**LAW)).world.cases.values()
    assert case.closed_utc_ns is not None
    assert case.closed_why == "not_watched"


def test_a_look_in_which_the_noise_was_gone_says_so():
    quiet = report(2, 60, "a", (cell(20),))
    swept = Swept(
        service="gsm",
        low_hz=940e6,
        high_hz=950e6,
        seconds=2.0,
        noise_dbfs_200k=-80.0,
        lost_samples=0,
        clipped_share=0.0,
        floor_dbm=-100.0,
    )
    quiet = msgspec.structs.replace(quiet, report=msgspec.structs.replace(quiet.report, swept=(swept,)))
    world = after(risen(0, 0), risen(1, 10), quiet)
    (case,) = tick(world, START_NS + 1000 * SECOND, Rules(**LAW)).world.cases.values()
    assert case.closed_why == "silent"
