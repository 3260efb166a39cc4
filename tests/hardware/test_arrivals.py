import numpy as np
import pytest

from hardware.arrivals import Gap, Stamp, gaps, taken_ns

RATE = 2.4e6
BUFFER = 32768 // 2 * 2  # samples


def delivered(count, *, late_ms=lambda n: 0.0, lost_before=(), ppm=0.0, buffer=BUFFER):
    """Stamps of buffers from a crystal `ppm` fast; `lost_before`: (buffer, samples that never came)."""
    stamps, lost = [], 0
    for n in range(count):
        lost += sum(samples for index, samples in lost_before if index == n)
        samples = (n + 1) * buffer
        true_ns = (samples + lost) * 1e9 / (RATE * (1 + ppm * 1e-6))
        stamps.append(Stamp(samples, round(5e9 + true_ns + late_ms(n) * 1e6)))
    return stamps


def test_a_steady_stream_has_no_gap():
    assert gaps(delivered(200), RATE) == []


@pytest.mark.parametrize("ppm", [-150, 150])
def test_a_crystal_150_ppm_off_is_no_loss_in_ten_seconds(ppm):
    assert gaps(delivered(730, ppm=ppm), RATE) == []


def test_a_lost_transfer_is_found_where_it_is_and_as_large_as_it_is():
    (gap,) = gaps(delivered(100, lost_before=[(40, 16384)]), RATE)
    assert gap.index == 40
    assert gap.lost == pytest.approx(16384, abs=2)


def test_two_losses_are_two():
    assert gaps(delivered(100, lost_before=[(20, 32768), (60, 8192)]), RATE) == [Gap(20, 32768), Gap(60, 8192)]


def test_jitter_and_a_stall_that_is_made_up_for_are_no_loss():
    random = np.random.default_rng(1)
    jitter = random.exponential(0.4, 200)
    stall = lambda n: jitter[n] + max(0.0, 400.0 - 13.6 * (n - 50)) * (n >= 50)  # noqa: E731
    assert gaps(delivered(200, late_ms=stall), RATE) == []


def test_a_loss_behind_a_stall_is_still_found():
    stall = lambda n: max(0.0, 200.0 - 13.6 * (n - 50)) * (n >= 50)  # noqa: E731
    found = gaps(delivered(200, late_ms=stall, lost_before=[(50, 32768)]), RATE)
    assert sum(gap.lost for gap in found) == pytest.approx(32768, abs=2)


def test_the_time_of_a_sample_is_that_of_the_promptest_delivery():
    random = np.random.default_rng(2)
    jitter = random.exponential(1.0, 100)
    stamps = delivered(100, late_ms=lambda n: jitter[n])
    assert taken_ns(stamps, RATE, 0) == pytest.approx(5e9, abs=0.1e6)
    assert taken_ns(stamps, RATE, 2_400_000) == pytest.approx(6e9, abs=0.1e6)
