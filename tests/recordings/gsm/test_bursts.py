import numpy as np
import pytest

from recordings.gsm.bursts import DUMMY, FRAME_SYMBOLS, SCH_TRAINING, SLOT_START, TRAINING, normal_bursts, sch_bits


def test_slots_are_157_and_156_symbols_long_and_fill_the_frame() -> None:
    assert np.diff([*SLOT_START, FRAME_SYMBOLS]).tolist() == [157, 156, 156, 156, 157, 156, 156, 156]


def test_training_sequences_are_written_twice_around_their_middle() -> None:
    """45.002 §5.2.3: a period of 16, so the first ten bits come again at the end, but for no more."""
    for sequence in TRAINING:
        assert sequence[:10].tolist() == sequence[16:].tolist()


def test_training_sequences_look_like_white_noise_to_a_channel_estimator() -> None:
    for sequence in 1 - 2.0 * TRAINING:
        middle = sequence[5:21]
        sums = [middle @ sequence[5 + lag : 21 + lag] for lag in range(-5, 6) if lag]
        assert sums == [0.0] * 10


def test_the_long_training_sequence_stands_out() -> None:
    sequence = 1 - 2.0 * SCH_TRAINING
    peak, *sides = np.correlate(sequence, sequence, "full")[63:]
    assert peak == 64 and max(map(abs, sides)) <= 16


def test_a_dummy_burst_has_142_mixed_bits_between_tails() -> None:
    assert len(DUMMY) == 148
    assert not DUMMY[:3].any() and not DUMMY[-3:].any()


def test_a_normal_burst_carries_57_bits_and_a_flag_on_each_side() -> None:
    payload = np.arange(116, dtype=np.uint8)
    burst = normal_bursts(payload, 5)
    assert burst[3:61].tolist() == list(range(58)) and burst[87:145].tolist() == list(range(58, 116))
    assert np.array_equal(burst[61:87], TRAINING[5])


@pytest.mark.parametrize("fn", [1, 11, 857096, 2715648 - 10])
def test_sch_bits_name_bsic_and_frame_number(fn: int) -> None:
    """Read back bit by bit as 44.018 §9.1.30 draws them."""
    d = sch_bits(0b111000, np.array([fn]))[0].tolist()

    def number(places: list[int]) -> int:
        return int("".join(str(d[p]) for p in places), 2)

    t1 = number([1, 0, 15, 14, 13, 12, 11, 10, 9, 8, 23])
    t2, t3 = number([22, 21, 20, 19, 18]), 10 * number([17, 16, 24]) + 1
    assert number([7, 6, 5, 4, 3, 2]) == 0b111000
    assert 51 * 26 * t1 + 51 * ((t3 - t2) % 26) + t3 == fn
