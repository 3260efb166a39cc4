"""How a sound changes its colour: chance alone does not count, neither does level."""

import numpy as np
import pytest

from dsp.fm.timbre import timbre_change_db

RATE_HZ = 40e3


def _symbols(baud: float, seconds: float, seed: int) -> np.ndarray:
    bits = np.random.default_rng(seed).integers(0, 2, int(baud * seconds) + 2) * 2.0 - 1
    return bits[(np.arange(int(RATE_HZ * seconds)) * baud / RATE_HZ).astype(int)].astype(np.float32)


@pytest.mark.parametrize("baud", [1200.0, 4800.0, 9600.0, 19200.0])
def test_random_symbols_keep_their_colour(baud: float) -> None:
    found = [timbre_change_db(_symbols(baud, 1.0, seed), RATE_HZ) for seed in range(6)]
    assert max(each for each in found if each is not None) < 1.0


def test_noise_that_swells_and_fades_keeps_its_colour() -> None:
    noise = np.random.default_rng(1).standard_normal(40_000).astype(np.float32)
    swell = (1 + 0.9 * np.sin(np.arange(40_000) * 2 * np.pi * 3 / RATE_HZ)).astype(np.float32)
    found = timbre_change_db(noise * swell, RATE_HZ)
    assert found is not None and found < 1.0


def test_notes_change_it_also_when_they_are_clipped() -> None:
    t = np.arange(40_000) / RATE_HZ
    pitch_hz = np.repeat([220.0, 330.0, 277.0, 440.0, 247.0], 8000)
    notes = np.clip(4 * np.sin(2 * np.pi * pitch_hz * t), -1, 1).astype(np.float32)
    found = timbre_change_db(notes, RATE_HZ)
    assert found is not None and found > 3.0


def test_too_little_says_nothing() -> None:
    assert timbre_change_db(np.ones(7000, np.float32), RATE_HZ) is None
    assert timbre_change_db(np.zeros(40_000, np.float32), RATE_HZ) is None
