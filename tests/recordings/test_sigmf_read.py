import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from recordings.errors import (
    BadMetadata,
    BadRateGiven,
    EmptyRecording,
    MetadataWithoutData,
    NeedCentre,
    NeedRate,
    NoMetadata,
    TruncatedRecording,
    UnknownFormat,
)
from recordings.read import Recording, open_recording
from recordings.sigmf_time import iso_utc, utc_ns

GLOBAL = {"core:datatype": "cu8", "core:sample_rate": 1e6, "core:version": "1.2.6"}
CAPTURE = {"core:sample_start": 0, "core:frequency": 98e6}


def write_pair(folder: Path, data: bytes, *, about=GLOBAL, captures=(CAPTURE,), annotations=()) -> Path:
    meta = {"global": about, "captures": list(captures), "annotations": list(annotations)}
    (folder / "a.sigmf-data").write_bytes(data)
    (folder / "a.sigmf-meta").write_text(json.dumps(meta))
    return folder / "a.sigmf-meta"


def opened(path: Path, **given) -> Recording:
    recording = open_recording(path, **given)
    assert isinstance(recording, Recording)
    return recording


def test_the_middle_of_cu8_is_127_5_and_its_rails_are_full_scale(tmp_path):
    recording = opened(write_pair(tmp_path, bytes([0, 255, 127, 128, 255, 100])))
    block = recording.read(recording.captures[0], 0, 10)
    assert block.samples[0] == pytest.approx(-1 + 1j)
    assert block.samples[1] == pytest.approx((-0.5 + 0.5j) / 127.5)
    assert block.clipped_samples == 2  # samples, not components
    assert (block.rate_hz, block.centre_hz, block.samples.dtype) == (1e6, 98e6, np.complex64)


@pytest.mark.parametrize(
    ("datatype", "stored", "value"),
    [
        ("ci8", np.array([64, -128], "i1"), 0.5 - 1j),
        ("ci16_le", np.array([16384, -32768], "<i2"), 0.5 - 1j),
        ("ci16_be", np.array([16384, -32768], ">i2"), 0.5 - 1j),
        ("cf32_le", np.array([0.25, -3], "<f4"), 0.25 - 3j),
        ("cf64_le", np.array([0.25, -3], "<f8"), 0.25 - 3j),
    ],
)
def test_every_format_comes_out_at_full_scale_one(tmp_path, datatype, stored, value):
    about = GLOBAL | {"core:datatype": datatype}
    recording = opened(write_pair(tmp_path, stored.tobytes(), about=about))
    block = recording.read(recording.captures[0], 0, 1)
    assert block.samples[0] == value
    assert block.clipped_samples == (None if datatype.startswith("cf") else 1)


def test_a_pair_opens_by_either_half_and_without_its_ending(tmp_path):
    meta = write_pair(tmp_path, bytes(20))
    for name in (meta, tmp_path / "a.sigmf-data", tmp_path / "a"):
        assert opened(name).captures[0].samples == 10


def test_each_capture_has_its_own_centre_rate_time_gain_and_place(tmp_path):
    second = {
        "core:sample_start": 4,
        "core:frequency": 936e6,
        "core:datetime": "2026-01-02T03:04:05.000000123Z",
        "core:geolocation": {"type": "Point", "coordinates": [116.4, 39.9, 50.0]},
        "wavewarden:sample_rate": 2e6,
        "wavewarden:gain_db": 30.0,
        "wavewarden:position_sigma_m": 5.0,
        "wavewarden:time_sigma_ns": 1000,
        "wavewarden:dbm_at_full_scale": -12.5,
    }
    about = GLOBAL | {"core:geolocation": {"type": "Point", "coordinates": [116.0, 39.0]}}
    recording = opened(write_pair(tmp_path, bytes(range(20)), about=about, captures=(CAPTURE, second)))
    one, two = recording.captures
    assert (one.centre_hz, one.rate_hz, one.samples, one.time_utc_ns, one.gain_db) == (98e6, 1e6, 4, None, None)
    assert one.position == (39.0, 116.0, None)
    assert (two.centre_hz, two.rate_hz, two.samples, two.gain_db) == (936e6, 2e6, 6, 30.0)
    assert two.position == (39.9, 116.4, 5.0)
    assert (one.dbm_at_full_scale, two.dbm_at_full_scale) == (None, -12.5)
    block = recording.read(two, 2, 100)
    assert len(block.samples) == 4
    assert block.samples[0] == pytest.approx(complex(12 - 127.5, 13 - 127.5) / 127.5)
    assert block.time_utc_ns == utc_ns("2026-01-02T03:04:05.000001123Z")
    assert (block.time_sigma_ns, block.gain_db, block.first_sample) == (1000, 30.0, 6)


def test_a_jump_of_the_receivers_count_at_one_frequency_is_a_loss(tmp_path):
    captures = [CAPTURE | {"core:global_index": 100}, CAPTURE | {"core:sample_start": 4, "core:global_index": 150}]
    recording = opened(write_pair(tmp_path, bytes(20), captures=captures))
    assert recording.captures[1].lost_samples == 46
    assert recording.read(recording.captures[1], 0, 2).lost_samples == 46
    assert recording.read(recording.captures[1], 1, 2).lost_samples == 0


def test_missing_metadata_is_named(tmp_path):
    meta = write_pair(tmp_path, bytes(20))
    meta.unlink()
    for name in (meta, tmp_path / "a.sigmf-data"):
        with pytest.raises(NoMetadata, match=r"a\.sigmf-meta is missing"):
            open_recording(name)


