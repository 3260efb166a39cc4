import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from dsp.fm.audio import AUDIO_RATE_HZ
from dsp.fm.widths import NARROW
from shell.exits import Exit
from tests.wavewarden.fm_made import GIVEN, RATE_HZ, block, noise, tone_file
from tests.wavewarden.running import invoke
from wavewarden.audio_file import AudioPipe
from wavewarden.fm_listen import FULL_SCALE_HZ, Asked, FmListen

TONE_HZ = 1e3
TONE_OUT = 50e3 / np.hypot(1, 2 * np.pi * TONE_HZ * 50e-6) / FULL_SCALE_HZ  # 50 kHz through an RC of 50 µs


@pytest.fixture(scope="module")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """At 98.3 MHz, 4 s: in two stretches."""
    return tone_file(tmp_path_factory.mktemp("tone") / "tone.cf32", tone_hz=TONE_HZ, seconds=5.0)


def top_hz(sound, rate_hz: float) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound * np.hanning(len(sound))))) * rate_hz / len(sound))


@pytest.mark.parametrize(("ending", "stored"), [("flac", ("FLAC", "PCM_16")), ("opus", ("OGG", "OPUS"))])
def test_the_tone_that_was_sent_is_in_the_file(monkeypatch, tmp_path, tone, ending, stored):
    out = tmp_path / f"sound.{ending}"
    done = invoke(monkeypatch, "fm", "scan", tone, *GIVEN, "--listen", 98.3, "--out", out, "--json")
    assert done.exit_code == Exit.DONE and json.loads(done.stdout)["freq_hz"] == pytest.approx(98.3e6, abs=50)
    about = soundfile.info(out)
    assert (about.format, about.subtype, about.samplerate, about.channels) == (*stored, 48000, 1)
    sound, rate_hz = soundfile.read(out)
    assert len(sound) / rate_hz == pytest.approx(5.0, abs=0.03)
    assert top_hz(sound, rate_hz) == pytest.approx(TONE_HZ, abs=0.5)
    assert np.max(np.abs(sound[4800:-4800])) == pytest.approx(TONE_OUT, rel=0.03)
    sha256 = hashlib.sha256(out.read_bytes()).hexdigest()
    assert sha256 in done.stderr


def test_where_two_stretches_meet_nothing_is_heard(monkeypatch, tmp_path, tone):
    invoke(monkeypatch, "fm", "scan", tone, *GIVEN, "--listen", 98.3, "--out", tmp_path / "x.flac")
    sound, rate_hz = soundfile.read(tmp_path / "x.flac")
    t = np.arange(len(sound)) / rate_hz
    turned = sound * np.exp(-2j * np.pi * TONE_HZ * t)
    pieces = [np.mean(turned[k : k + 480]) for k in range(9600, len(sound) - 9600, 480)]  # 10 ms: whole periods
    assert np.ptp(np.abs(pieces)) < 0.01 * np.mean(np.abs(pieces))
    assert np.ptp(np.unwrap(np.angle(pieces))) < 0.01


