"""Carrier, arrival, level and noise of known bursts, and whether their claimed errors are true."""

import numpy as np
import pytest
import scipy.fft
from numpy.typing import NDArray

from dsp.gsm.bounds import bounds
from dsp.gsm.equaliser import MARGIN, SPAN
from dsp.gsm.frame import SYMBOL_HZ
from dsp.gsm.gmsk import modulate
from dsp.gsm.measure import KnownBursts, Measured, measure
from dsp.gsm.slots import channel_filter
from tests.dsp.gsm.known import CLOCK, STEP_NS, came

RUNS = 20
RMS_SIGMA = 1 / np.sqrt(2 * RUNS)  # relative, of a root mean square over RUNS


def _late_ns(got: Measured, late_symbols: float, rise: float = 0.0) -> float:
    true = CLOCK.first + CLOCK.samples_per_frame * got.frame + 4 * (late_symbols + rise * got.frame)
    return (got.frame_sample - true) * STEP_NS


def test_without_noise_nothing_is_biased() -> None:
    known = came(np.random.default_rng(1), late_symbols=0.37, rise=2e-5, turn_hz=31.0)
    got = measure(known, CLOCK, -7000.0)
    assert abs(_late_ns(got, 0.37, 2e-5)) < 0.01
    assert got.carrier_hz == pytest.approx(-6969.0, abs=0.01)
    assert got.samples_per_frame == pytest.approx(CLOCK.samples_per_frame + 8e-5, abs=1e-7)
    assert got.power == pytest.approx(1.0, abs=1e-3)
    assert got.noise < 1e-6


@pytest.mark.parametrize(("eb_n0_db", "seconds"), [(3.0, 0.3), (10.0, 0.5), (30.0, 0.3)])
def test_errors_are_as_large_as_claimed_and_near_the_least_possible(eb_n0_db: float, seconds: float) -> None:
    rows = []
    for run in range(RUNS):
        rng = np.random.default_rng((run, 11))
        late, turn_hz = rng.uniform(-0.4, 0.4), rng.uniform(-30, 30)
        known = came(rng, seconds=seconds, eb_n0_db=eb_n0_db, late_symbols=late, turn_hz=turn_hz)
        got = measure(known, CLOCK, 0.0)
        late_ns, late_sigma_ns = _late_ns(got, late), got.frame_sample_sigma * STEP_NS
        rows.append((late_ns, late_sigma_ns, got.carrier_hz - turn_hz, got.carrier_sigma_hz))
    late_rms, late_claimed, off_rms, off_claimed = np.sqrt(np.mean(np.square(rows), axis=0))
    least = bounds(known.bits, eb_n0_db=eb_n0_db)
    for rms, claimed, bound in (
        (late_rms, late_claimed, least.arrival_s * 1e9),
        (off_rms, off_claimed, least.carrier_hz),
    ):
        assert claimed / rms == pytest.approx(1.0, abs=0.1 + 2.5 * RMS_SIGMA)
        assert 1.0 < claimed / bound < 1.5


def test_the_length_of_a_frame_has_a_true_sigma() -> None:
    ratios = []
    for run in range(RUNS):
        got = measure(came(np.random.default_rng((run, 5)), seconds=0.3, eb_n0_db=6.0, rise=1e-5), CLOCK, 0.0)
        assert got.samples_per_frame_sigma is not None
        ratios.append((got.samples_per_frame - CLOCK.samples_per_frame - 4e-5) / got.samples_per_frame_sigma)
    assert np.sqrt(np.mean(np.square(ratios))) == pytest.approx(1.0, abs=0.1 + 2.5 * RMS_SIGMA)


@pytest.mark.parametrize("eb_n0_db", [0.0, 10.0, 20.0, 30.0, 40.0])
def test_level_and_noise_are_true(eb_n0_db: float) -> None:
    got = measure(came(np.random.default_rng(2), seconds=0.5, eb_n0_db=eb_n0_db, turn_hz=20.0), CLOCK, 0.0)
    assert 10 * np.log10(got.power) == pytest.approx(0.0, abs=0.2)  # 100 bursts of 148 symbols
    assert 10 * np.log10(got.power / got.noise) == pytest.approx(eb_n0_db + 1.32, abs=0.2)  # in 200 kHz


