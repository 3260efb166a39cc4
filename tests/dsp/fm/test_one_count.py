"""Retuned from a reference to a target far away and back: right to metres, and refused where samples were lost."""

import pytest

from dsp.fm.difference_refusals import OtherProgramme, Silent, Slipped
from dsp.fm.time_difference import Search, time_difference
from recordings.propagation import SPEED_OF_LIGHT_M_S
from tests.dsp.fm.difference_made import Set, path_s, truth_s
from tests.dsp.fm.retuned_made import RATE_HZ, pairs, parts, receivers

SPEECH = Set("speech", seed=5, cnr_db=12.0, seconds=0.6)
SEARCH = Search(0.0, 0.1, path_s(0, 1))


@pytest.fixture(scope="module")
def heard():
    return [parts(each) for each in receivers(SPEECH)[:2]]


def test_five_megahertz_apart_and_a_part_in_a_million_of_drift_leave_metres(heard):
    """By the middle part the clocks moved by 1.5 µs, 450 m, since the first."""
    got = time_difference(*pairs(*heard), SEARCH)
    reference_s, target_s = truth_s(0, 1)
    error_s = got.later_s - (target_s - reference_s)
    assert abs(error_s) < min(4 * got.sigma_s, 25.0 / SPEED_OF_LIGHT_M_S)
    assert got.sigma_s * SPEED_OF_LIGHT_M_S < 12.0
    assert got.rise == pytest.approx(-1e-6, abs=5 * got.rise_sigma)


@pytest.mark.parametrize("lost", [2, 8])
def test_a_few_samples_lost_on_the_way_back_are_found_and_told(heard, lost):
    """Two are 600 m. No less can be told from the drift of the clocks."""
    first, _ = heard
    with pytest.raises(Slipped) as refusal:
        time_difference(*pairs(first, parts(receivers(SPEECH)[1], lost=lost)), SEARCH)
    assert refusal.value.step_s == pytest.approx(-lost / RATE_HZ, rel=0.3)


@pytest.mark.parametrize("lost", [256, 5000])
def test_lost_packets_give_no_difference(heard, lost):
    """One is 256 samples: 80 km."""
    first, _ = heard
    with pytest.raises((Slipped, Silent, OtherProgramme)):
        time_difference(*pairs(first, parts(receivers(SPEECH)[1], lost=lost)), SEARCH)


def test_a_silent_target_between_two_references_is_refused():
    silent = Set("silence", seed=5, cnr_db=20.0, seconds=0.6)
    with pytest.raises(Silent, match=r"98\.30 MHz"):
        time_difference(*pairs(*(parts(each) for each in receivers(silent)[:2])), SEARCH)
