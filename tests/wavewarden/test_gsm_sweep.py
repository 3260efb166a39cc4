import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from hardware.errors import NotInRecording
from hardware.replay import Replay
from recordings.read import Recording, open_recording
from shell.exits import Exit
from tests.conftest import ROOT
from tests.dsp.gsm.made import OnAir, window
from tests.hardware.conftest import build
from tests.wavewarden.gsm_made import as_cu8, cell
from tests.wavewarden.running import heeding_ctrl_c, invoke
from tests.wavewarden.tuned_server import TunedServer
from wavewarden.gsm_sweep import BANDS, windows
from wavewarden.radio_named import UnknownRadio, radio_settings
from wavewarden.sweep import follow, sweep

RATE_HZ = 1e6
CELL = cell(25, paging_per_s=20.0)
CELL_HZ = 870.0e6  # ARFCN 132 of GSM 850, in the first window


def made(centre_hz: float, *, freq_hz: float, rate_hz: float, seconds: float) -> bytes:
    on_air = [OnAir(CELL, freq_hz - centre_hz)]
    made_block = window(on_air, rate_hz=rate_hz, seconds=seconds, eb_n0_db=20.0, centre_hz=centre_hz)
    return as_cu8(30 * made_block.samples)


@pytest.fixture
def served():
    first = windows("gsm850", rate_hz=3.2e6, dwell_s=1.0)[0]
    on_air = made(first.centre_hz, freq_hz=CELL_HZ, rate_hz=3.2e6, seconds=1.0)
    server = TunedServer(on_air, rate_hz=3.2e6, heard_at_hz=first.centre_hz)
    yield server
    server.close()


@pytest.mark.parametrize("band", [*BANDS, "all"])
def test_the_windows_of_a_band_hold_every_carrier_of_it_well_inside_and_none_in_the_middle(band):
    from dsp.gsm.arfcn import SEGMENTS

    wanted = windows(band, rate_hz=2.4e6, dwell_s=2.1)
    names = {name for key, parts in BANDS.items() if band in {key, "all"} for name in parts}
    for segment in SEGMENTS:
        if segment.band not in names:
            continue
        for freq_hz in np.arange(segment.first_hz, segment.last_hz + 1, 200e3):
            away = min(abs(freq_hz - one.centre_hz) for one in wanted)
            assert 100e3 - 1 <= away <= 0.4 * 2.4e6 - 100e3 + 1


def test_a_sweep_passes_over_what_cannot_be_received_and_refuses_only_when_that_is_all(tmp_path):
    wanted = windows("gsm900", rate_hz=RATE_HZ, dwell_s=0.4)
    place = next(k for k, one in enumerate(wanted) if one.low_hz < 940e6 < one.high_hz)
    raw = made(wanted[place].centre_hz, freq_hz=940e6, rate_hz=RATE_HZ, seconds=0.4)
    (tmp_path / "x.cu8").write_bytes(raw)
    recording = open_recording(tmp_path / "x.cu8", rate_hz=RATE_HZ, centre_hz=wanted[place].centre_hz)
    assert isinstance(recording, Recording)
    heard = list(sweep(Replay(recording), wanted))
    assert [k for k, each in enumerate(heard) if each.block is not None] == [place]
    assert [each.share for each in heard] == pytest.approx([(k + 1) / len(wanted) for k in range(len(wanted))])
    with pytest.raises(NotInRecording):
        list(sweep(Replay(recording), wanted[:place]))
    assert sum(each.block.seconds for each in follow(Replay(recording), dwell_s=0.2) if each.block) == 0.4


def test_a_replay_is_scanned_to_its_end(monkeypatch, tmp_path):
    (tmp_path / "x.cu8").write_bytes(made(940.1e6, freq_hz=940e6, rate_hz=RATE_HZ, seconds=2.2))
    given = ("--rate", RATE_HZ, "--centre", 940.1e6, "--format", "cu8", "--dwell", "1")
    done = invoke(monkeypatch, "gsm", "scan", "--radio", f"replay:{tmp_path / 'x.cu8'}", *given, "--json")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (done.exit_code, line["ci"], line["radio"]) == (Exit.DONE, CELL.ci, "replay of x.cu8")


