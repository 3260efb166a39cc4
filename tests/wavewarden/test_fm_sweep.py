import ctypes
import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import soundfile

from recordings.fm.spec import FmBroadcast
from shell.exits import Exit
from tests.conftest import ROOT
from tests.dsp.fm.made_window import Sent, make_window, rds
from tests.hardware.conftest import build
from tests.wavewarden.fm_made import GIVEN, LICENCES, made_file
from tests.wavewarden.gsm_made import as_cu8
from tests.wavewarden.running import heeding_ctrl_c, invoke
from tests.wavewarden.tuned_server import TunedServer
from wavewarden.fm_sweep import windows

RATE_HZ = 1.2e6
SAID = FmBroadcast(programme="speech", rds=rds(0xC304, ps="JCTRAFIC"))


def on_air() -> bytes:
    """One station 300 kHz above the radio's centre."""
    return as_cu8(10 * make_window([Sent(3e5, 30.0, SAID)], seconds=2.0, rate_hz=RATE_HZ).samples)


@pytest.fixture
def served():
    first = windows((97.7e6, 108e6), RATE_HZ, 1.0)[0]
    server = TunedServer(on_air(), rate_hz=RATE_HZ, heard_at_hz=first.centre_hz)
    yield server, first.centre_hz + 3e5
    server.close()


def test_a_sweep_has_every_channel_well_inside_a_window_none_in_the_middle_and_takes_less_than_45_s():
    wanted = windows((87e6, 108e6), 2.4e6, 3.0)
    for freq_hz in np.arange(87e6, 108e6 + 1, 1e5):
        away = min(abs(freq_hz - one.centre_hz) for one in wanted)
        assert 50e3 - 1 <= away <= 0.4 * 2.4e6 - 100e3 + 1
    assert sum(one.seconds for one in wanted) <= 45


def test_a_replay_is_scanned_to_its_end(monkeypatch, tmp_path):
    file = made_file(tmp_path / "x.cf32", [Sent(3e5, 30.0, SAID)], seconds=2.0)
    done = invoke(monkeypatch, "fm", "scan", "--radio", f"replay:{file}", *GIVEN, "--dwell", "1", "--json")
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (done.exit_code, line["pi"], line["looks"]) == (Exit.DONE, 0xC304, 2)
    assert line["radio"] == "replay of x.cf32" and "file" not in line


def test_ctrl_c_ends_a_sweep_with_what_was_found_and_its_picture(served, tmp_path):
    server, freq_hz = served
    (tmp_path / "licences.toml").write_text(LICENCES.replace("98.3e6", f"{freq_hz:.0f}"), encoding="utf-8")
    words = ["fm", "scan", "--radio", f"rtl_tcp://127.0.0.1:{server.port}", "--band", "97.7-108", "--rate", "1.2e6"]
    words += ["--dwell", "1.5", "--licences", str(tmp_path / "licences.toml"), "--picture", str(tmp_path / "x.png")]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "wavewarden", "--lang", "en", *words]
    pipe = subprocess.PIPE
    process = subprocess.Popen(heeding_ctrl_c(command), env=environment, stdout=pipe, stderr=pipe, encoding="utf-8")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]  # the radio, the titles, the station
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, lines[2].split()[-1]) == (Exit.DONE, "licensed"), err
    assert lines[2].split()[0] == f"{freq_hz / 1e6:.4f}" and "C304" in lines[2]
    assert "interrupted; the above" in err and len(server.tuned) < 8
    assert (tmp_path / "x.png").read_bytes()[:4] == b"\x89PNG"


def test_a_radio_stays_and_its_sound_is_kept(served, monkeypatch, tmp_path):
    server, freq_hz = served
    monkeypatch.setattr("wavewarden.fm_commands.BESIDE_HZ", 3e5)
    asked = ("--listen", freq_hz / 1e6, "--seconds", 2.5, "--out", tmp_path / "x.flac", "--rate", RATE_HZ, "--json")
    from typer.testing import CliRunner

    from wavewarden.cli import app

    words = ["fm", "scan", "--radio", f"rtl_tcp://127.0.0.1:{server.port}", *map(str, asked)]
    done = CliRunner().invoke(app, words)
    (line,) = map(json.loads, done.stdout.splitlines())
    assert (done.exit_code, line["pi"]) == (Exit.DONE, 0xC304)
    assert 2.0 < soundfile.info(tmp_path / "x.flac").duration < 4.0
    tree = json.loads((tmp_path / "x.flac.json").read_text())
    assert tree["captures"][0]["core:datetime"] and tree["global"]["wavewarden:station"]["ps"] == "JCTRAFIC"


def test_every_window_is_tuned_and_silence_is_explained(monkeypatch, tmp_path):
    library = build(tmp_path, "librtlsdr_fm.so")
    monkeypatch.setenv("STANDIN", "serials=7;clip=1;tone=60000000")
    asked = ("--radio", "rtlsdr", "--library", library, "--band", "87-90", "--dwell", "0.1", "--rate", "1.4e6")
    done = invoke(monkeypatch, "fm", "scan", *asked, "--gain", "20", "--ppm", "3")
    assert done.exit_code in {Exit.NOTHING_HEARD, Exit.DONE} and "of the samples are clipped" in done.stderr
    handle = ctypes.CDLL(str(library))
    handle.standin_calls.restype = ctypes.c_char_p
    calls = handle.standin_calls().decode()
    for one in windows((87e6, 90e6), 1.4e6, 0.1):
        assert f"tune({one.centre_hz:.0f})" in calls
    assert "gain(197)" in calls and "ppm(3)" in calls and "close(1)" in calls


def test_a_radio_that_is_not_there_is_told(monkeypatch):
    done = invoke(monkeypatch, "fm", "scan", "--radio", "rtl_tcp://127.0.0.1:1", lang="zh")
    assert done.exit_code == Exit.UNREACHABLE and "127.0.0.1:1" in done.stderr
