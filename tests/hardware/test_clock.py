from hardware.clock import ClockQuality, ClockSource, KernelClock, SystemClock, judge_clock, kernel_clock
from hardware.temperature import temperature_c

NOW_NS = 1_790_000_000_000_000_000


def test_a_clock_that_was_never_set_is_not_trusted():
    assert judge_clock(5_000_000_000, KernelClock(True, True, 0)) == ClockQuality(ClockSource.NONE, None)


def test_a_clock_nobody_disciplines_is_the_systems_own():
    for kernel in (None, KernelClock(False, False, 100)):
        assert judge_clock(NOW_NS, kernel) == ClockQuality(ClockSource.SYSTEM, 500_000_000)


def test_a_disciplined_clock_is_believed_to_its_own_estimate():
    assert judge_clock(NOW_NS, KernelClock(True, False, 250_000)) == ClockQuality(ClockSource.NTP, 250_000)
    assert judge_clock(NOW_NS, KernelClock(True, True, 0)) == ClockQuality(ClockSource.PPS, 1000)


def test_this_computers_clock_can_be_asked():
    assert SystemClock().quality().source in ClockSource
    kernel = kernel_clock()
    assert kernel is None or kernel.estimated_error_ns >= 0


def test_the_temperature_is_the_hottest_plausible_zone(tmp_path):
    for number, text in enumerate(["45000\n", "61500\n", "-273200\n", "broken", ""]):
        zone = tmp_path / f"thermal_zone{number}"
        zone.mkdir()
        (zone / "temp").write_text(text)
    assert temperature_c(tmp_path) == 61.5
    assert temperature_c(tmp_path / "nothing") is None