def test_ctrl_c_ends_a_sweep_with_what_was_found(served):
    words = ["gsm", "scan", "--radio", f"rtl_tcp://127.0.0.1:{served.port}", "--band", "gsm850"]
    command = [sys.executable, "-m", "wavewarden", "--lang", "en", *words, "--rate", "3.2e6", "--dwell", "1.3"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    process = subprocess.Popen(heeding_ctrl_c(command), env=environment, stdout=pipe, stderr=pipe, encoding="utf-8")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]  # the radio, the titles, the cell
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (Exit.DONE, "")
    assert lines[2].split()[:6] == ["132", "870.0", "460-00", "100", str(CELL.ci), "25"]
    assert "interrupted; the above" in err and len(served.tuned) < 5


def test_a_whole_band_is_swept_and_silence_is_explained(monkeypatch, tmp_path):
    library = build(tmp_path, "librtlsdr_scan.so")
    monkeypatch.setenv("STANDIN", "serials=7;tone=880000000")
    asked = ("--radio", "rtlsdr", "--library", library, "--band", "gsm850", "--dwell", "0.1", "--rate", "1.4e6")
    done = invoke(monkeypatch, "gsm", "scan", *asked, "--gain", "20", "--ppm", "3")
    assert (done.exit_code, done.stdout) == (Exit.NOTHING_HEARD, "")
    assert "RTL-SDR 7: no GSM cell was found. There are signals, but no GSM carrier" in done.stderr
    handle = ctypes.CDLL(str(library))
    handle.standin_calls.restype = ctypes.c_char_p
    calls = handle.standin_calls().decode()
    for one in windows("gsm850", rate_hz=1.4e6, dwell_s=0.1):
        assert f"tune({one.centre_hz:.0f})" in calls
    assert "gain(197)" in calls and "ppm(3)" in calls and "close(1)" in calls


def test_a_band_beyond_the_radio_is_refused_and_a_radio_that_is_not_there_is_told(monkeypatch, tmp_path):
    library = build(tmp_path, "librtlsdr_beyond.so")
    monkeypatch.setenv("STANDIN", "serials=7")
    done = invoke(monkeypatch, "gsm", "scan", "--radio", "rtlsdr", "--library", library, "--band", "dcs1800")
    assert done.exit_code == Exit.UNREACHABLE and "24 to 1766 MHz" in done.stderr
    done = invoke(monkeypatch, "gsm", "scan", "--radio", "rtl_tcp://127.0.0.1:1", lang="zh")
    assert done.exit_code == Exit.UNREACHABLE and "127.0.0.1:1" in done.stderr
    done = invoke(monkeypatch, "gsm", "scan", "--radio", f"replay:{tmp_path / 'none.cu8'}")
    assert done.exit_code == Exit.BAD_INPUT and "none.cu8" in done.stderr


def test_radios_are_named_as_people_write_them():
    options = {"gain_db": 20.0, "ppm": 1, "serial": "A", "library": None}
    options |= {"rate_hz": None, "centre_hz": None, "sample_format": None}
    tcp = [radio_settings(n, **options).rtl_tcp for n in ("rtl_tcp", "rtl_tcp://pi", "rtl_tcp://pi:9", "rtl_tcp:pi:9")]
    assert [(one.host, one.port) for one in tcp] == [("127.0.0.1", 1234), ("pi", 1234), ("pi", 9), ("pi", 9)]
    dongle = radio_settings("rtlsdr", **options)
    assert (dongle.kind, dongle.rtlsdr.serial, dongle.rtlsdr.gain_db, dongle.rtlsdr.ppm) == ("rtlsdr", "A", 20.0, 1)
    assert radio_settings("replay:" + str(Path("/a:b")), **options).replay.file == "/a:b"
    with pytest.raises(UnknownRadio):
        radio_settings("hackrf", **options)
