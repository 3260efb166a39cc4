import threading

import numpy as np
import pytest

from hardware.radio import Window
from sensor.console import Console
from sensor.field import Trend, follow, looks, strength, word
from sensor.level import NOT_CALIBRATED, Levels
from tests.sensor.made import MadeRadio, block

FREQ, RATE = 98.1e6, 1e6
BESIDE = Window(FREQ + 0.2 * RATE, RATE, 0.1)


def carrier(level_db: float, *, wrong_db: float | None = None, **fields):
    """A tone at FREQ over noise of −70 dBFS; another one 300 kHz away, if asked."""
    random = np.random.default_rng(1)
    time = np.arange(100_000) / RATE
    noise = random.normal(scale=10 ** (-70 / 20) / np.sqrt(2), size=(len(time), 2)) @ np.array([1, 1j])
    samples = 10 ** (level_db / 20) * np.exp(2j * np.pi * (FREQ - BESIDE.centre_hz) * time) + noise
    if wrong_db is not None:
        samples += 10 ** (wrong_db / 20) * np.exp(2j * np.pi * (FREQ + 300e3 - BESIDE.centre_hz) * time)
    return block(BESIDE, samples=samples.astype(np.complex64), **fields)


def test_the_strength_is_that_of_the_carrier_and_not_of_a_stronger_neighbour():
    read = strength(carrier(-40.0, wrong_db=-20.0), FREQ, calibration=NOT_CALIBRATED)
    assert read.level_dbfs == pytest.approx(-40.0, abs=0.3)
    assert (read.level_dbm, read.overloaded) == (None, False)
    assert read.cnr_db == pytest.approx(37.0, abs=2.0)  # noise of −70 dBFS in 1 MHz is −77 in 200 kHz


def test_a_calibrated_receiver_says_it_in_dbm():
    read = strength(carrier(-40.0, gain_db=20.0), FREQ, calibration=Levels(fm_dbm=-10.0))
    assert read.level_dbm == pytest.approx(-70.0, abs=0.3)


def test_clipping_is_said_before_anything_else():
    read = strength(carrier(-3.0, clipped_samples=5000), FREQ, calibration=NOT_CALIBRATED)
    assert read.overloaded
    assert word(5.0, overloaded=True) == "field.overloaded"


def test_the_trend_needs_some_readings_and_then_follows_the_field():
    trend = Trend()
    changes = [trend.note(float(n)) for n in range(10)]
    assert changes[:7] == [None] * 7
    assert changes[7] == pytest.approx(4.0)
    assert [word(change, overloaded=False) for change in (None, 4.0, -4.0, 0.5)] == [
        "field.wait",
        "field.stronger",
        "field.weaker",
        "field.steady",
    ]


def test_walking_towards_a_carrier_shows_a_growing_bar(stream):
    radio = MadeRadio([carrier(-60.0 + 3 * n) for n in range(9)])
    stop = threading.Event()
    follow(looks(radio, FREQ, RATE, stop), FREQ, Console(stream, "en"), calibration=NOT_CALIBRATED)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 9
    assert lines[-1].count("█") > lines[0].count("█")
    assert lines[-1].endswith("stronger")
    assert all(window.centre_hz == FREQ + 0.2 * RATE for window in radio.looked)


def test_it_ends_when_told(stream):
    stop = threading.Event()
    stop.set()
    follow(looks(MadeRadio(), FREQ, RATE, stop), FREQ, Console(stream, "en"), calibration=NOT_CALIBRATED)
    assert stream.getvalue() == ""