def test_beside_the_sound_stands_what_a_court_will_ask(monkeypatch, tmp_path, tone):
    out = tmp_path / "x.flac"
    asked = ("--listen", 98.3, "--out", out, "--deemphasis", 75, "--at", "30.6,104.1")
    invoke(monkeypatch, "fm", "scan", tone, *GIVEN, *asked)
    tree = json.loads((tmp_path / "x.flac.json").read_text(encoding="utf-8"))
    about, (capture,) = tree["global"], tree["captures"]
    assert about["core:dataset"] == "x.flac" and about["core:sample_rate"] == 48000
    assert about["core:geolocation"]["coordinates"] == [104.1, 30.6]  # GeoJSON: longitude first
    assert about["wavewarden:sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert (about["wavewarden:deemphasis_us"], about["wavewarden:deviation_at_full_scale_hz"]) == (75, 150e3)
    assert about["wavewarden:source"] == {"file": str(tone)}
    assert about["wavewarden:station"]["freq_hz"] == pytest.approx(98.3e6, abs=50)
    assert about["wavewarden:station"]["verdict"] == "unknown"
    assert (capture["core:frequency"], capture["wavewarden:sample_rate"]) == (98.3e6, RATE_HZ)
    assert tree["annotations"][0]["core:sample_count"] == soundfile.info(out).frames


def test_evidence_is_not_written_over(monkeypatch, tmp_path, tone):
    (tmp_path / "x.flac").write_bytes(b"mine")
    done = invoke(monkeypatch, "fm", "scan", tone, *GIVEN, "--listen", 98.3, "--out", tmp_path / "x.flac")
    assert done.exit_code == Exit.USAGE and (tmp_path / "x.flac").read_bytes() == b"mine"


def test_a_folder_that_is_not_there_is_told(monkeypatch, tmp_path, tone):
    done = invoke(monkeypatch, "fm", "scan", tone, *GIVEN, "--listen", 98.3, "--out", tmp_path / "none" / "x.flac")
    assert done.exit_code == Exit.BAD_INPUT and "x.flac" in done.stderr and "Traceback" not in done.stderr


def test_a_frequency_the_recording_does_not_hold_gives_no_file(monkeypatch, tmp_path, tone):
    done = invoke(monkeypatch, "fm", "scan", tone, *GIVEN, "--listen", 101.7, "--out", tmp_path / "x.flac")
    assert not (tmp_path / "x.flac").exists() and "no part holds 101.7 MHz" in done.stderr


def test_to_standard_output_goes_nothing_but_wav(monkeypatch, tmp_path, tone):
    done = invoke(monkeypatch, "fm", "scan", tone, *GIVEN, "--listen", 98.3)
    raw = done.stdout_bytes
    assert done.exit_code == Exit.DONE and raw[:4] == b"RIFF" and raw[8:16] == b"WAVEfmt "
    sound = np.frombuffer(raw[44:], "<i2") / 32767
    assert len(sound) == pytest.approx(5 * AUDIO_RATE_HZ, abs=10)
    assert top_hz(sound, AUDIO_RATE_HZ) == pytest.approx(TONE_HZ, abs=0.5)
    assert "98.3000" in done.stderr and hashlib.sha256(raw).hexdigest() in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_pipe_without_an_end_still_has_the_rate_and_clips_what_is_too_loud():
    out = io.BytesIO()
    pipe = AudioPipe(48e3, out)
    pipe.write(np.array([0.0, 2.0, -2.0], np.float32))
    sha256 = pipe.close()
    assert int.from_bytes(out.getvalue()[24:28], sys.byteorder) == 48000
    assert np.frombuffer(out.getvalue()[44:], "<i2").tolist() == [0, 32767, -32767]
    assert sha256 == hashlib.sha256(out.getvalue()).hexdigest()


class Kept:
    name, codec = "-", "kept"

    def __init__(self) -> None:
        self.samples = 0

    def write(self, samples) -> None:
        self.samples += len(samples)

    def close(self) -> str:
        return ""


def test_a_gap_begins_a_new_capture_at_its_own_sample_and_other_windows_are_passed_over():
    from dataclasses import replace

    kept = Kept()
    listen = FmListen(Asked(98.3e6, "-", 50), lambda name, rate_hz: kept)
    first = replace(block(noise(0.1, 120_000)), first_sample=0)
    for each in (
        first,
        replace(first, first_sample=120_000),  # goes on
        replace(first, centre_hz=90e6, first_sample=240_000),  # somewhere else
        replace(first, first_sample=500_000),  # after a gap
    ):
        listen.hear(each, None)
    written = listen.finish({"radio": "x"}, None, None)
    assert written is not None and written.seconds == pytest.approx(0.3, abs=1e-3)
    starts = [capture["core:sample_start"] for capture in listen._captures]
    assert starts == [0, pytest.approx(9600, abs=2)] and kept.samples == round(written.seconds * AUDIO_RATE_HZ)
    assert {capture["wavewarden:channel_half_hz"] for capture in listen._captures} == {NARROW.pass_hz}