def test_metadata_without_samples_names_them(tmp_path):
    meta = write_pair(tmp_path, bytes(20))
    (tmp_path / "a.sigmf-data").unlink()
    with pytest.raises(MetadataWithoutData, match=r"a\.sigmf-data are missing"):
        open_recording(meta)


def test_a_pair_cut_off_in_its_second_capture_is_read_as_far_as_it_goes(tmp_path):
    captures = [CAPTURE, CAPTURE | {"core:sample_start": 8}]
    recording = opened(write_pair(tmp_path, bytes(10), captures=captures))
    assert [capture.samples for capture in recording.captures] == [5]
    assert [(w.name, w.values) for w in recording.warnings] == [("truncated", {"have": 5, "need": 9})]


def test_a_pair_cut_off_in_its_only_capture_is_known_by_its_annotations(tmp_path):
    note = {"core:sample_start": 0, "core:sample_count": 100}
    recording = opened(write_pair(tmp_path, bytes(10), annotations=[note]))
    assert [w.values for w in recording.warnings] == [{"have": 5, "need": 100}]


def test_a_pair_with_nothing_usable_left_is_refused(tmp_path):
    with pytest.raises(TruncatedRecording):
        open_recording(write_pair(tmp_path, bytes(10), captures=[CAPTURE | {"core:sample_start": 8}]))
    with pytest.raises(EmptyRecording):
        open_recording(write_pair(tmp_path, b""))


def test_changed_samples_are_told_by_their_hash(tmp_path):
    data = bytes(range(20))
    about = GLOBAL | {"core:sha512": hashlib.sha512(data).hexdigest()}
    assert opened(write_pair(tmp_path, data, about=about)).warnings == ()
    changed = opened(write_pair(tmp_path, data[:-1] + b"\0", about=about))
    assert [w.name for w in changed.warnings] == ["checksum"]


def test_a_stray_byte_is_left_out_and_told(tmp_path):
    recording = opened(write_pair(tmp_path, bytes(21)))
    assert recording.captures[0].samples == 10
    assert [(w.name, w.values) for w in recording.warnings] == [("stray_bytes", {"count": 1})]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"global": {}}', '{"global": {"core:datatype": 3}}'])
def test_metadata_that_is_not_metadata_is_refused(tmp_path, text):
    meta = write_pair(tmp_path, bytes(20))
    meta.write_text(text)
    with pytest.raises((BadMetadata, EmptyRecording)):
        open_recording(meta)


@pytest.mark.parametrize(
    "captures",
    [
        [CAPTURE | {"core:sample_start": 5}, CAPTURE],
        [CAPTURE | {"core:sample_start": -1}],
        [CAPTURE | {"core:datetime": "yesterday"}],
        [CAPTURE | {"core:geolocation": {"type": "Point", "coordinates": [10.0, 116.0]}}],
    ],
)
def test_captures_that_cannot_be_are_refused(tmp_path, captures):
    with pytest.raises(BadMetadata):
        open_recording(write_pair(tmp_path, bytes(20), captures=captures))


def test_a_dataset_outside_its_folder_is_refused(tmp_path):
    with pytest.raises(BadMetadata, match="plain file name"):
        open_recording(write_pair(tmp_path, bytes(20), about=GLOBAL | {"core:dataset": "../other"}))


def test_another_programs_file_with_a_header_is_read_behind_it(tmp_path):
    (tmp_path / "samples.bin").write_bytes(b"HEAD" + bytes([255, 255]) * 3 + b"TT")
    about = GLOBAL | {"core:dataset": "samples.bin", "core:trailing_bytes": 2}
    recording = opened(write_pair(tmp_path, b"unused", about=about, captures=[CAPTURE | {"core:header_bytes": 4}]))
    assert recording.read(recording.captures[0], 0, 9).samples.tolist() == [1 + 1j] * 3


def test_an_unknown_datatype_and_several_channels_are_refused(tmp_path):
    for about in ({"core:datatype": "cf128_le"}, {"core:datatype": "rf32_le"}, {"core:num_channels": 2}):
        with pytest.raises(UnknownFormat, match="cu8, ci8, ci16_le, cf32_le"):
            open_recording(write_pair(tmp_path, bytes(20), about=GLOBAL | about))


def test_a_rate_or_centre_the_metadata_leaves_out_must_be_given(tmp_path):
    lame = {"core:datatype": "cu8"}
    with pytest.raises(NeedRate):
        open_recording(write_pair(tmp_path, bytes(20), about=lame))
    with pytest.raises(NeedCentre):
        open_recording(write_pair(tmp_path, bytes(20), captures=[]))
    meta = write_pair(tmp_path, bytes(20), about=lame, captures=[])
    capture = opened(meta, rate_hz=3e5, centre_hz=1e8).captures[0]
    assert (capture.rate_hz, capture.centre_hz) == (3e5, 1e8)


def test_a_rate_of_zero_is_refused(tmp_path):
    with pytest.raises(BadRateGiven):
        open_recording(write_pair(tmp_path, bytes(20), about=GLOBAL | {"core:sample_rate": 0}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01T00:00:00.5", 500_000_000),
        ("1970-01-01T08:00:00.123456789012+08:00", 123_456_789),
    ],
)
def test_times_keep_their_nanoseconds(text, expected):
    assert utc_ns(text) == expected
    assert utc_ns(iso_utc(expected)) == expected
