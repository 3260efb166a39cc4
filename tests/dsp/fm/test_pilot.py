import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.errors import BadRate, BlockTooShort
from dsp.fm.mpx import transform
from dsp.fm.pilot import Pilot, find_pilot

RATE_HZ = 240e3


def _find(samples: NDArray[np.float64]) -> Pilot | None:
    return find_pilot(transform(samples.astype(np.float32), RATE_HZ))


def _tone(freq_hz: float, deviation_hz: float, seconds: float) -> NDArray[np.float64]:
    at_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    return deviation_hz * np.sinc(freq_hz / RATE_HZ) * np.cos(2 * np.pi * freq_hz * at_s + 1.0)


@pytest.mark.parametrize("noise_hz", [1e3, 10e3, 30e3])
def test_its_frequency_is_found_and_the_sigma_is_true(noise_hz: float) -> None:
    rng = np.random.default_rng(round(noise_hz))
    errors = []
    for _ in range(60):
        freq_hz = 19e3 + rng.uniform(-6, 6)
        pilot = _find(_tone(freq_hz, 6750, 0.5) + noise_hz * rng.standard_normal(int(0.5 * RATE_HZ)))
        assert pilot is not None
        errors.append((pilot.freq_hz - freq_hz) / pilot.sigma_hz)
        assert pilot.deviation_hz == pytest.approx(6750, abs=max(60, 0.05 * noise_hz))
    assert 0.5 < np.std(errors) < 1.3  # the spread of 60 is known to 9 %; programme beside it may make sigma larger


def test_noise_has_no_pilot() -> None:
    rng = np.random.default_rng(7)
    for seconds in (0.05, 0.5, 2.0):
        for _ in range(30):
            assert _find(20e3 * rng.standard_normal(int(seconds * RATE_HZ))) is None


def test_a_tone_of_programme_near_19_khz_is_no_pilot() -> None:
    assert _find(_tone(18.9e3, 7000, 1.0)) is None


def test_a_pilot_too_weak_to_be_one_is_none() -> None:
    assert _find(_tone(19e3, 200, 1.0)) is None


def test_a_multiplex_too_slow_or_too_short_is_refused() -> None:
    with pytest.raises(BadRate):
        transform(np.zeros(100_000, np.float32), 100e3)
    with pytest.raises(BlockTooShort):
        transform(np.zeros(100, np.float32), RATE_HZ)


def test_one_line_of_a_comb_is_no_pilot() -> None:
    """Packets of data that repeat themselves make a line every so many hertz, and one of them may lie at 19 kHz."""
    comb = sum(_tone(475.0 * k, 2000.0, 0.5) for k in range(1, 80))
    assert _find(np.asarray(comb)) is None
