import struct

import numpy as np
import pytest

from recordings.errors import (
    BadRateGiven,
    EmptyRecording,
    NeedCentre,
    WavHasChannels,
    WavIsBroken,
    WavIsCoded,
    WavIsSound,
)
from recordings.read import Multiplex, Recording, open_recording
from recordings.sigmf_time import utc_ns


def wav(data: bytes, *, tag=1, channels=2, rate=1_000_000, bits=16, before=b"", size=None, extra=b"") -> bytes:
    fmt = struct.pack("<HHIIHH", tag, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits) + extra
    body = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + before
    body += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def opened(tmp_path, content: bytes, **given):
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    return open_recording(path, **given)


@pytest.mark.parametrize(
    ("tag", "bits", "data"),
    [
        (1, 8, bytes([191, 0])),
        (1, 16, np.array([16384, -32768], "<i2").tobytes()),
        (1, 24, bytes([0, 0, 0x40, 0, 0, 0x80])),
        (1, 32, np.array([2**30, -(2**31)], "<i4").tobytes()),
        (3, 32, np.array([0.5, -1], "<f4").tobytes()),
        (3, 64, np.array([0.5, -1], "<f8").tobytes()),
    ],
)
def test_two_fast_channels_are_iq_at_full_scale_one(tmp_path, tag, bits, data):
    recording = opened(tmp_path, wav(data, tag=tag, bits=bits), centre_hz=98e6)
    assert isinstance(recording, Recording)
    block = recording.read(recording.captures[0], 0, 5)
    assert block.samples.tolist() == [pytest.approx(0.5 - 1j, abs=0.003)]
    assert block.rate_hz == 1e6
    assert block.clipped_samples == (None if tag == 3 else 1)


def test_the_extensible_header_is_read_by_its_sub_format(tmp_path):
    extra = struct.pack("<HHIH", 22, 32, 3, 3) + bytes(14)
    content = wav(np.array([0.5, -1], "<f4").tobytes(), tag=0xFFFE, bits=32, extra=extra)
    recording = opened(tmp_path, content, centre_hz=98e6)
    assert isinstance(recording, Recording)
    assert recording.read(recording.captures[0], 0, 1).samples[0] == 0.5 - 1j


def test_the_auxi_chunk_of_receiver_programs_says_centre_and_time(tmp_path):
    began = struct.pack("<8H", 2026, 3, 2, 17, 8, 30, 15, 250)
    auxi = began + began + struct.pack("<I", 97_900_000) + bytes(28)
    chunk = b"auxi" + struct.pack("<I", len(auxi)) + auxi
    recording = opened(tmp_path, wav(bytes(40), before=chunk))
    assert isinstance(recording, Recording)
    assert recording.captures[0].centre_hz == 97.9e6
    assert recording.captures[0].time_utc_ns == utc_ns("2026-03-17T08:30:15.25Z")
    given = opened(tmp_path, wav(bytes(40), before=chunk), centre_hz=100e6)
    assert isinstance(given, Recording)
    assert given.captures[0].centre_hz == 100e6


def test_without_a_centre_it_must_be_given(tmp_path):
    with pytest.raises(NeedCentre):
        opened(tmp_path, wav(bytes(40)))


def test_one_fast_channel_is_a_multiplex(tmp_path):
    multiplex = opened(tmp_path, wav(np.array([16384, -32768, 0], "<i2").tobytes(), channels=1, rate=192_000))
    assert isinstance(multiplex, Multiplex)
    assert multiplex.rate_hz == 192e3
    assert multiplex.samples.tolist() == [0.5, -1.0, 0.0]
    assert multiplex.read(1, 1).tolist() == [-1.0]


@pytest.mark.parametrize(("channels", "rate"), [(2, 44_100), (2, 48_000), (2, 192_000), (1, 48_000), (1, 96_000)])
def test_sound_is_not_iq(tmp_path, channels, rate):
    with pytest.raises(WavIsSound, match="is sound, not IQ"):
        opened(tmp_path, wav(bytes(400), channels=channels, rate=rate), centre_hz=98e6)


def test_what_is_neither_iq_nor_multiplex_is_named(tmp_path):
    with pytest.raises(WavHasChannels, match="6 channels"):
        opened(tmp_path, wav(bytes(240), channels=6))
    with pytest.raises(WavIsCoded, match="0x0055"):
        opened(tmp_path, wav(bytes(240), tag=0x55), centre_hz=0)
    with pytest.raises(BadRateGiven):
        opened(tmp_path, wav(bytes(240), rate=0), centre_hz=0)
    with pytest.raises(EmptyRecording):
        opened(tmp_path, wav(b""), centre_hz=0)


def test_a_cut_header_is_named(tmp_path):
    whole = wav(bytes(40))
    for length, part in ((14, "fmt"), (30, "fmt"), (38, "data")):
        with pytest.raises(WavIsBroken, match=part):
            opened(tmp_path, whole[:length], centre_hz=0)


def test_a_cut_file_is_read_as_far_as_it_goes_and_told(tmp_path):
    recording = opened(tmp_path, wav(bytes(42), size=400), centre_hz=0)
    assert isinstance(recording, Recording)
    assert recording.captures[0].samples == 10
    assert [w.name for w in recording.warnings] == ["truncated", "stray_bytes"]
    assert recording.warnings[0].values == {"have": 10, "need": 100}


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF])
def test_a_streamed_file_whose_length_was_never_filled_in_is_whole(tmp_path, size):
    recording = opened(tmp_path, wav(bytes(40), size=size), centre_hz=0)
    assert isinstance(recording, Recording)
    assert (recording.captures[0].samples, recording.warnings) == (10, ())


def test_a_file_over_4_gb_tells_its_length_in_ds64(tmp_path):
    content = wav(bytes(40) + b"LIST\4\0\0\0abcd", size=0xFFFFFFFF)
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, 0, 40, 0, 0)
    recording = opened(tmp_path, b"RF64" + content[4:12] + ds64 + content[12:], centre_hz=0)
    assert isinstance(recording, Recording)
    assert recording.captures[0].samples == 10


def test_a_wav_is_known_by_its_content_whatever_it_is_called(tmp_path):
    path = tmp_path / "a.cu8"
    path.write_bytes(wav(bytes(40)))
    recording = open_recording(path, centre_hz=0)
    assert isinstance(recording, Recording)
    assert recording.stored_as.name == "ci16_le"


@pytest.mark.needs_recordings
def test_the_real_multiplex_opens(recordings_dir):
    multiplex = open_recording(recordings_dir / "fm" / "mpx_93.1_chicago_256k.wav")
    assert isinstance(multiplex, Multiplex)
    assert (multiplex.rate_hz, multiplex.seconds) == (256e3, pytest.approx(1.024, abs=0.01))
