import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.fm.rds_combine import combine_pi
from tests.dsp.fm.made_groups import Words, bits_of, name_groups, text_groups

LOOK_SYMBOLS = int(4 * 1187.5)


def _groups(pi: int, rng: np.random.Generator) -> list[Words]:
    out: list[Words] = []
    while len(out) < 48:
        out += name_groups(pi, bytes(rng.integers(65, 90, 8).tolist()))[:2]
        out += text_groups(pi, bytes(rng.integers(65, 90, 60).tolist()))[int(rng.integers(0, 8)) :][:3]
    return out[:48]


def _symbols(bits: NDArray[np.uint8], es_n0_db: float, rng: np.random.Generator) -> NDArray[np.float32]:
    signs = 2.0 * np.bitwise_xor.accumulate(bits) - 1
    return (signs * np.sqrt(2 * 10 ** (es_n0_db / 10)) + rng.standard_normal(len(signs))).astype(np.float32)


def test_four_seconds_give_the_pi_where_no_block_passes() -> None:
    rng = np.random.default_rng(1)
    right = 0
    for _ in range(40):
        pi = int(rng.integers(1, 65536))
        bits = bits_of(_groups(pi, rng))[int(rng.integers(0, 104)) :][:LOOK_SYMBOLS]
        found = combine_pi(_symbols(bits, -1.0, rng))  # a symbol in ten is wrong: (1 − 0.1)^27 = 6 % of blocks
        assert found is None or found.pi == pi
        right += found is not None
    assert right >= 36


@pytest.mark.parametrize("es_n0_db", [-8.0, -5.0, -3.0])
def test_below_that_it_is_silent_and_never_wrong(es_n0_db: float) -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        pi = int(rng.integers(1, 65536))
        found = combine_pi(_symbols(bits_of(_groups(pi, rng))[:LOOK_SYMBOLS], es_n0_db, rng))
        assert found is None or found.pi == pi


def test_noise_has_no_pi() -> None:
    rng = np.random.default_rng(3)
    assert all(combine_pi(rng.standard_normal(LOOK_SYMBOLS).astype(np.float32)) is None for _ in range(300))


def test_one_group_over_and_over_may_be_ambiguous_but_is_not_wrong() -> None:
    rng = np.random.default_rng(4)
    for _ in range(100):
        pi = int(rng.integers(1, 65536))
        bits = bits_of([(pi, *(int(w) for w in rng.integers(0, 2048, 3)))] * 46)  # type: ignore[list-item]
        found = combine_pi(_symbols(bits, 6.0, rng))
        assert found is None or found.pi == pi


def test_few_groups_are_not_combined() -> None:
    rng = np.random.default_rng(5)
    assert combine_pi(_symbols(bits_of(_groups(7, rng)[:7]), 10.0, rng)) is None
