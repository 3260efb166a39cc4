import numpy as np
import pytest

from dsp.gsm.xcch import coded_order, decode_blocks, encode_blocks

SI3 = bytes.fromhex("49061b2bd962f220013ec8070a156009b90000e81f461b")


def _bursts(octets: bytes, times: int = 1) -> np.ndarray:
    return np.repeat(encode_blocks(np.frombuffer(octets, np.uint8)[None]), times, axis=0)


def _coded_one_bit_at_a_time(octets: bytes) -> np.ndarray:
    """3GPP TS 45.003 §4.1 written out: FIRE code by long division, convolution, interleaving."""
    bits = [octets[k // 8] >> (k % 8) & 1 for k in range(184)]
    divisor = (1 << 40) | (1 << 26) | (1 << 23) | (1 << 17) | (1 << 3) | 1
    remainder = int("".join(map(str, bits)), 2) << 40
    for place in range(223, 39, -1):
        if remainder >> place & 1:
            remainder ^= divisor << (place - 40)
    word = bits + [1 - (remainder >> (39 - k) & 1) for k in range(40)] + [0] * 4
    past, coded = [0] * 4, []
    for bit in word:
        coded += [bit ^ past[2] ^ past[3], bit ^ past[0] ^ past[2] ^ past[3]]
        past = [bit, *past[:3]]
    bursts = np.zeros((4, 114), np.uint8)
    for k, bit in enumerate(coded):
        bursts[k % 4, 2 * (49 * k % 57) + k % 8 // 4] = bit
    return bursts


def test_blocks_are_coded_as_the_standard_writes_it() -> None:
    assert (_bursts(SI3)[0] == _coded_one_bit_at_a_time(SI3)).all()


def test_a_clean_block_comes_back() -> None:
    octets, good = decode_blocks(coded_order(1 - 2.0 * _bursts(SI3).astype(np.float32)))
    assert good.tolist() == [True] and octets.tobytes() == SI3


def test_a_block_with_one_burst_of_four_lost_is_read_from_the_other_three() -> None:
    soft = 1 - 2.0 * _bursts(SI3).astype(np.float32)
    soft[:, 2] = 0
    octets, good = decode_blocks(coded_order(soft))
    assert good.all() and octets.tobytes() == SI3


def test_noise_has_no_good_block() -> None:
    noise = np.random.default_rng(1).standard_normal((2000, 456)).astype(np.float32)
    assert not decode_blocks(noise)[1].any()


def test_no_blocks_are_no_blocks() -> None:
    octets, good = decode_blocks(np.zeros((0, 456), np.float32))
    assert octets.shape == (0, 23) and good.shape == (0,)
    assert encode_blocks(octets).shape == (0, 4, 114)


@pytest.mark.parametrize(("eb_n0_db", "least"), [(4.0, 0.995), (3.0, 0.99), (1.5, 0.93)])
def test_soft_bits_reach_the_bound_of_the_code(eb_n0_db: float, least: float) -> None:
    """Coherent detection half a dB short of antipodal, as GMSK is: the bound is 100, 100 and 98 %."""
    rng = np.random.default_rng(3)
    sigma = np.sqrt(0.5 / 10 ** ((eb_n0_db - 0.5) / 10))
    sent = 1 - 2.0 * _bursts(SI3, 400).astype(np.float32)
    soft = (sent + sigma * rng.standard_normal(sent.shape)).astype(np.float32)
    assert decode_blocks(coded_order(soft))[1].mean() >= least
