import msgspec
import numpy as np
import pytest

from dsp.fm.deviation_spread import (
    DeviationSpread,
    deviation_exceeded_hz,
    exceeded_hz,
    fine_counts,
    share_above,
    spread_of,
    together,
)
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, make_window


def _normal(sigma_hz: float, count: int = 200_000) -> np.ndarray:
    return np.abs(np.random.default_rng(1).standard_normal(count) * sigma_hz).astype(np.float32)


def _spread(size_hz: np.ndarray, seconds: float = 2.0) -> DeviationSpread:
    return spread_of(fine_counts(size_hz), seconds=seconds, true_hz=1.0, seen_hz=1.0)


@pytest.mark.parametrize("share", [1e-3, 1e-2, 0.1, 0.5])
def test_what_is_exceeded_is_the_quantile(share: float) -> None:
    size_hz = _normal(25e3)
    assert exceeded_hz(fine_counts(size_hz), share) == pytest.approx(float(np.quantile(size_hz, 1 - share)), abs=150)


def test_added_up_in_any_order_it_is_what_all_at_once_would_be() -> None:
    size_hz = _normal(25e3)
    first, second = _spread(size_hz[:150_000], 1.5), _spread(size_hz[150_000:], 0.5)
    both = together(first, second)
    assert both.looks == 2
    assert both.seconds == pytest.approx(2.0, abs=1e-3)
    assert together(second, first) == both
    assert share_above(both) == pytest.approx(float(np.mean(size_hz > 75e3)), abs=2e-4)
    assert deviation_exceeded_hz(both, 1e-3) == pytest.approx(float(np.quantile(size_hz, 0.999)), abs=1e3)


def test_nothing_added_up_says_nothing() -> None:
    assert share_above(DeviationSpread()) is None
    assert deviation_exceeded_hz(DeviationSpread(), 1e-3) is None
    assert together(DeviationSpread(), DeviationSpread()) == DeviationSpread()


def test_it_stays_small_and_crosses_machines() -> None:
    spread = _spread(_normal(60e3))
    many = spread
    for _ in range(1000):
        many = together(many, spread)
    assert len(msgspec.msgpack.encode(many)) < 400
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(many), type=DeviationSpread) == many


@pytest.mark.parametrize(("peak_hz", "over"), [(75e3, False), (110e3, True)])
def test_a_station_that_deviates_too_far_is_told_from_one_that_does_not(peak_hz: float, over: bool) -> None:
    what = FmBroadcast(programme="music", stereo=False, peak_deviation_hz=peak_hz, loudness_db=12.0)
    spread = DeviationSpread()
    for look in range(3):
        block = make_window([Sent(100e3, 28, what)], seconds=1.0, rate_hz=1.2e6, seed=look, first_s=float(look))
        (station,) = StationMemory().describe(receive_fm(block))
        assert station.deviation_spread is not None
        spread = together(spread, station.deviation_spread)
    above = share_above(spread)
    assert above is not None
    assert (above > 0.01) == over
    assert above <= 1e-3 or over


def test_a_look_that_may_not_state_it_leaves_nothing() -> None:
    (station,) = StationMemory().describe(
        receive_fm(make_window([Sent(100e3, 12, FmBroadcast(programme="music"))], seconds=1.0, rate_hz=1.2e6))
    )
    assert station.deviation_reason == "weak"
    assert station.deviation_spread is None
    assert station.modulation_minute is None
