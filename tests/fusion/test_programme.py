"""Telling two programmes on one channel apart by their sound, from the fingerprints sensors send."""

import numpy as np
import pytest

from dsp.fm.programme import fingerprint
from fusion.fm_likeness import same_programme
from tests.dsp.signatures.made import plain

RATE_HZ = 16_000.0


def speechlike(seed: int, seconds: float) -> np.ndarray:
    """Noise of changing colour and loudness: a new syllable every tenth of a second."""
    chance = np.random.default_rng(seed)
    count = round(seconds * 10)
    pieces = []
    for _ in range(count):
        n = round(RATE_HZ / 10)
        tone = chance.uniform(250, 3000, 3)
        t = np.arange(n) / RATE_HZ
        voice = sum(np.sin(2 * np.pi * f * t + chance.uniform(0, 6)) for f in tone)
        pieces.append(chance.uniform(0.1, 1.0) * voice * np.hanning(n) + 0.05 * chance.normal(size=n))
    return np.concatenate(pieces).astype(np.float32)


def heard(audio: np.ndarray, begin_s: float, seconds: float, *, noise: float, seed: int):
    first = round(begin_s * RATE_HZ)
    part = audio[first : first + round(seconds * RATE_HZ)]
    noisy = part + noise * np.random.default_rng(seed).normal(size=len(part)).astype(np.float32)
    return plain(
        93.1, programme=fingerprint(noisy.astype(np.float32), RATE_HZ), programme_time_utc_ns=round(begin_s * 1e9)
    )


@pytest.mark.parametrize("late_s", [0.0, 0.05, 0.4])
def test_one_programme_at_two_sensors_is_the_same_though_they_begin_apart(late_s: float):
    audio = speechlike(1, 6.0)
    first = heard(audio, 1.0, 2.0, noise=0.05, seed=5)
    second = heard(audio, 1.0 + late_s, 2.0, noise=0.05, seed=6)
    assert same_programme(first, second) is True


def test_two_programmes_are_different_and_never_taken_for_the_same():
    answers = [
        same_programme(
            heard(speechlike(2 * i, 3.0), 0.0, 2.0, noise=0.05, seed=1),
            heard(speechlike(2 * i + 1, 3.0), 0.0, 2.0, noise=0.05, seed=2),
        )
        for i in range(10)
    ]
    assert True not in answers
    assert answers.count(False) >= 7


def test_programmes_of_different_times_or_weak_signals_say_nothing():
    audio = speechlike(3, 8.0)
    now, later = heard(audio, 0.0, 2.0, noise=0.05, seed=1), heard(audio, 5.0, 2.0, noise=0.05, seed=1)
    assert same_programme(now, later) is None
    assert same_programme(now, plain(93.1)) is None
