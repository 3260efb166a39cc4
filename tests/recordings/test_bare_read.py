import numpy as np
import pytest

from recordings.errors import (
    BadCentreGiven,
    BadRateGiven,
    EmptyRecording,
    IsFolder,
    IsPacked,
    IsText,
    MissingRecording,
    NeedCentre,
    NeedFormat,
    NeedRate,
    NotFiniteSamples,
    RecordingError,
    UnknownFormat,
    UnreadableRecording,
)
from recordings.read import Recording, open_recording
from shell.words import explain

GIVEN = {"rate_hz": 1e6, "centre_hz": 98e6}


def file_of(tmp_path, content: bytes, name="a.cu8"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("ending", "stored"),
    [
        (".cu8", np.array([191, 0], "u1")),
        (".ci8", np.array([64, -128], "i1")),
        (".cs8", np.array([64, -128], "i1")),
        (".cs16", np.array([16384, -32768], "<i2")),
        (".c64", np.array([0.5, -1], "<f4")),
        (".cf32", np.array([0.5, -1], "<f4")),
        (".fc32", np.array([0.5, -1], "<f4")),
    ],
)
def test_an_ending_that_means_one_thing_says_the_format(tmp_path, ending, stored):
    recording = open_recording(file_of(tmp_path, stored.tobytes(), f"a{ending}"), **GIVEN)
    assert isinstance(recording, Recording)
    assert recording.read(recording.captures[0], 0, 1).samples[0] == pytest.approx(0.5 - 1j, abs=0.003)


def test_an_ending_that_means_several_things_does_not(tmp_path):
    for name in ("a.iq", "a.bin", "a.raw", "a"):
        with pytest.raises(NeedFormat, match="--format"):
            open_recording(file_of(tmp_path, bytes(20), name), **GIVEN)
    recording = open_recording(tmp_path / "a.iq", sample_format="ci8", **GIVEN)
    assert isinstance(recording, Recording)
    assert recording.captures[0].samples == 10


def test_a_format_given_goes_before_the_ending(tmp_path):
    recording = open_recording(file_of(tmp_path, bytes(16), "a.cu8"), sample_format="cf32_le", **GIVEN)
    assert isinstance(recording, Recording)
    assert recording.captures[0].samples == 2


def test_reading_in_blocks_gives_what_reading_at_once_gives(tmp_path):
    stored = np.random.default_rng(1).integers(0, 256, 2000, dtype=np.uint8)
    recording = open_recording(file_of(tmp_path, stored.tobytes()), **GIVEN)
    assert isinstance(recording, Recording)
    capture = recording.captures[0]
    whole = recording.read(capture, 0, 10_000).samples
    parts = [recording.read(capture, first, 300).samples for first in range(0, 1000, 300)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert recording.read(capture, 1000, 5).samples.size == 0


def test_not_a_number_is_refused_with_count_and_place(tmp_path):
    samples = np.ones(10, np.complex64)
    samples[[4, 7]] = complex(np.nan, 0), complex(0, np.inf)
    recording = open_recording(file_of(tmp_path, samples.tobytes(), "a.c64"), **GIVEN)
    assert isinstance(recording, Recording)
    assert len(recording.read(recording.captures[0], 0, 4).samples) == 4
    with pytest.raises(NotFiniteSamples) as refused:
        recording.read(recording.captures[0], 2, 8)
    assert (refused.value.count, refused.value.first) == (2, 4)


def test_a_double_too_large_for_a_float_is_refused_and_not_made_infinite(tmp_path):
    path = file_of(tmp_path, np.array([1e300, 0]).tobytes(), "a.bin")
    recording = open_recording(path, sample_format="cf64_le", **GIVEN)
    assert isinstance(recording, Recording)
    with pytest.raises(NotFiniteSamples):
        recording.read(recording.captures[0], 0, 1)


def test_a_stray_byte_is_left_out_and_told(tmp_path):
    recording = open_recording(file_of(tmp_path, bytes(23), "a.c64"), **GIVEN)
    assert isinstance(recording, Recording)
    assert recording.captures[0].samples == 2
    assert [(w.name, w.values) for w in recording.warnings] == [("stray_bytes", {"count": 7})]


def test_a_file_that_shrinks_after_opening_is_an_error_and_not_a_crash(tmp_path):
    path = file_of(tmp_path, bytes(200))
    recording = open_recording(path, **GIVEN)
    assert isinstance(recording, Recording)
    path.write_bytes(bytes(50))
    with pytest.raises(UnreadableRecording, match="shorter"):
        recording.read(recording.captures[0], 0, 100)


@pytest.mark.parametrize(
    ("content", "given", "refusal"),
    [
        (b"", GIVEN, EmptyRecording),
        (b"\x01", GIVEN, EmptyRecording),
        (bytes(20), {}, NeedRate),
        (bytes(20), {"rate_hz": 1e6}, NeedCentre),
        (bytes(20), {"rate_hz": 0, "centre_hz": 0}, BadRateGiven),
        (bytes(20), {"rate_hz": -1, "centre_hz": 0}, BadRateGiven),
        (bytes(20), {"rate_hz": float("nan"), "centre_hz": 0}, BadRateGiven),
        (bytes(20), {"rate_hz": float("inf"), "centre_hz": 0}, BadRateGiven),
        (bytes(20), {"rate_hz": 1e6, "centre_hz": -5}, BadCentreGiven),
        (bytes(20), GIVEN | {"sample_format": "cu7"}, UnknownFormat),
        (b"# Notes\r\nThe band was busy.\n" * 20, GIVEN, IsText),
        ("频率 98.1 兆赫，电台很多。\n".encode() * 300, GIVEN, IsText),
    ],
)
def test_bad_input_gets_one_sentence_that_names_the_file(tmp_path, content, given, refusal):
    path = file_of(tmp_path, content)
    with pytest.raises(refusal) as refused:
        open_recording(path, **given)
    for language in ("en", "zh"):
        sentence = explain(refused.value, language)
        assert str(path) in sentence
        assert "\n" not in sentence


def test_a_missing_file_a_folder_and_an_archive_are_named_for_what_they_are(tmp_path):
    with pytest.raises(MissingRecording):
        open_recording(tmp_path / "nothing.cu8", **GIVEN)
    with pytest.raises(IsFolder):
        open_recording(tmp_path, **GIVEN)
    with pytest.raises(IsPacked, match="gzip"):
        open_recording(file_of(tmp_path, b"\x1f\x8b" + bytes(20), "a.cu8.gz"), **GIVEN)
    with pytest.raises(IsPacked, match="SigMF"):
        open_recording(file_of(tmp_path, bytes(512), "a.sigmf"), **GIVEN)


def test_quiet_samples_are_not_taken_for_text(tmp_path):
    for content in (bytes(5000), b"\x7f\x80" * 2000, b"\x80" * 4000):
        assert open_recording(file_of(tmp_path, content), **GIVEN)


def test_every_refusal_has_words_in_both_languages():
    from shell.words import has

    def leaves(cls):
        below = cls.__subclasses__()
        return [leaf for sub in below for leaf in leaves(sub)] if below else [cls]

    assert [cls.__name__ for cls in leaves(RecordingError) if not has(f"error.{cls.__name__}")] == []


@pytest.mark.needs_recordings
def test_the_real_capture_opens_by_its_ending(recordings_dir):
    recording = open_recording(recordings_dir / "gsm" / "cell_272-02_500ks.c64", rate_hz=500e3, centre_hz=0)
    assert isinstance(recording, Recording)
    assert recording.captures[0].seconds == pytest.approx(0.16)
