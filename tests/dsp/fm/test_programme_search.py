import numpy as np
import pytest

from dsp.fm.programme import bit_error_rate, fingerprint
from dsp.fm.programme_search import LEAST_FRAMES, chance_sigma, distinctive, find, frames, seconds, shifts_s
from tests.fusion.made_programmes import RATE_HZ, chatter


def _print(sound: np.ndarray, begin_s: float, length_s: float, *, noise: float = 0.05, seed: int = 1) -> bytes:
    part = sound[round(begin_s * RATE_HZ) :][: round(length_s * RATE_HZ)]
    noisy = part + noise * np.random.default_rng(seed).standard_normal(len(part))
    made = fingerprint(noisy.astype(np.float32), RATE_HZ)
    assert made is not None
    return made


def test_a_part_of_a_programme_is_found_where_it_is_among_hundreds() -> None:
    sound = chatter(1, 20.0)
    kept = [_print(chatter(100 + n, 3.0), 0.0, 3.0) for n in range(150)]
    kept[77] = _print(sound, 6.0, 3.0, seed=2)
    (found,) = find(_print(sound, 7.6, 3.0), kept)
    assert found.index == 77
    assert found.shift_s == pytest.approx(1.6, abs=0.05)
    assert found.overlap_s == pytest.approx(3.0 - 0.256 - 3 / 32 - 1.6, abs=0.1)
    assert found.sigmas > 10


@pytest.mark.parametrize("late_s", [-1.5, -0.4, 0.0, 0.9])
def test_the_error_rate_is_that_of_the_overlap_whatever_the_lengths(late_s: float) -> None:
    sound = chatter(3, 12.0)
    long, short = _print(sound, 3.0, 5.0), _print(sound, 4.0 + late_s, 2.5, seed=4)
    (one,), (other,) = find(short, [long]), find(long, [short])
    assert one.shift_s == pytest.approx(-other.shift_s)
    assert one.bit_error_rate == pytest.approx(other.bit_error_rate, abs=1e-9)
    assert one.bit_error_rate < 0.3
    whole = _print(sound, 4.0, 2.5)
    (straight,) = find(whole, [_print(sound, 4.0, 2.5, seed=9)])
    assert straight.bit_error_rate == pytest.approx(bit_error_rate(whole, _print(sound, 4.0, 2.5, seed=9)), abs=1e-9)


def test_strangers_are_never_found() -> None:
    prints = [_print(chatter(200 + n, 6.0), 1.0 + 0.037 * n, 3.0, seed=n) for n in range(60)]
    best = [
        found.sigmas for index, each in enumerate(prints) for found in find(each, prints[:index], least_sigmas=-9.0)
    ]
    assert len(best) == 60 * 59 / 2
    assert max(best) < 7.0  # the best of 120 shifts each; 8 is the limit


def test_bits_that_are_nearly_always_the_same_prove_nothing() -> None:
    chance = np.random.default_rng(5)
    stuck = [
        bytes([1]) + np.packbits(chance.random((90, 16)) < 0.9, axis=1, bitorder="little").tobytes() for _ in range(20)
    ]
    assert all(find(a, stuck[:index]) == () for index, a in enumerate(stuck))


def test_chance_has_the_spread_that_is_said() -> None:
    chance = np.random.default_rng(3)
    sounds = [chatter(500 + n, 6.0) for n in range(40)]
    rates = []
    for _ in range(300):
        first, second = chance.choice(40, 2, replace=False)
        a, b = (frames(_print(sounds[n], chance.uniform(0, 2), 3.0, seed=n))[:84] for n in (first, second))
        ones = [np.unpackbits(x.view(np.uint8).reshape(-1, 2), axis=1).mean(axis=0) for x in (a, b)]
        expected = np.mean(ones[0] * (1 - ones[1]) + ones[1] * (1 - ones[0]))
        rates.append(np.bitwise_count(a ^ b).mean() / 16 - expected)
    assert np.mean(rates) == pytest.approx(0.0, abs=0.01)
    assert np.std(rates) < 1.2 * chance_sigma(84)


def test_what_is_too_short_or_of_another_version_matches_nothing() -> None:
    good = _print(chatter(1, 4.0), 0.0, 3.0)
    short = good[: 1 + 2 * (LEAST_FRAMES - 1)]
    assert find(good, [short, b"", b"\x02" + good[1:]]) == ()
    assert find(b"", [good]) == ()
    assert not distinctive(short)
    assert shifts_s(0.5, 3.0) == 0
    assert shifts_s(seconds(good), seconds(good)) == pytest.approx(2 * seconds(good) - 1.5)


def test_a_drum_machine_is_like_itself_and_speech_is_not() -> None:
    beat = np.tile(chatter(5, 0.5), 8)
    assert not distinctive(_print(beat, 0.0, 3.0))
    assert all(distinctive(_print(chatter(300 + n, 3.0), 0.0, 3.0)) for n in range(20))
