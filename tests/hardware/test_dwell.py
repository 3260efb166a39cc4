import numpy as np
import pytest

from hardware.dwell import Intake
from hardware.errors import SamplesLost, StreamStalled
from hardware.ring import Ring

RATE = 1e6
BUFFER = 20_000  # bytes: 10 ms
START_NS = 7_000_000_000


def filled(buffers, *, late_ms=lambda n: 0.0, lost=(), slots=400) -> Intake:
    """A ring after `buffers` buffers, each filled with its number; `lost`: (buffer, buffers that never came)."""
    ring = Ring(slots=slots, slot_bytes=BUFFER)
    missing = 0
    for n in range(buffers):
        missing += sum(count for index, count in lost if index == n)
        data = np.full(BUFFER, n % 256, np.uint8)
        taken_ns = START_NS + round((n + 1 + missing) * 10e6)
        ring.put(data.ctypes.data, BUFFER, taken_ns + round(late_ms(n) * 1e6))
    return Intake(ring, radio="made", rate_hz=RATE, watchdog_s=0.01)


def test_a_dwell_begins_with_the_first_buffer_asked_for():
    taken = filled(100).take(10, 25_000)
    assert (taken.first_sample, taken.lost, taken.next_number) == (100_000, 0, 13)
    assert len(taken.stored) == 50_000
    assert sorted(set(taken.stored.tolist())) == [10, 11, 12]
    assert taken.taken_ns == START_NS + 100_000_000


def test_what_was_taken_before_the_tuner_settled_is_left_out():
    assert filled(100).settled(0, START_NS + 205_000_000) == 21


def test_a_buffer_that_is_only_handed_over_late_is_known_to_be_old():
    stalled = filled(100, late_ms=lambda n: 300.0 - 10 * (n - 20) if 20 <= n < 50 else 0.0)
    # buffers 20 to 49 all arrive at about 0.5 s, but were taken before the tuning at 0.45 s
    assert stalled.settled(20, START_NS + 450_000_000) == 45


def test_a_dwell_never_holds_a_gap_and_says_what_was_lost():
    taken = filled(300, lost=[(20, 3)]).take(10, 200_000)
    assert taken.first_sample == 200_000  # after the gap: counted as delivered
    assert taken.lost == pytest.approx(30_000, abs=2)


def test_a_stall_that_is_made_up_for_is_no_loss():
    caught_up = lambda n: max(0.0, 300.0 - 8.0 * (n - 20)) if n >= 20 else 0.0  # noqa: E731
    taken = filled(300, late_ms=caught_up).take(10, 200_000)
    assert (taken.first_sample, taken.lost) == (100_000, 0)


def test_a_busy_computer_is_no_loss():
    late = np.random.default_rng(3).exponential(8.0, 300)
    taken = filled(300, late_ms=lambda n: late[n]).take(10, 400_000)
    assert taken.lost == 0


def test_a_late_end_is_waited_for_and_not_called_a_loss():
    late = lambda n: 15.0 if n >= 30 else 0.0  # noqa: E731
    with pytest.raises(StreamStalled):  # nothing more came to tell
        filled(33, late_ms=late).take(10, 200_000)
    assert filled(60, late_ms=lambda n: late(n) * (n < 36)).take(10, 200_000).lost == 0


def test_a_reader_that_was_overtaken_begins_anew_and_counts_it():
    intake = filled(100, slots=40)
    taken = intake.take(10, 25_000)
    assert taken.first_sample == 600_000


def test_losses_without_end_are_an_error():
    with pytest.raises(SamplesLost):
        filled(3000, lost=[(n, 1) for n in range(20, 3000, 20)], slots=3000).take(10, 300_000)


def test_silence_is_an_error():
    with pytest.raises(StreamStalled):
        filled(5).take(0, 200_000)
