"""A station as phases in a few bits."""

import zlib

import msgspec
import numpy as np
import pytest

from dsp.errors import BadRate, BlockTooShort
from dsp.fm.phase_steps import COARSEST, FINEST, STEP_RATE_HZ, PhaseSteps, phase_steps, phases
from dsp.fm.phase_window import OutsideWindow, cut, phase_window
from dsp.iq import IqBlock
from tests.dsp.fm.difference_made import CENTRE_HZ, REFERENCE_HZ, TARGET_HZ, Set, blocks

RATE_HZ = 240e3


def _tone(
    seconds: float = 0.5, *, snr_db: float = 60.0, deviation_hz: float = 30e3, tone_hz: float = 1e3
) -> np.ndarray:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    rng = np.random.default_rng(3)
    noise = (rng.standard_normal((len(t), 2)) @ np.array([1, 1j])) * np.sqrt(10 ** (-snr_db / 10) / 2)
    return np.asarray(np.exp(1j * deviation_hz / tone_hz * np.sin(2 * np.pi * tone_hz * t)) + noise, np.complex64)


def test_the_phase_comes_back_to_within_half_a_grain() -> None:
    steps = phase_steps(_tone(), RATE_HZ, freq_hz=98e6)
    t = np.arange(steps.samples) / steps.rate_hz
    sent = 30.0 * np.sin(2 * np.pi * 1e3 * t)
    middle = slice(1000, -1000)
    apart = (phases(steps) - sent)[middle]
    assert steps.rate_hz == STEP_RATE_HZ
    x = np.arange(len(apart))
    assert np.max(np.abs(apart - np.polyval(np.polyfit(x, apart, 1), x))) < np.pi / steps.grains + 0.02


def test_the_grain_follows_the_noise_and_a_step_always_fits_its_byte() -> None:
    weak, strong = (phase_steps(_tone(snr_db=snr), RATE_HZ, freq_hz=98e6) for snr in (5.0, 40.0))
    assert COARSEST <= weak.grains < strong.grains == FINEST
    loud = phase_steps(_tone(deviation_hz=110e3, tone_hz=5e3), RATE_HZ, freq_hz=98e6)
    assert np.abs(np.frombuffer(loud.steps, np.int8).astype(int)).max() <= 127


@pytest.mark.parametrize("rate_hz", [0.96e6, 1.024e6, 2.048e6, 2.4e6])
def test_a_window_of_any_usual_rate_gives_the_same_rate_of_steps(rate_hz: float) -> None:
    block = IqBlock(samples=np.ones(round(0.2 * rate_hz), np.complex64), rate_hz=rate_hz, centre_hz=98e6)
    (steps,) = phase_window(block, (98.1e6,))
    assert steps.rate_hz == pytest.approx(STEP_RATE_HZ, abs=1e-6)
    assert steps.seconds == pytest.approx(0.2, abs=1e-3)


def test_a_second_of_two_loud_stations_packs_into_under_200_kilobytes() -> None:
    made = Set("music", seed=3, cnr_db=12.0)
    parts = phase_window(blocks(made, sensors=1)[0], (REFERENCE_HZ, TARGET_HZ))
    assert sum(len(zlib.compress(part.steps)) for part in parts) < 200_000
    assert [part.freq_hz for part in parts] == [REFERENCE_HZ, TARGET_HZ]


def test_an_echo_shows_as_a_tilt_of_the_envelope() -> None:
    """Strong by r = 0.3 and late by 1 µs: ln |H| = r cos(2π f τ + ψ) tilts by −r τ sin ψ."""
    sent = _tone(deviation_hz=40e3)
    spectrum, freq_hz = np.fft.fft(sent), np.fft.fftfreq(len(sent), 1 / RATE_HZ)
    tilted = np.fft.ifft(spectrum * (1 + 0.3 * np.exp(-1j * (2 * np.pi * freq_hz * 1e-6 + np.pi / 2))))
    steps = phase_steps(tilted.astype(np.complex64), RATE_HZ, freq_hz=98e6)
    assert steps.envelope_slope_s == pytest.approx(-0.3e-6, rel=0.2)
    assert abs(phase_steps(sent, RATE_HZ, freq_hz=98e6).envelope_slope_s) < 5e-9


def test_the_asked_time_is_cut_out_of_a_dated_block() -> None:
    block = IqBlock(samples=np.arange(1000, dtype=np.complex64), rate_hz=1e3, centre_hz=CENTRE_HZ, time_utc_ns=10**9)
    part = cut(block, begin_utc_ns=1_200_000_000, seconds=0.5)
    assert (part.time_utc_ns, len(part.samples), part.samples[0]) == (1_200_000_000, 500, 200)
    assert cut(block, begin_utc_ns=5 * 10**9, seconds=0.5) is block


def test_what_cannot_be_given_is_refused() -> None:
    block = IqBlock(samples=np.ones(100_000, np.complex64), rate_hz=1e6, centre_hz=98e6)
    with pytest.raises(OutsideWindow):
        phase_window(block, (98.45e6,))
    with pytest.raises(BlockTooShort):
        phase_steps(_tone(0.01), RATE_HZ, freq_hz=98e6)
    with pytest.raises(BadRate):
        phase_steps(_tone(), 100e3, freq_hz=98e6)


def test_steps_are_a_value_that_survives_the_wire() -> None:
    steps = phase_steps(_tone(0.1), RATE_HZ, freq_hz=98e6, first_s=0.25)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(steps), type=PhaseSteps) == steps
