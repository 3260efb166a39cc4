"""One transmission and a content learned from others: taken when it is this one, never when it is nearly this one."""

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.gsm.agreement import agree, best_paths, signs_of
from dsp.gsm.xcch import code_words

SI3 = bytes.fromhex("49061b2bd962f220013ec8070a156009b90000e81f461b")


def _heard(octets: NDArray[np.uint8], eb_n0_db: float, seed: int = 0) -> NDArray[np.float32]:
    """Soft bits of coherent detection, half a dB short of antipodal."""
    mean = 4 * 10 ** ((eb_n0_db - 0.5) / 10)
    rng = np.random.default_rng(seed)
    sent = 1 - 2.0 * code_words(octets)
    return np.asarray(mean * sent + np.sqrt(2 * mean) * rng.standard_normal(sent.shape), np.float32)


def _si3(times: int) -> NDArray[np.uint8]:
    return np.repeat(np.frombuffer(SI3, np.uint8)[None], times, axis=0)


@pytest.mark.parametrize(("eb_n0_db", "least"), [(0.0, 1.0), (-2.0, 0.99), (-3.0, 0.97), (-4.0, 0.85)])
def test_a_transmission_agrees_with_what_it_is(eb_n0_db: float, least: float) -> None:
    soft = _heard(_si3(400), eb_n0_db)
    assert agree(soft, signs_of(SI3), best_paths(soft)).mean() >= least


@pytest.mark.parametrize("eb_n0_db", [4.0, 0.0, -2.0, -4.0, -7.0])
@pytest.mark.parametrize("octets_changed", [1, 2, 4])
def test_a_content_that_differs_in_some_octets_is_another(eb_n0_db: float, octets_changed: int) -> None:
    rng = np.random.default_rng(octets_changed)
    other, rows = _si3(1500), np.arange(1500)
    for k in range(octets_changed):
        other[rows, (7 * k + rng.integers(0, 7, 1500)) % 23] ^= rng.integers(1, 256, 1500).astype(np.uint8)
    soft = _heard(other, eb_n0_db, seed=octets_changed)
    assert not agree(soft, signs_of(SI3), best_paths(soft)).any()


def test_every_single_bit_counts() -> None:
    other = _si3(184)
    other[np.arange(184), np.arange(184) // 8] ^= (1 << np.arange(184) % 8).astype(np.uint8)
    for seed in range(5):
        soft = _heard(other, -3.0, seed)
        assert not agree(soft, signs_of(SI3), best_paths(soft)).any()


def test_noise_and_silence_agree_with_nothing() -> None:
    noise = np.random.default_rng(1).standard_normal((3000, 456)).astype(np.float32)
    assert not agree(noise, signs_of(SI3), best_paths(noise)).any()
    assert not agree(np.zeros((2, 456), np.float32), signs_of(SI3), np.zeros(2, np.float32)).any()
