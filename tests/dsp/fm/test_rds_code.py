import numpy as np
import pytest

from dsp.fm.rds_code import Offset, encode_block, informations, remainder, syndromes


def _bits(*words: int) -> np.ndarray:
    return np.array([word >> (25 - i) & 1 for word in words for i in range(26)], np.uint8)


def test_the_checkword_of_one_information_bit_is_the_remainder_of_its_power() -> None:
    assert remainder(1 << 10) == 0b01_1011_1001  # x^10 mod g(x), by hand


@pytest.mark.parametrize("offset", list(Offset))
def test_an_unharmed_block_gives_its_own_offset_word(offset: Offset) -> None:
    assert syndromes(_bits(encode_block(0x9331, offset))).tolist() == [offset.value]


def test_information_is_read_where_a_block_starts() -> None:
    bits = _bits(encode_block(0x1234, Offset.A), encode_block(0xABCD, Offset.B))
    assert informations(bits)[[0, 26]].tolist() == [0x1234, 0xABCD]


def test_every_burst_of_five_bits_or_fewer_is_noticed() -> None:
    block = _bits(encode_block(0x9331, Offset.A))
    for length in range(1, 6):
        for pattern in range(1 << (length - 1), 1 << length):
            for start in range(26 - length + 1):
                harmed = block.copy()
                harmed[start : start + length] ^= np.array([pattern >> i & 1 for i in range(length)], np.uint8)
                assert syndromes(harmed)[0] != Offset.A.value


def test_less_than_a_block_has_no_syndrome() -> None:
    assert len(syndromes(np.zeros(25, np.uint8))) == 0
