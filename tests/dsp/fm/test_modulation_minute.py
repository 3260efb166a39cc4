import dataclasses
from collections.abc import Iterable

import numpy as np
import pytest

from dsp.fm.modulation_minute import ModulationMinute, ModulationStep, and_then, power_dbr
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, make_window

SINE_19 = 19e3**2 / 2  # mean square of the reference


def _looks(squares: Iterable[float], *, begin_s: float = 0.0, look_s: float = 3.0) -> Iterable[ModulationMinute]:
    values = list(squares)
    per_look = round(look_s)
    for i in range(0, len(values), per_look):
        steps = (ModulationStep(begin_s + i + k, 1.0, each) for k, each in enumerate(values[i : i + per_look]))
        yield ModulationMinute(run=tuple(steps))


def _all(looks: Iterable[ModulationMinute]) -> ModulationMinute:
    total = ModulationMinute()
    for look in looks:
        total = and_then(total, look)
    return total


def test_a_sine_of_19_khz_is_0_dbr() -> None:
    assert power_dbr(SINE_19) == pytest.approx(0.0)
    assert _all(_looks([SINE_19] * 60)).most_dbr == pytest.approx(0.0, abs=1e-6)


def test_less_than_a_minute_is_too_short() -> None:
    minute = _all(_looks([SINE_19] * 57))
    assert minute.most_dbr is None
    assert minute.reason == "short"


def test_it_is_the_worst_of_any_sixty_seconds() -> None:
    squares = SINE_19 * np.random.default_rng(1).uniform(0.2, 2.0, 180)
    squares[70:100] *= 3
    worst = max(float(np.mean(squares[i : i + 60])) for i in range(121))
    assert _all(_looks(squares)).most_dbr == pytest.approx(power_dbr(worst), abs=1e-6)


def test_a_gap_begins_anew_and_what_was_stated_stays() -> None:
    loud = _all(_looks([2 * SINE_19] * 60))
    gap = _all([loud, *_looks([SINE_19] * 59, begin_s=100.0, look_s=1.0)])
    assert gap.most_dbr == loud.most_dbr
    assert len(gap.run) == 59
    halves = _all([*_looks([SINE_19] * 30), *_looks([SINE_19] * 30, begin_s=31.0)])
    assert halves.most_dbr is None


def test_it_stays_small() -> None:
    assert len(_all(_looks([SINE_19] * 3000)).run) <= 60


def test_looks_of_a_receiver_that_follow_on_give_the_power_that_was_sent() -> None:
    what = FmBroadcast(programme="tone", stereo=False, peak_deviation_hz=40e3)
    block = make_window([Sent(100e3, 35, what)], seconds=2.0, rate_hz=480e3)
    minute = ModulationMinute()
    for look in range(31):
        again = dataclasses.replace(block, first_sample=look * len(block.samples))
        (station,) = StationMemory().describe(receive_fm(again))
        assert station.modulation_minute is not None
        minute = and_then(minute, station.modulation_minute)
    assert minute.most_dbr == pytest.approx(20 * np.log10(40 / 19), abs=0.2)
