import numpy as np

from dsp.fm.rds import decode_bits
from dsp.fm.rds_blocks import find_blocks, find_groups
from tests.dsp.fm.made_groups import bits_of, name_groups

_RNG = np.random.default_rng(62106)


def _noise(count: int) -> np.ndarray:
    return _RNG.integers(0, 2, count).astype(np.uint8)


def _groups(count: int) -> list[tuple[int, int, int, int]]:
    return (name_groups(0x9331, b"93XRT   ") * (count // 4 + 1))[:count]


def test_every_block_of_a_clean_signal_is_found_wherever_it_starts() -> None:
    for skipped in (0, 1, 25, 26, 60, 103):
        blocks = find_blocks(bits_of(_groups(20))[skipped:])
        whole = (20 * 104 - skipped) // 26
        assert len(blocks) == whole
        assert all(block.word is not None for block in blocks)


def test_an_hour_of_noise_holds_no_block() -> None:
    assert find_blocks(_noise(int(3600 * 1187.5))) == ()


def test_a_slipped_bit_costs_blocks_and_not_the_station() -> None:
    bits = bits_of(_groups(30))
    slipped = np.delete(bits, 1000)
    reading = decode_bits(slipped)
    assert reading.blocks_good >= 120 - 2
    assert {group.words[0] for group in reading.groups} <= {0x9331, None}


def test_the_error_rate_is_the_share_of_harmed_blocks() -> None:
    bits = bits_of(_groups(200))
    harmed = _RNG.choice(800, 200, replace=False)
    bits[harmed * 26 + 7] ^= 1
    rate = decode_bits(bits).block_error_rate
    assert rate is not None
    assert abs(rate - 0.25) < 0.01


def test_a_gap_in_the_signal_counts_as_blocks_not_received() -> None:
    bits = np.concatenate([bits_of(_groups(20)), _noise(40 * 104), bits_of(_groups(20))])
    rate = decode_bits(bits).block_error_rate
    assert rate is not None
    assert abs(rate - 0.5) < 0.02


def test_two_blocks_are_not_a_signal() -> None:
    bits = _noise(5000)
    bits[1000:1052] = bits_of(_groups(1))[:52]
    assert find_blocks(bits) == ()


def test_a_group_keeps_what_was_heard_and_says_what_was_not() -> None:
    bits = bits_of(_groups(8))
    bits[3 * 104 + 26 + 4] ^= 1  # block B of the fourth group
    groups = find_groups(find_blocks(bits))
    assert [group.words[1] is None for group in groups] == [i == 3 for i in range(8)]
    assert groups[3].words[0] == 0x9331


def test_nothing_is_found_in_nothing() -> None:
    assert decode_bits(np.zeros(0, np.uint8)).block_error_rate is None
    assert decode_bits(np.zeros(5000, np.uint8)).groups == ()