def test_a_single_burst_claims_what_noise_alone_makes_of_it() -> None:
    known = came(np.random.default_rng(3), seconds=0.0095, eb_n0_db=10.0)  # two frames, the first a tone
    got = measure(known, CLOCK, 0.0)
    assert len(known.frames) == 1 and got.samples_per_frame_sigma is None
    least = bounds(known.bits, eb_n0_db=10.0)
    assert 0.7 < got.frame_sample_sigma * STEP_NS / (least.arrival_s * 1e9) < 2.0
    assert 0.7 < got.carrier_sigma_hz / least.carrier_hz < 2.0


def test_a_single_path_is_never_taken_for_several() -> None:
    for run in range(8):
        known = came(np.random.default_rng((run, 8)), seconds=0.3, eb_n0_db=8.0)
        assert measure(known, CLOCK, 0.0).delay_spread == 0.0


@pytest.mark.parametrize("echo_db", [-6.0, 3.0])
def test_an_echo_that_can_be_told_apart_does_not_move_the_first_path(echo_db: float) -> None:
    """Hilly terrain: 15 µs are four symbols."""
    rng = np.random.default_rng(5)
    known = came(rng, seconds=0.4, eb_n0_db=20.0, taps=_rayleigh(rng, (0.0, echo_db), bursts=70), delays=(0.0, 4.1))
    got = measure(known, CLOCK, 0.0)
    assert abs(_late_ns(got, 0.0)) < 3 * got.frame_sample_sigma * STEP_NS < 600.0


def test_paths_of_a_town_melt_into_one_whose_sigma_holds_the_first() -> None:
    """Typical urban (3GPP TS 45.005 §C.3): rms delay spread 1.06 µs, mean excess delay 0.67 µs."""
    delays_us = np.array([0.0, 0.2, 0.5, 1.6, 2.3, 5.0])
    rng = np.random.default_rng(6)
    taps = _rayleigh(rng, (-3.0, 0.0, -2.0, -6.0, -8.0, -10.0), bursts=70)
    symbols = tuple(delays_us * 1e-6 * SYMBOL_HZ)
    got = measure(came(rng, seconds=0.4, eb_n0_db=20.0, taps=taps, delays=symbols), CLOCK, 0.0)
    assert got.delay_spread * STEP_NS == pytest.approx(1060.0, rel=0.35)  # what 200 kHz shows of it
    assert abs(_late_ns(got, 0.0)) < 2 * got.frame_sample_sigma * STEP_NS < 700.0


def test_a_neighbour_that_repeats_itself_is_not_taken_for_paths() -> None:
    """Dummy bursts 200 kHz below, 9 dB stronger: the same in every frame but for their phase."""
    rng = np.random.default_rng(7)
    known = came(rng, seconds=0.4, eb_n0_db=15.0)
    t = np.arange(-MARGIN, SPAN - MARGIN, 1 / 4)
    wave = modulate(rng.integers(0, 2, 148, np.uint8), t) * np.exp(-2j * np.pi * 200e3 * t / SYMBOL_HZ)
    passed = scipy.fft.ifft(scipy.fft.fft(wave) * channel_filter(scipy.fft.fftfreq(len(t), 1 / (4 * SYMBOL_HZ))))[::2]
    turns = np.exp(2j * np.pi * rng.random((len(known.frames), 1)))
    samples = known.samples + (10 ** (9 / 20) * turns * passed).astype(np.complex64)
    got = measure(KnownBursts(known.frames, samples, known.bits), CLOCK, 0.0)
    assert got.delay_spread == 0.0
    assert abs(_late_ns(got, 0.0)) < 3 * got.frame_sample_sigma * STEP_NS < 300.0
    assert 10 * np.log10(got.power) == pytest.approx(0.0, abs=0.5)


def _rayleigh(rng: np.random.Generator, levels_db: tuple[float, ...], *, bursts: int) -> NDArray[np.complex128]:
    """(bursts, paths) of total power 1 on average, new with every burst."""
    power = 10 ** (np.array(levels_db) / 10)
    each = rng.standard_normal((bursts, len(power), 2)) @ np.array([1, 1j])
    return np.asarray(each * np.sqrt(power / power.sum() / 2), np.complex128)
