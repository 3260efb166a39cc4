from pathlib import Path

import numpy as np
import pytest

from recordings.fm.rds_bits import PAGE, RdsBits, checkword, group_bits
from recordings.fm.rds_groups import BITS_PER_GROUP, Group

OFFSET_WORDS = {"A": 0x0FC, "B": 0x198, "C": 0x168, "D": 0x1B4}
RNG = np.random.default_rng(1)


def made_group(number: int) -> Group:
    rng = np.random.default_rng(number & 0xFFFF)
    a, b, c, d = (int(x) for x in rng.integers(0, 65536, 4))
    return a, b & ~0x0800, c, d


def test_the_checkword_is_linear_and_ends_in_the_generator() -> None:
    assert checkword(1, 0) == 0b0110111001  # x^10 divided by x^10 + x^8 + x^7 + x^5 + x^4 + x^3 + 1
    for _ in range(50):
        a, b = (int(x) for x in RNG.integers(0, 65536, 2))
        assert checkword(a ^ b, 0) == checkword(a, 0) ^ checkword(b, 0)


def test_a_single_error_in_any_bit_is_seen() -> None:
    checks = {checkword(1 << k, 0) for k in range(16)} | {1 << k for k in range(10)}
    assert len(checks) == 26 and 0 not in checks


def test_group_bits_are_the_blocks_one_after_the_other() -> None:
    bits = group_bits((0x9331, 0x0408, 0xE0CD, 0x3933))
    for i, word in enumerate((0x9331, 0x0408, 0xE0CD, 0x3933)):
        assert bits >> (104 - 26 * i - 16) & 0xFFFF == word


def test_version_b_has_another_third_offset() -> None:
    a, b = group_bits((1, 0x0000, 1, 2)), group_bits((1, 0x0800, 1, 2))
    assert (a ^ b) >> 26 & 0x3FF == 0x168 ^ 0x350


def test_differential_decoding_gives_the_groups_back() -> None:
    sent = RdsBits(made_group).bits(0, BITS_PER_GROUP * 100)
    plain = sent[1:] ^ sent[:-1]
    wanted = "".join(f"{group_bits(made_group(k)):0104b}" for k in range(100))
    assert "".join(map(str, plain)) == wanted[1:]


def test_bits_read_anywhere_in_any_order_are_the_same() -> None:
    whole = RdsBits(made_group).bits(-PAGE * 104 * 3 - 5, PAGE * 104 * 9)
    other = RdsBits(made_group)
    for at in (4 * PAGE * 104, -3 * PAGE * 104 - 5, 700, 0, -1):
        start = at + PAGE * 104 * 3 + 5
        assert np.array_equal(other.bits(at, 300), whole[start : start + 300])
    assert len(other.bits(3, 0)) == 0


@pytest.mark.needs_recordings
def test_real_stations_use_the_same_checkwords(recordings_dir: Path) -> None:
    """Bits off the air, some hundred groups: four good checks in a row are chance once in 2^40 places."""
    bits = (recordings_dir / "fm" / "bits" / "log_RDS_book_KRK.bits").read_text().strip().replace("\n", "")
    good = 0
    for at in range(len(bits) - 104):
        parts = (bits[at + 26 * i : at + 26 * i + 26] for i in range(4))
        good += all(
            checkword(int(part[:16], 2), offset) == int(part[16:], 2)
            for part, offset in zip(parts, OFFSET_WORDS.values(), strict=True)
        )
    assert good > 0.5 * len(bits) / 104
