import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.correlate import find_delay
from dsp.errors import BlockTooShort, NotFinite

RATE_HZ = 240e3


def _pair(
    delay_s: float, snr_db: float, *, rng: np.random.Generator, count: int = 8192, half_hz: float = 60e3
) -> tuple[NDArray[np.complex64], NDArray[np.complex64]]:
    """A band of noise heard twice, the second time later, each time with its own noise."""
    size = 2 * count
    freq_hz = np.fft.fftfreq(size, 1 / RATE_HZ)
    bins = (rng.standard_normal(size) + 1j * rng.standard_normal(size)) * (np.abs(freq_hz) < half_hz)
    heard = []
    for late_s in (0.0, delay_s):
        signal = np.fft.ifft(bins * np.exp(-2j * np.pi * freq_hz * late_s))[count // 2 : count // 2 + count]
        signal /= np.sqrt(np.mean(np.abs(signal) ** 2))
        noise = (rng.standard_normal(count) + 1j * rng.standard_normal(count)) * 10 ** (-snr_db / 20) / np.sqrt(2)
        heard.append((signal + noise).astype(np.complex64))
    return heard[0], heard[1]


@pytest.mark.parametrize("delay_samples", [0.0, 0.3, -7.5, 41.77])
def test_a_delay_is_found_to_a_hundredth_of_a_sample(delay_samples: float) -> None:
    a, b = _pair(delay_samples / RATE_HZ, 30, rng=np.random.default_rng(1))
    found = find_delay(a, b, RATE_HZ, max_delay_s=1e-3)
    assert found is not None
    assert abs(found.delay_s * RATE_HZ - delay_samples) < 0.01


@pytest.mark.parametrize(("snr_db", "half_hz"), [(20, 60e3), (6, 60e3), (0, 60e3), (-6, 60e3), (10, 20e3), (0, 100e3)])
def test_sigma_is_true(snr_db: float, half_hz: float) -> None:
    rng = np.random.default_rng(round(100 + snr_db + half_hz))
    errors = []
    for _ in range(100):
        delay_s = rng.uniform(-20, 20) / RATE_HZ
        a, b = _pair(delay_s, snr_db, rng=rng, half_hz=half_hz, count=2048)
        found = find_delay(a, b, RATE_HZ, max_delay_s=2e-4)
        assert found is not None
        errors.append((found.delay_s - delay_s) / found.sigma_s)
    # the spread of 100 draws is known to 7 %: three of those; what a delay pushes out of the overlap counts as noise
    assert 0.7 < np.std(errors) < 1.2
    assert abs(np.mean(errors)) < 0.3


def test_two_noises_have_no_delay() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        a, _ = _pair(0.0, -60, rng=rng, count=4096)
        b, _ = _pair(0.0, -60, rng=rng, count=4096)
        assert find_delay(a, b, RATE_HZ, max_delay_s=1e-3) is None


def test_a_known_difference_in_tuning_is_taken_off() -> None:
    a, b = _pair(3.25 / RATE_HZ, 20, rng=np.random.default_rng(6))
    b = (b * np.exp(2j * np.pi * 731.0 / RATE_HZ * np.arange(len(b)))).astype(np.complex64)
    assert find_delay(a, b, RATE_HZ, max_delay_s=1e-4) is None
    found = find_delay(a, b, RATE_HZ, max_delay_s=1e-4, freq_difference_hz=731.0)
    assert found is not None
    assert abs(found.delay_s * RATE_HZ - 3.25) < 0.02


def test_what_cannot_be_correlated_is_refused() -> None:
    a = np.ones(63, np.complex64)
    with pytest.raises(BlockTooShort):
        find_delay(a, a, RATE_HZ, max_delay_s=1e-3)
    with pytest.raises(NotFinite):
        find_delay(np.full(100, np.nan, np.complex64), np.ones(100, np.complex64), RATE_HZ, max_delay_s=1e-3)


def test_silence_has_no_delay() -> None:
    zeros = np.zeros(1000, np.complex64)
    assert find_delay(zeros, zeros, RATE_HZ, max_delay_s=1e-3) is None
