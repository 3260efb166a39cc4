"""The bound against what is known in closed form."""

import numpy as np
import pytest

from dsp.gsm.bounds import bounds
from dsp.gsm.frame import SYMBOL_HZ


def test_the_bound_of_a_tone_is_that_of_rife_and_boorstyn() -> None:
    """A burst of nothing but zeros is a tone, and tells nothing about time but by its own curve."""
    tone = np.zeros((20, 148), np.uint8)
    energy = 10.0 * 148
    one = np.sqrt(6 / energy) / (2 * np.pi * 148 / SYMBOL_HZ)  # 1974: 6 / (SNR · N³), in time T and energy E/N₀
    assert bounds(np.vstack([tone, _random(1)]), eb_n0_db=10.0).carrier_hz == pytest.approx(one / np.sqrt(21), rel=0.05)


def test_the_bound_of_the_arrival_follows_the_mean_square_frequency() -> None:
    """Gaussian pulse of BT 0.3: mean square frequency (π/2)² · 0.531 radians² a symbol², 93 % of it within 125 kHz."""
    expected = 1 / np.sqrt(2 * 10.0 * 148 * 400 * 0.93 * 0.531 * (np.pi / 2) ** 2) / SYMBOL_HZ
    assert bounds(_random(400), eb_n0_db=10.0).arrival_s == pytest.approx(expected, rel=0.02)


def test_ten_times_the_bursts_or_ten_db_more_give_a_tenth_of_the_variance() -> None:
    bits = _random(30)
    once, often, loud = (
        bounds(bits, eb_n0_db=3.0),
        bounds(np.tile(bits, (10, 1)), eb_n0_db=3.0),
        bounds(bits, eb_n0_db=13.0),
    )
    assert often.arrival_s == pytest.approx(once.arrival_s / np.sqrt(10), rel=1e-6)
    assert loud.carrier_hz == pytest.approx(once.carrier_hz / np.sqrt(10), rel=1e-6)


def _random(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(3).integers(0, 2, (count, 148), np.uint8)
