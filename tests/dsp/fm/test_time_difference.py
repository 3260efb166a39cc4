"""Time difference of a station between receivers, against made signals whose every delay is known."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from dsp.fm.difference_refusals import Ambiguous, Clipped, DifferenceRefused, NoOverlap, OtherProgramme, Silent
from dsp.fm.phase_steps import PhaseSteps
from dsp.fm.phase_window import phase_window
from dsp.fm.time_difference import Search, TimeDifference, lone_lag, time_difference
from dsp.iq import IqBlock
from recordings.propagation import SPEED_OF_LIGHT_M_S
from tests.dsp.fm.difference_made import OFFSETS_S, PPM, REFERENCE_HZ, TARGET_HZ, Set, blocks, path_s, truth_s

SPEECH = Set("speech", seed=5, cnr_db=12.0, seconds=0.8)


def _snippets(made: Set) -> tuple[tuple[PhaseSteps, ...], ...]:
    return tuple(phase_window(block, (REFERENCE_HZ, TARGET_HZ)) for block in blocks(made, sensors=2))


def _difference(snippets: tuple[tuple[PhaseSteps, ...], ...], *, within_s: float = 0.1) -> TimeDifference:
    (reference_a, target_a), (reference_b, target_b) = snippets
    return time_difference([(reference_a, reference_b)], [(target_a, target_b)], Search(0.0, within_s, path_s(0, 1)))


@pytest.mark.parametrize("programme", ["speech", "music", "quiet"])
def test_a_difference_is_right_to_metres_at_12_db(programme: str) -> None:
    """Half a part in a million either way, clocks 21 ms apart. Within four of its sigmas, and 25 m."""
    got = _difference(_snippets(replace(SPEECH, programme=programme)))
    reference_s, target_s = truth_s(0, 1)
    error_s = got.later_s - (target_s - reference_s)
    assert abs(error_s) < min(4 * got.sigma_s, 25.0 / SPEED_OF_LIGHT_M_S)
    assert got.sigma_s * SPEED_OF_LIGHT_M_S < 12.0
    assert got.lag_s == pytest.approx(OFFSETS_S[1] + reference_s, abs=1e-6)
    assert got.rise == pytest.approx((PPM[1] - PPM[0]) * 1e-6, abs=max(5 * got.rise_sigma, 5e-8))


def test_a_cheap_crystal_does_no_harm() -> None:
    got = _difference(_snippets(replace(SPEECH, ppm=(60.0, -40.0, 0.0))))
    reference_s, target_s = truth_s(0, 1)
    assert abs(got.later_s - (target_s - reference_s)) < 5 * got.sigma_s < 30e-9 * 5


def test_retuned_from_the_reference_to_the_target_and_back_drift_drops_out() -> None:
    """Three parts of one recording; the clocks differ by 1 ppm, so that by the target they moved by 0.4 µs: 120 m."""
    parts = []
    for block in blocks(replace(SPEECH, seconds=1.2, cnr_db=15.0), sensors=2):
        third = len(block.samples) // 3
        pieces = [replace(block, samples=block.samples[k * third : (k + 1) * third]) for k in range(3)]
        begin_s = [k * third / block.rate_hz for k in range(3)]
        stations = (REFERENCE_HZ, TARGET_HZ, REFERENCE_HZ)
        parts.append([phase_window(p, (f,), first_s=s)[0] for p, f, s in zip(pieces, stations, begin_s, strict=True)])
    a, b = parts
    search = Search(0.0, 0.1, path_s(0, 1))
    got = time_difference([(a[0], b[0]), (a[2], b[2])], [(a[1], b[1])], search)
    reference_s, target_s = truth_s(0, 1)
    assert abs(got.later_s - (target_s - reference_s)) < 4 * got.sigma_s < 4 * 40e-9


def test_receivers_with_good_clocks_need_no_reference() -> None:
    (_, target_a), (_, target_b) = _snippets(SPEECH)
    got = lone_lag([(target_a, target_b)], Search(0.0, 0.1, path_s(0, 1)))
    assert abs(got.lag_s - (OFFSETS_S[1] + truth_s(0, 1)[1]) - (PPM[1] - PPM[0]) * 1e-6 * got.about_s) < 60e-9


@pytest.mark.parametrize("stereo", [True, False], ids=["pilot alone", "carrier alone"])
def test_a_silent_target_is_refused(stereo: bool) -> None:
    with pytest.raises(Silent, match=r"98\.30 MHz"):
        _difference(_snippets(replace(SPEECH, programme="silence", stereo=stereo)))


def test_a_programme_that_repeats_itself_is_refused() -> None:
    with pytest.raises(DifferenceRefused) as refusal:
        _difference(_snippets(replace(SPEECH, programme="tone", reference="tone")))
    assert isinstance(refusal.value, Ambiguous | Silent)


def test_different_programmes_on_the_frequency_have_nothing_in_common() -> None:
    """A pirate covers the station at one sensor only."""
    here, _ = _snippets(SPEECH)
    _, there = _snippets(replace(SPEECH, seed=6))
    with pytest.raises(Silent):
        _difference((here, (here[0], there[1])))


def test_snippets_of_different_moments_are_refused() -> None:
    here, there = _snippets(SPEECH)
    later = tuple(msgspec.structs.replace(part, first_s=part.first_s + 5.0) for part in there)
    with pytest.raises(NoOverlap):
        _difference((here, later), within_s=0.05)
    with pytest.raises((OtherProgramme, Silent)):  # they overlap by the clocks, and by nothing else
        _difference((here, _snippets(replace(SPEECH, begin_s=9.0))[1]))


def test_an_overloaded_receiver_is_refused() -> None:
    first, second = blocks(SPEECH, sensors=2)
    clipped = replace(second, clipped_samples=len(second.samples) // 20)
    snippets = tuple(phase_window(block, (REFERENCE_HZ, TARGET_HZ)) for block in (first, clipped))
    with pytest.raises(Clipped, match=r"5\.0%"):
        _difference(snippets)


def test_noise_alone_gives_no_difference() -> None:
    rng = np.random.default_rng(1)
    snippets = []
    for _ in range(2):
        noise = rng.standard_normal((round(0.5 * 0.96e6), 2)) @ np.array([1, 1j]) / 10
        block = IqBlock(samples=np.asarray(noise, np.complex64), rate_hz=0.96e6, centre_hz=98.05e6)
        snippets.append(phase_window(block, (REFERENCE_HZ, TARGET_HZ)))
    with pytest.raises(Silent):
        _difference(tuple(snippets))
