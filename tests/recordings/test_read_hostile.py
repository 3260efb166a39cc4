"""Whatever a file holds, opening and reading it ends in samples or in a refusal."""

import json

import numpy as np
import pytest

from recordings.errors import RecordingError
from recordings.read import Multiplex, open_recording
from tests.recordings.test_sigmf_read import CAPTURE, GLOBAL
from tests.recordings.test_wav_read import wav

VALUES = [None, 0, -1, 1, 2**40, 1e308, -0.5, "", "x", "cu8", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
NESTED = [[], {}, [1], {"coordinates": []}, {"type": "Point", "coordinates": [1.0]}, True]
CAPTURE_KEYS = [
    "core:sample_start",
    "core:frequency",
    "core:datetime",
    "core:global_index",
    "core:header_bytes",
    "core:geolocation",
    "wavewarden:sample_rate",
    "wavewarden:gain_db",
    "wavewarden:position_sigma_m",
    "wavewarden:time_sigma_ns",
]
GLOBAL_KEYS = [
    "core:datatype",
    "core:sample_rate",
    "core:num_channels",
    "core:sha512",
    "core:dataset",
    "core:trailing_bytes",
    "core:offset",
    "core:geolocation",
]


def read_all(path, **given) -> None:
    try:
        recording = open_recording(path, **given)
        if isinstance(recording, Multiplex):
            assert len(recording.samples) == recording.count
            return
        for capture in recording.captures:
            assert capture.samples > 0
            assert np.isfinite(capture.rate_hz)
            assert np.isfinite(capture.centre_hz)
            assert len(recording.read(capture, 0, capture.samples).samples) == capture.samples
    except RecordingError as refusal:
        assert str(path.parent) in str(refusal)


@pytest.mark.parametrize("value", VALUES + NESTED, ids=repr)
def test_any_value_in_any_field_of_the_metadata(tmp_path, value):
    (tmp_path / "a.sigmf-data").write_bytes(bytes(range(200)))
    meta = tmp_path / "a.sigmf-meta"
    for key in CAPTURE_KEYS:
        meta.write_text(json.dumps({"global": GLOBAL, "captures": [CAPTURE | {key: value}, {"core:sample_start": 50}]}))
        read_all(meta, centre_hz=1e8)
    for key in GLOBAL_KEYS:
        meta.write_text(json.dumps({"global": GLOBAL | {key: value}, "captures": [CAPTURE]}))
        read_all(meta)


def test_metadata_cut_anywhere(tmp_path):
    whole = json.dumps({"global": GLOBAL, "captures": [CAPTURE]}).encode()
    (tmp_path / "a.sigmf-data").write_bytes(bytes(200))
    for length in range(len(whole)):
        (tmp_path / "a.sigmf-meta").write_bytes(whole[:length])
        read_all(tmp_path / "a.sigmf-meta")


def test_metadata_nested_without_end(tmp_path):
    (tmp_path / "a.sigmf-data").write_bytes(bytes(200))
    (tmp_path / "a.sigmf-meta").write_bytes(b'{"global":' * 100_000)
    read_all(tmp_path / "a.sigmf-meta")


@pytest.mark.parametrize("seed", range(2))
def test_a_wav_with_any_bytes_changed(tmp_path, seed):
    random = np.random.default_rng(seed)
    whole = np.frombuffer(wav(bytes(range(200)), before=b"auxi" + (68).to_bytes(4, "little") + bytes(68)), np.uint8)
    for _ in range(150):
        changed = whole.copy()
        changed[random.integers(0, 140, random.integers(1, 4))] = random.integers(0, 256)
        path = tmp_path / "a.wav"
        path.write_bytes(changed[: random.integers(20, len(whole) + 1)].tobytes())
        read_all(path, centre_hz=1e8, rate_hz=1e6, sample_format="cu8")


@pytest.mark.parametrize("sample_format", ["cu8", "ci8", "ci16_le", "cf32_le", "cf64_le", "cu16_be"])
def test_any_bytes_as_any_format(tmp_path, sample_format):
    path = tmp_path / "a.bin"
    for seed in range(20):
        random = np.random.default_rng(seed)
        path.write_bytes(random.bytes(int(random.integers(0, 300))))
        read_all(path, rate_hz=1e6, centre_hz=1e8, sample_format=sample_format)
