import numpy as np

from dsp.gsm.sch import SyncInformation, decode_sync, encode_syncs


def _soft(information: SyncInformation) -> np.ndarray:
    return (1 - 2.0 * encode_syncs([information])[0]).astype(np.float32)


def test_every_field_comes_back() -> None:
    rng = np.random.default_rng(1)
    said = [
        SyncInformation(int(rng.integers(64)), int(51 * rng.integers(53248) + rng.choice([1, 11, 21, 31, 41])))
        for _ in range(50)
    ]
    assert decode_sync(np.stack([_soft(each) for each in said])) == said


def test_the_coded_bits_are_those_of_an_independent_encoder() -> None:
    # BSIC 56, FN 857096: coded by hand from 3GPP TS 45.003 §4.7, one bit at a time
    octets = [56 << 2 | (646 >> 9), 646 >> 1 & 255, (646 & 1) << 7 | (857096 % 26) << 2 | 4 >> 1, 4 & 1]
    bits = [octets[k // 8] >> (k % 8) & 1 for k in range(25)]
    register = 0
    for bit in bits:
        register = register << 1 | bit
    remainder = register << 10
    for place in range(34, 9, -1):
        if remainder >> place & 1:
            remainder ^= 0b10101110101 << (place - 10)
    word = bits + [1 - (remainder >> (9 - k) & 1) for k in range(10)] + [0, 0, 0, 0]
    past = [0, 0, 0, 0]
    coded = []
    for bit in word:
        coded += [bit ^ past[2] ^ past[3], bit ^ past[0] ^ past[2] ^ past[3]]
        past = [bit, *past[:3]]
    assert encode_syncs([SyncInformation(56, 857096)])[0].tolist() == coded
    assert 857096 == 51 * ((41 - 857096 % 26) % 26) + 41 + 51 * 26 * 646


def test_noise_passes_no_more_often_than_ten_parity_bits_let_it() -> None:
    noise = np.random.default_rng(2).standard_normal((4000, 78)).astype(np.float32)
    assert sum(each is not None for each in decode_sync(noise)) < 15  # 4000 / 1024, and 5 of 8 counters in range


def test_a_counter_out_of_range_is_not_believed() -> None:
    # T3' = 5 means nothing: 3GPP TS 44.018 §9.1.30 ends at 4
    wrong = SyncInformation(1, 51 * 26 + 51)  # t3 = 0 makes T3' (0 − 1) // 10 = −1
    assert decode_sync(_soft(wrong)[None]) == [None]
