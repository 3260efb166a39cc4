import numpy as np
from numpy.typing import NDArray

from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import STATION_RATE_HZ, Sent
from tests.wavewarden.fm_made import made_file
from tests.wavewarden.running import invoke


def _voice(count: int) -> NDArray[np.complex64]:
    swing_hz = 3e3 * np.sin(2 * np.pi * 700 * np.arange(count) / STATION_RATE_HZ)
    return np.asarray(np.exp(2j * np.pi * np.cumsum(swing_hz) / STATION_RATE_HZ), np.complex64)


def test_a_voice_channel_is_told_beside_the_stations_and_is_none(monkeypatch, tmp_path):
    station = Sent(3e5, 30.0, FmBroadcast(programme="speech"))
    file = made_file(tmp_path / "x.cf32", [station, Sent(-2e5, 25.0, _voice)], seconds=2.0)
    done = invoke(monkeypatch, "fm", "scan", file, "--rate", "1200000", "--centre", "98e6", "--json")
    assert len(done.stdout.splitlines()) == 1
    assert "97.800 MHz (narrow, 25 dB)" in done.stderr


def test_where_there_is_none_nothing_is_said(monkeypatch, tmp_path):
    file = made_file(tmp_path / "x.cf32", [Sent(3e5, 30.0, FmBroadcast(programme="speech"))], seconds=2.0)
    done = invoke(monkeypatch, "fm", "scan", file, "--rate", "1200000", "--centre", "98e6", "--json")
    assert "no broadcast" not in done.stderr
