"""Reading between samples."""

import numpy as np
import pytest

from dsp.read_between import REACH, read_between


@pytest.mark.parametrize("cycles", [0.001, 0.05, 0.2, 0.4])
def test_a_tone_is_read_where_it_is(cycles: float) -> None:
    """To −90 dB: a timing error of that size is a fraction of a nanosecond at 150 kS/s."""
    at = 50 + np.random.default_rng(1).random(2000) * 3900
    read = read_between(np.cos(2 * np.pi * cycles * np.arange(4000) + 0.3), at)
    assert np.max(np.abs(read - np.cos(2 * np.pi * cycles * at + 0.3))) < 3e-5


def test_what_would_need_samples_beyond_the_ends_is_not_made_up() -> None:
    read = read_between(np.ones(100), np.array([-1.0, REACH - 1.5, REACH - 1.0, 50.5, 99.0 - REACH, 99.5]))
    assert np.isfinite(read).tolist() == [False, False, True, True, True, False]
    assert read[2:5] == pytest.approx(1.0)
