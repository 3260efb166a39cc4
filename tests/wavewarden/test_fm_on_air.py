import numpy as np
import pytest
from matplotlib.figure import Figure

from dsp.signatures.on_air_week import CELLS, HOUR_NS, with_slot
from tests.wavewarden.fm_made import station
from wavewarden.fm_ledger import Entry
from wavewarden.fm_on_air import draw_on_air, week_of
from wavewarden.fm_verdict import Verdict

MONDAY_NS = 4 * 24 * HOUR_NS  # 5 January 1970


def entry(freq_hz: float, *, hours: int = 0, on=lambda hour: True, share: float = 1.0) -> Entry:
    week = None
    for hour in range(hours):
        week = with_slot(week, MONDAY_NS + hour * HOUR_NS, heard=on(hour))
    seconds = 30.0 * share
    heard = Entry(station(freq_hz, seconds=seconds), None, Verdict.UNLICENSED, covered_s=30.0, week=week)
    heard.first_utc_ns = MONDAY_NS if hours else None
    return heard


def drawn(*entries: Entry, language: str = "en"):
    axes = Figure().subplots()
    axes.set_xlim(97, 99)
    draw_on_air(axes, entries, ["#c0262d"] * len(entries), language)
    return axes


def test_a_week_is_one_column_a_frequency_with_the_hours_it_was_on():
    night = entry(98.1e6, hours=CELLS, on=lambda hour: hour % 24 >= 21)
    axes = drawn(night, entry(98.7e6, hours=CELLS))
    first, second = axes.images
    column = np.ma.filled(first.get_array(), np.nan)[:, 0]
    assert [int(hour) for hour in np.flatnonzero(column > 0.5)[:4]] == [21, 22, 23, 45]
    assert np.all(second.get_array() == 1)
    assert first.get_extent()[:2] == pytest.approx([98.06, 98.14])
    assert axes.get_xlim() == (97, 99)
    assert [label.get_text() for label in axes.get_yticklabels()][:2] == ["Mon", "Tue"]


def test_hours_that_nobody_listened_to_are_left_empty():
    some = entry(98.1e6, hours=5)
    assert int(np.isfinite(week_of(some)).sum()) == 5
    assert not np.isfinite(week_of(entry(98.1e6))).any()


def test_a_short_recording_shows_the_share_of_its_time():
    axes = drawn(entry(98.1e6, hours=1, share=0.4), entry(98.7e6, share=1.0))
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([40.0, 100.0])


def test_nothing_found_draws_nothing():
    assert not drawn().patches
    assert drawn(language="zh").get_ylabel() == "播出时间（%）"
