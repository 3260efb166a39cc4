import json

import numpy as np
import pytest

from dsp.iq import IqBlock
from dsp.signatures.licences import Licences
from recordings.read import Recording, open_recording
from shell.exits import Exit
from tests.dsp.signatures.made import LAW
from tests.wavewarden.running import invoke
from wavewarden.replay import LONGEST_S, Result, pieces, replay
from wavewarden.replay_command import _line, recordings_of

RATE_HZ = 300e3


@pytest.fixture
def quiet(tmp_path) -> Recording:
    path = tmp_path / "quiet.cu8"
    samples = np.random.default_rng(3).normal(127.5, 8, round(2 * 5.1 * RATE_HZ))
    path.write_bytes(np.clip(np.round(samples), 0, 255).astype(np.uint8).tobytes())
    recording = open_recording(path, rate_hz=RATE_HZ, centre_hz=98e6)
    assert isinstance(recording, Recording)
    return recording


def test_a_recording_is_worked_through_whole_in_looks_that_are_not_too_long(quiet):
    looks = list(pieces(quiet))
    blocks: list[IqBlock] = [block for _, block in looks]
    assert sum(len(block.samples) for block in blocks) == quiet.captures[0].samples
    assert max(block.seconds for block in blocks) <= 1.5 * LONGEST_S
    assert looks[-1][0] == pytest.approx(1.0)


def test_noise_is_heard_as_nothing_and_progress_reaches_the_end(quiet):
    shares: list[float] = []
    result = replay(quiet, Licences(), **LAW, progress=shares.append)
    assert result.heard == {}
    assert result.why_nothing() == "replay.why.empty"
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({}, "empty"),
        ({"widest_hz": 48e3}, "narrow"),
        ({"constant": True}, "zeros"),
        ({"constant": True, "samples": 1, "seconds": 1e-6}, "short"),
        ({"clipped": 500}, "clipped"),
        ({"seconds": 0.2}, "short"),
        ({"planned": False}, "elsewhere"),
        ({"carriers": True}, "carriers"),
        ({"carriers": True, "clipped": 500}, "clipped"),
        ({"dc_w": 0.95}, "dc"),
    ],
)
def test_the_likeliest_reason_for_nothing_is_the_one_that_is_told(changed, why):
    usual = {"samples": 1000, "seconds": 2.0, "constant": False, "widest_hz": 1e6, "planned": True, "all_w": 1.0}
    assert Result(**usual | changed).why_nothing() == f"replay.why.{why}"


def test_samples_too_large_to_square_are_still_measured(tmp_path):
    path = tmp_path / "large.cf32"
    samples = 1e30 * np.random.default_rng(4).normal(size=2 * 300_000)
    path.write_bytes(samples.astype("<f4").tobytes())
    recording = open_recording(path, rate_hz=RATE_HZ, centre_hz=98e6)
    assert replay(recording, Licences(), **LAW).heard == {}


def test_a_folder_stands_for_the_recordings_in_it(tmp_path):
    for name in ("b.sigmf-meta", "a.sigmf-meta", "a.sigmf-data", "notes.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in recordings_of([tmp_path])] == ["a.sigmf-meta", "b.sigmf-meta"]
    assert recordings_of([tmp_path / "x.wav"]) == [tmp_path / "x.wav"]


def test_a_line_of_json_holds_nothing_that_a_terminal_obeys_and_is_read_back_as_it_was():
    value = {"ps": "\x1b[2J\u202e\u2028\x9b<b>锦川", "fingerprint": b"\x01\xff"}
    line = _line(value)
    assert "锦川" in line
    assert not any(bad in line for bad in "\x1b\u202e\u2028\x9b")
    assert json.loads(line) == {"ps": value["ps"], "fingerprint": "01ff"}


def test_licences_that_cannot_be_read_are_refused_before_anything_is_heard(monkeypatch, tmp_path):
    done = invoke(monkeypatch, "replay", tmp_path / "a.cu8", "--licences", tmp_path / "none.toml")
    assert done.exit_code == Exit.BAD_INPUT
    assert "none.toml: there is no such file" in done.stderr
    assert "a.cu8" not in done.stderr


def test_an_unknown_band_plan_is_refused_with_the_names_that_there_are(monkeypatch, tmp_path):
    done = invoke(monkeypatch, "replay", tmp_path / "a.cu8", "--band-plan", "xx")
    assert done.exit_code == Exit.BAD_INPUT
    assert "there is no 'xx'; there are cn, de, none" in done.stderr


@pytest.mark.needs_recordings
def test_the_real_multiplex_second_says_its_pi(monkeypatch, recordings_dir):
    files = sorted((recordings_dir / "fm").glob("*.wav"))
    assert files
    done = invoke(monkeypatch, "replay", "--json", files[0])
    assert done.exit_code == Exit.DONE
    assert [line["pi"] for line in map(json.loads, done.stdout.splitlines()) if "pi" in line] == [0x9331]
