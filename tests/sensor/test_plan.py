import math

import pytest

from sensor.errors import BandNotUsable
from sensor.plan import DEFAULT_BANDS, band_windows, rounds
from sensor.settings import BandSettings, PlanSettings

RATE = 2.4e6
GSM, FM = DEFAULT_BANDS


def carriers(band, raster):
    count = round((band.high_mhz - band.low_mhz) * 1e6 / raster) + 1
    return [band.low_mhz * 1e6 + n * raster for n in range(count)]


@pytest.mark.parametrize(("band", "raster"), [(GSM, 200e3), (FM, 100e3)])
def test_every_channel_lies_whole_inside_the_usable_part_of_some_window(band, raster):
    windows = list(band_windows(band, RATE))
    for carrier in carriers(band, raster):
        assert any(abs(carrier - window.centre_hz) <= 0.4 * RATE - 100e3 + 1 for window in windows), carrier


@pytest.mark.parametrize(("band", "raster"), [(GSM, 200e3), (FM, 100e3)])
@pytest.mark.parametrize("rate", [1.024e6, 2.0e6, 2.4e6, 2.56e6])
def test_no_channel_lies_within_20_khz_of_the_receivers_own_centre(band, raster, rate):
    for window in band_windows(band, rate):
        nearest = min(abs(carrier - window.centre_hz) for carrier in carriers(band, raster))
        assert nearest >= 20e3


def test_the_plan_covers_both_bands_in_not_many_more_looks_than_needed():
    windows = rounds(PlanSettings()).windows
    gsm = [window for window in windows if window.centre_hz > 900e6]
    assert len(gsm) <= math.ceil(24.6 / 1.6) + 1
    assert len(windows) - len(gsm) <= math.ceil(21.0 / 1.7) + 1


def test_fm_centres_stay_where_a_v4_dongle_switches_its_notch_off():
    assert all(85e6 <= window.centre_hz <= 112e6 for window in band_windows(FM, RATE))


def test_a_band_that_matters_more_is_visited_more_often_and_evenly():
    bands = (
        BandSettings(service="fm", low_mhz=98.0, high_mhz=98.0, visits=3),
        BandSettings(service="gsm", low_mhz=940.0, high_mhz=943.0),
    )
    order = "".join("f" if window.centre_hz < 200e6 else "g" for window in rounds(PlanSettings(bands=bands)).windows)
    assert order.count("f") == 3
    assert order.count("g") == 2
    assert "ff" not in order


def test_rounds_go_on_without_end():
    plan = rounds(PlanSettings())
    count = len(plan.windows)
    heard = [plan.next() for _ in range(2 * count)]
    assert heard[:count] == heard[count:]


@pytest.mark.parametrize(
    "band",
    [
        BandSettings(service="fm", low_mhz=108.0, high_mhz=87.0),
        BandSettings(service="fm", low_mhz=0.0, high_mhz=87.0),
        BandSettings(service="fm", low_mhz=87.0, high_mhz=108.0, visits=0),
        BandSettings(service="fm", low_mhz=87.0, high_mhz=108.0, seconds=0.0),
    ],
)
def test_a_band_that_cannot_be_is_refused(band):
    with pytest.raises(BandNotUsable):
        rounds(PlanSettings(bands=(band,)))


def test_a_rate_too_narrow_for_a_signal_is_refused():
    with pytest.raises(BandNotUsable, match="too narrow"):
        rounds(PlanSettings(rate_hz=250e3))
