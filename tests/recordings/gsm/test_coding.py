import numpy as np

from recordings.gsm.coding import FIRE, SCH_PARITY, code_blocks, code_sch, convolve_half, with_parity

RNG = np.random.default_rng(1)


def remainder(bits: np.ndarray, generator: tuple[int, ...]) -> int:
    """Of the division as polynomials, on whole numbers."""
    value = int("".join(map(str, bits)), 2)
    divisor = int("".join(map(str, generator)), 2)
    while value.bit_length() >= divisor.bit_length():
        value ^= divisor << (value.bit_length() - divisor.bit_length())
    return value


def deinterleaved(bursts: np.ndarray) -> np.ndarray:
    """45.003 §4.1.4 backwards, bit by bit."""
    coded = []
    for k in range(456):
        j = 2 * (49 * k % 57) + (k % 8) // 4
        coded.append(bursts[k % 4][j if j < 57 else j + 2])
    return np.array(coded)


def test_the_fire_code_is_the_product_that_the_standard_names() -> None:
    product = np.convolve([1 if p in (23, 0) else 0 for p in range(23, -1, -1)], [1, *[0] * 13, 1, 0, 0, 1]) % 2
    assert tuple(product) == FIRE


def test_a_block_with_its_parity_leaves_all_ones() -> None:
    for _ in range(20):
        word = with_parity(RNG.integers(0, 2, 184, np.uint8), FIRE)
        assert remainder(word, FIRE) == (1 << 40) - 1


def test_sch_bits_with_their_parity_leave_all_ones() -> None:
    for _ in range(20):
        word = with_parity(RNG.integers(0, 2, 25, np.uint8), SCH_PARITY)
        assert remainder(word, SCH_PARITY) == (1 << 10) - 1


def test_the_two_outputs_of_the_convolutional_code_differ_by_the_bit_before() -> None:
    bits = RNG.integers(0, 2, 100, np.uint8)
    coded = convolve_half(bits)
    assert np.array_equal(coded[0::2][1:] ^ coded[1::2][1:], bits[:-1])  # G0 + G1 = D
    assert coded[:2].tolist() == [bits[0], bits[0]]


def test_a_single_one_comes_out_as_the_generators() -> None:
    coded = convolve_half(np.array([1, 0, 0, 0, 0], np.uint8))
    assert coded[0::2].tolist() == [1, 0, 0, 1, 1]
    assert coded[1::2].tolist() == [1, 1, 0, 1, 1]


def test_the_four_bursts_hold_the_block_and_its_parity() -> None:
    octets = RNG.integers(0, 256, (3, 23), np.uint8)
    for block, bursts in zip(octets, code_blocks(octets), strict=True):
        coded = deinterleaved(bursts)
        word = (coded[0::2] ^ coded[1::2])[1:]  # 227 of u(0) … u(227); the last is tail
        assert np.array_equal(np.packbits(word[:184], bitorder="little"), block)
        assert remainder(word[:224], FIRE) == (1 << 40) - 1
        assert not word[224:].any()


def test_every_bit_of_a_burst_is_used_once_and_the_stealing_flags_are_set() -> None:
    ones_and_zeros = code_blocks(RNG.integers(0, 256, (200, 23), np.uint8))
    assert (ones_and_zeros[:, :, 57:59] == 1).all()
    share = ones_and_zeros.mean(axis=0)
    share[:, 57:59] = 0.5
    assert (abs(share - 0.5) < 0.25).all()  # 7 sigma of 200 fair coins; an unused place would stand at 0 or 1


def test_a_coded_sch_word_gives_its_bits_back() -> None:
    data = RNG.integers(0, 2, (5, 25), np.uint8)
    coded = code_sch(data)
    assert coded.shape == (5, 78)
    assert np.array_equal((coded[:, 0::2] ^ coded[:, 1::2])[:, 1:26], data)
