"""A pirate's sound as evidence: a sensor and a server, each its own process, and nobody who asks for it."""

import hashlib
import io
import json
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from recordings.fm.spec import FmBroadcast
from server.evidence_making import Kept, list_evidence, read_evidence
from server.settings import ServerSettings
from server.store import open_store
from shell.exits import Exit
from tests.dsp.fm.made_window import CENTRE_HZ, Sent
from tests.end_to_end.commands import finish, start
from tests.end_to_end.processes import free_port
from tests.end_to_end.test_commands import enrolled, serving
from tests.wavewarden.fm_made import LICENCES, made_file

pytestmark = pytest.mark.slow
PATIENCE_S = 240.0  # of a loaded machine
TONE_HZ, SECONDS = 700.0, 1.5
MORE_SERVER = f"""
licences = "licences.toml"
[fm]
alarm_delay_s = 2
[evidence]
seconds = {SECONDS}
"""
MORE_SENSOR = """
licences = "licences.toml"
health_s = 1
[radio]
kind = "replay"
[radio.replay]
file = "air.cf32"
rate_hz = 1.2e6
centre_hz = 98e6
format = "cf32_le"
loop = true
[position]
lat_deg = 30.60
lon_deg = 104.10
"""


def with_more(path: Path, more: str) -> Path:
    """Keys before tables: what is there already comes last."""
    first, tables = more.split("[", 1)
    path.write_text(first + path.read_text() + "[" + tables)
    return path


def first_made(settings: ServerSettings, deadline: float) -> Kept | None:
    engine = open_store(settings)
    try:
        while time.monotonic() < deadline:
            time.sleep(0.5)
            with engine.connect() as connection:
                cases = [id for (id,) in connection.exec_driver_sql("SELECT DISTINCT case_id FROM evidence")]
                for case in cases:
                    for kept in list_evidence(connection, case):
                        if kept.manifest_text is not None or kept.failure:
                            return read_evidence(connection, case, kept.id)
    finally:
        engine.dispose()
    return None


def loudest_hz(sound: NDArray[np.float64], rate_hz: float) -> float:
    mono = sound if sound.ndim == 1 else sound.mean(axis=1)
    return float(np.argmax(np.abs(np.fft.rfft(mono * np.hanning(len(mono))))) * rate_hz / len(mono))


def test_the_sound_of_a_pirate_arrives_as_flac_opus_and_sigmf_with_sums_that_hold(tmp_path: Path) -> None:
    pirate = FmBroadcast(programme="tone", tone_hz=TONE_HZ, stereo=False)
    licensed = FmBroadcast(programme="music")
    made_file(tmp_path / "air.cf32", [Sent(-300e3, 35.0, pirate), Sent(300e3, 40.0, licensed)], seconds=6.0)
    (tmp_path / "licences.toml").write_text(LICENCES)
    server, sensor = enrolled(tmp_path, free_port())
    with_more(server, MORE_SERVER)
    with_more(sensor, MORE_SENSOR)
    with serving(server):
        heard = start("sensor", "-c", sensor, cwd=tmp_path)
        try:
            kept = first_made(ServerSettings(data=str(tmp_path / "server")), time.monotonic() + PATIENCE_S)
            assert heard.poll() is None, heard.communicate()
        finally:
            heard.terminate()
            assert finish(heard, seconds=30).code == Exit.DONE
    assert kept is not None, "no evidence"
    assert kept.failure is None
    about = kept.manifest
    assert about is not None
    assert about.sensor == "roof"
    assert about.carrier_hz == pytest.approx(CENTRE_HZ - 300e3, abs=2e3)
    assert {file.name.rpartition(".")[2] for file in about.files} == {"sigmf-data", "sigmf-meta", "flac", "opus"}
    for file in about.files:
        assert hashlib.sha256(kept.contents[file.name]).hexdigest() == file.sha256
    by_ending = {name.rpartition(".")[2]: content for name, content in kept.contents.items()}
    for ending in ("flac", "opus"):
        sound, rate_hz = soundfile.read(io.BytesIO(by_ending[ending]))
        assert len(sound) / rate_hz == pytest.approx(SECONDS, abs=0.1)
        assert loudest_hz(sound, rate_hz) == pytest.approx(TONE_HZ, abs=3.0)
    assert json.loads(by_ending["sigmf-meta"])["global"]["core:datatype"] == "cu8"
