"""The memory itself: bounded, and none the worse for clocks that leap, fields that are missing, or a rogue in it."""

import random

import msgspec
import pytest

from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import HYPERFRAME_NS
from dsp.signatures.history import SiteHistory
from dsp.signatures.hour_ring import HourRing, covers_a_day, due, samples, usual, with_sample
from dsp.signatures.phase_line import begun, on_line, residual_ns, tolerance_ns, with_point
from dsp.signatures.seen import days_unchanged
from dsp.signatures.visits import Visit, with_visit
from tests.dsp.signatures.lived import DAY, HOUR, START, WINDOW, judged, lived, timed
from tests.dsp.signatures.made import MINUTE, SECOND, cell, network, rogue

FIVE_YEARS = 5 * 365 * DAY
NAMED = (10, 20, 30, 40, 50, 60, 75)


def town(now_ns: int) -> tuple[GsmCell, ...]:
    return timed((*network(neighbour_arfcns=NAMED), cell(75)), now_ns)


def accused(history: SiteHistory, now_ns: int) -> tuple[set[str], SiteHistory]:
    found, after = judged(town(now_ns), history, now_ns)
    return {f.name for f in found if f.weight_db > 0}, after


@pytest.mark.parametrize("leap_ns", [-HOUR, -30 * DAY, FIVE_YEARS])
def test_a_clock_that_leaps_accuses_nobody_and_is_counted(leap_ns):
    history = lived(town, days=2)
    now_ns = START + 2 * DAY + leap_ns
    for _ in range(6):
        now_ns += 30 * SECOND
        names, history = accused(history, now_ns)
        assert not names
    assert history.leaps == 1
    assert history.days <= 4


def test_a_leap_of_five_years_there_and_back_leaves_the_month_uncounted_and_the_levels_alone():
    history = lived(town, days=3)
    _, ahead = accused(history, START + 3 * DAY + FIVE_YEARS)
    _, back = accused(ahead, START + 3 * DAY + MINUTE)
    assert back.leaps == 2
    record, before = back.cell(cell(75)), history.cell(cell(75))
    assert record is not None and before is not None
    assert days_unchanged(record.seen, cell(75)) - days_unchanged(before.seen, cell(75)) <= 2
    assert record.levels is not None and record.levels.base_db == -70.0
    names, _ = accused(back, START + 3 * DAY + 2 * MINUTE)
    assert not names


def test_missing_fields_are_survived_and_teach_nothing():
    bare = cell(
        75,
        **dict.fromkeys(
            ("mcc", "mnc", "lac", "ci", "t3212", "neighbour_arfcns", "level_dbm", "cell_reselect_offset_db")
        ),
    )
    history = lived(lambda now_ns: (*town(now_ns)[:-1], bare), days=1)
    record = history.cell(bare)
    assert record is not None and (record.ci, record.seen, record.neighbour_arfcns) == (None, (), None)
    full = history.with_look(town(START + DAY), now_ns=START + DAY)
    assert full.cell(bare) is not None and full.cell(bare).ci == 8075


def test_four_rogues_on_the_air_from_the_start_make_no_lawful_cell_suspicious():
    rogues = tuple(rogue(71 + i, bsic=i, lac=40001 + i, ci=10 + i, neighbour_arfcns=()) for i in range(4))
    history = SiteHistory()
    for look in range(40):
        now_ns = START + look * 10 * MINUTE
        cells = (*town(now_ns), *timed(rogues, now_ns))
        found, history = judged(cells, history, now_ns)
    sums = {index: sum(f.weight_db for f in found if f.about == index) for index in range(len(cells))}
    assert all(sums[index] <= 0 for index in range(6)), sums
    assert all(sums[index] >= 30 for index in range(6, 10)), sums


def test_two_phases_hours_apart_are_told_by_the_line_and_the_wrap_of_the_hyperframe_is_no_jump():
    chance = random.Random(1)
    line, slope = begun(HYPERFRAME_NS - 1e6, 0), 40.0  # 0.04 ppm, across the wrap
    for step in range(1, 200):
        now_ns = step * 300 * SECOND
        phase = (HYPERFRAME_NS - 1e6 + slope * step * 300 + chance.gauss(0.0, 0.1e6)) % HYPERFRAME_NS
        assert on_line(line, phase, now_ns)
        line = with_point(line, phase, now_ns)
    assert line.slope == pytest.approx(slope, abs=5.0)
    later = 200 * 300 * SECOND + 6 * HOUR
    expected = (HYPERFRAME_NS - 1e6 + slope * later / 1e9) % HYPERFRAME_NS
    assert abs(residual_ns(line, expected, later)) < 1e6
    assert 2e6 <= tolerance_ns(line, later) < 5e6
    assert on_line(line, expected + 6e6, later) is False


def test_a_line_that_was_not_met_for_weeks_says_nothing():
    line = begun(5e9, 0)
    assert on_line(line, 6e9, 30 * DAY) is None


def test_the_hour_ring_keeps_hours_apart_and_counts_samples_not_spans():
    ring: HourRing | None = None
    for step in range(3 * 72):
        now_ns = START + step * 20 * MINUTE
        ring = with_sample(ring, -90.0 + 20.0 * (6 <= step // 3 % 24 < 18), now_ns)
    assert ring is not None and covers_a_day(ring) and samples(ring) == 192
    noon, night = usual(ring, START + 12 * HOUR), usual(ring, START + 2 * HOUR)
    assert noon is not None and night is not None
    assert (noon.middle_db, night.middle_db) == (-70.0, -90.0)
    leapt = with_sample(with_sample(None, -90.0, START), -90.0, START + FIVE_YEARS)
    assert not covers_a_day(leapt)
    assert due(ring, START) and not due(ring, now_ns + MINUTE)


def test_a_visit_ends_by_looks_in_vain_and_never_by_a_sensor_that_was_off():
    first = with_visit((), START, missed=0)
    assert with_visit(first, START + DAY, missed=0) == (Visit(START, START + DAY),)
    assert with_visit(first, START + DAY, missed=3) == (Visit(START, START), Visit(START + DAY, START + DAY))
    assert len(with_visit(first, START - DAY, missed=0)) == 2


def test_a_cell_is_missed_only_where_the_look_went_and_for_as_long_as_it_may_return():
    history = SiteHistory().with_look(town(START), now_ns=START, swept=WINDOW)
    for step in range(1, 9):
        history = history.with_look((), now_ns=START + step * MINUTE, swept=((934e6, 945e6),))
    assert set(history.silent.values()) == {3}
    assert all(history.cells[key].freq_hz < 945e6 for key in history.silent)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(history), type=SiteHistory) == history
