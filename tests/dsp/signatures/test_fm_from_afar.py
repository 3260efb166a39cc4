"""Ducting and sporadic E against a steady pirate: by how the level goes, while the town's stations are steady."""

import msgspec
import numpy as np
import pytest

from dsp.signatures.history import SiteHistory
from dsp.signatures.level_trace import Trace, course, with_level
from dsp.signatures.registry import judge_fm
from tests.dsp.signatures.made import LICENCES, SECOND, plain, station

EVERY_S = 40


def traced(levels: list[float], every_s: float = EVERY_S) -> Trace | None:
    trace = None
    for n, level in enumerate(levels):
        trace = with_level(trace, level, round(n * every_s * SECOND))
    return trace


def test_a_swell_and_a_deep_fade_are_fading_and_a_step_of_power_is_not():
    assert course(traced([-80.0, -78.5, -77.0, -75.0, -73.5])).fades
    assert course(traced([-70.0, -62.0, -75.0, -66.0])).fades
    assert not course(traced([-70.0, -70.5, -69.5, -70.0, -60.0, -60.5, -60.0])).fades
    assert not course(traced([-70.0, -69.0, -70.5, -70.0])).fades
    assert not course(traced([-70.0, -65.0])).fades
    assert course(traced([-70.0, -60.0])).fades  # until a third tells a change of power from fading
    assert not course(traced([-70.0, -60.0, -60.0, -60.0, -60.5])).fades


def test_a_trace_is_bounded_thinned_and_begins_anew_after_silence():
    long = traced([-70.0] * 300)
    assert len(long.marks) == 32
    assert len(traced([-70.0] * 10, every_s=2.0).marks) == 1
    assert with_level(long, -50.0, long.at_ns + 3600 * SECOND).marks != long.marks[1:] + b"\x8c"
    assert len(with_level(long, -50.0, long.at_ns + 3600 * SECOND).marks) == 1


def after(levels: list[list[float]], *, moving_db: float = 0.0) -> dict[str, float]:
    """Findings about the first of unlicensed carriers whose levels went so, in a band learnt before."""
    rng = np.random.default_rng(1)
    history, found, now_ns = SiteHistory(), (), 0
    licensed = [station(each.freq_hz / 1e6, pi=each.pi) for each in LICENCES.fm]
    for n in range(-8, len(levels[0])):
        now_ns += EVERY_S * SECOND
        town = [msgspec.structs.replace(s, level_dbfs=-30.0 + moving_db * rng.standard_normal()) for s in licensed]
        strange = [
            plain(94.35 + 0.3 * i, level_dbfs=each[n], cnr_db=100.0 + each[n])
            for i, each in enumerate(levels if n >= 0 else [])
        ]
        heard = (*strange, *town)
        found = judge_fm(heard, history, LICENCES, now_ns=now_ns)
        history = history.with_look(heard, now_ns=now_ns, findings=found)
    return {f.name: f.weight_db for f in found if f.about == 0}


SWELL = [-84.0, -82.0, -80.5, -79.0, -77.5]
DEEP = [-80.0, -70.0, -82.0, -68.0, -75.0]


def test_a_carrier_that_swells_is_spoken_for_and_an_opening_of_several_more():
    assert after([SWELL])["fm_from_afar"] == -15.0
    assert after([SWELL, DEEP, DEEP])["fm_from_afar"] == -35.0
    assert after([DEEP])["fm_from_afar"] == -35.0


def test_a_steady_pirate_in_an_opening_is_not_spoken_for():
    steady = [-70.0, -70.3, -69.8, -70.1, -70.0]
    found = after([steady, DEEP, DEEP, SWELL])
    assert "fm_from_afar" not in found
    assert found["fm_unlicensed"] == 30.0


def test_more_strangers_than_the_town_has_stations_do_not_make_the_sensor_move():
    assert after([DEEP] * 12)["fm_from_afar"] == -35.0


def test_where_the_whole_town_fades_the_sensor_moves_and_nobody_is_excused():
    assert "fm_from_afar" not in after([DEEP, DEEP, DEEP], moving_db=5.0)


@pytest.mark.parametrize("wide_hz", [120e3, 240e3])
def test_a_product_of_stations_in_other_windows_is_a_ghost_where_it_is_as_wide_as_products_are(wide_hz: float):
    loud = (station(101.8, cnr_db=60.0), station(97.4, cnr_db=58.0))
    history = SiteHistory().with_look(loud, now_ns=SECOND)
    made = plain(2 * 97.4 - 101.8, cnr_db=20.0, occupied_hz=wide_hz)  # 93.0 MHz
    found = judge_fm((made,), history, LICENCES, now_ns=60 * SECOND)
    assert any(f.name == "fm_ghost" for f in found) == (wide_hz == 240e3)
