from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from shell.exits import Exit
from tests.wavewarden.fm_made import RATE_HZ, block, noise, tone_file
from tests.wavewarden.gsm_made import as_cu8
from tests.wavewarden.running import invoke
from wavewarden.fm_silence import FmSilence

COUNT = 300_000


def digital() -> NDArray[np.complex64]:
    """Carriers side by side over 120 kHz, which have no constant envelope."""
    bins = np.fft.fft(noise(1.0, COUNT))
    bins[np.abs(np.fft.fftfreq(COUNT, 1 / RATE_HZ) - 2e5) > 6e4] = 0
    return (0.3 * np.fft.ifft(bins) + noise(0.01, COUNT)).astype(np.complex64)


def why(monkeypatch, path: Path, samples: NDArray, *, rate_hz=RATE_HZ, centre_hz=98e6, lang="en") -> str:
    path.write_bytes(as_cu8(samples.astype(np.complex64)))
    done = invoke(
        monkeypatch, "fm", "scan", path, "--rate", rate_hz, "--centre", centre_hz, "--format", "cu8", lang=lang
    )
    assert (done.exit_code, done.stdout) == (Exit.NOTHING_HEARD, "")
    return done.stderr


@pytest.mark.parametrize(
    ("samples", "given", "said"),
    [
        (noise(0.05, COUNT), {}, ("No carrier stands above the noise", "没有高于噪声的载波")),
        (np.zeros(COUNT), {}, ("Every sample has the same value", "同一个值")),
        (noise(3.0, COUNT), {}, ("clipped; lower the gain", "削顶")),
        (noise(0.0015, COUNT), {}, ("all but deaf", "几乎听不到东西")),
        (noise(0.05, COUNT), {"centre_hz": 940e6}, ("This is a GSM band", "GSM 频段")),
        (noise(0.05, COUNT), {"centre_hz": 433e6}, ("No FM broadcast band", "没有调频广播频段")),
        (noise(0.05, COUNT), {"rate_hz": 1.5e5}, ("cannot hold an FM station", "放不下一个调频台")),
        (noise(0.05, 40_000), {}, ("only 0.033 s long", "只有 0.033 秒")),
        (digital(), {}, ("no steady carrier", "没有稳定的载波")),
    ],
    ids=["empty", "zeros", "saturated", "deaf", "gsm", "elsewhere", "narrow", "short", "digital"],
)
def test_the_likeliest_reason_for_nothing_is_told_in_both_languages(monkeypatch, tmp_path, samples, given, said):
    for lang, words in zip(("en", "zh"), said, strict=True):
        assert words in why(monkeypatch, tmp_path / "x.cu8", samples, lang=lang, **given)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.cu8", b"", "empty.cu8"),
        ("words.cu8", b"this is a letter, and no recording of anything\n" * 50, "words.cu8"),
        ("x.sigmf-meta", b"{", "x.sigmf-meta"),
        ("packed.bin", b"PK\x03\x04" + bytes(5000), "zip"),
    ],
)
def test_what_is_no_recording_is_refused_in_a_sentence(monkeypatch, tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    given = ("--rate", 1.2e6, "--centre", 98e6, "--format", "cu8")
    done = invoke(monkeypatch, "fm", "scan", tmp_path / name, *given)
    assert done.exit_code == Exit.BAD_INPUT and said in done.stderr and "Traceback" not in done.stderr


def test_one_bad_file_does_not_keep_the_next_from_being_heard(monkeypatch, tmp_path):
    good = tone_file(tmp_path / "good.cf32", tone_hz=1e3, seconds=0.5)
    given = ("--rate", RATE_HZ, "--centre", 98e6, "--format", "cf32_le", "--json")
    done = invoke(monkeypatch, "fm", "scan", tmp_path / "none.cf32", good, *given)
    assert done.exit_code == Exit.BAD_INPUT and "good.cf32" in done.stdout and "none.cf32" in done.stderr


def test_stations_in_clipped_samples_are_told_with_a_warning(monkeypatch, tmp_path):
    file = tone_file(tmp_path / "x.cf32", tone_hz=1e3, seconds=0.5)
    loud = 5 * np.fromfile(file, np.complex64)
    (tmp_path / "loud.cu8").write_bytes(as_cu8(loud))
    given = ("--rate", RATE_HZ, "--centre", 98e6, "--format", "cu8")
    done = invoke(monkeypatch, "fm", "scan", tmp_path / "loud.cu8", *given)
    assert done.exit_code == Exit.DONE and "98.3000" in done.stdout
    assert "of the samples are clipped: ghosts are possible" in done.stderr
    assert "deviation not measurable: clipped samples" in " ".join(done.stdout.split())


def test_deaf_looks_among_others_are_counted_and_the_whole_look_is_counted_as_clipped():
    silence = FmSilence()
    few_steps = np.round(noise(0.25, COUNT).view(np.float32)).view(np.complex64) / 127
    for samples in (noise(0.1, COUNT), few_steps):
        silence.measure(block(samples))
    assert (silence.looks, silence.deaf) == (2, 1)
    assert silence.seconds == pytest.approx(2 * COUNT / RATE_HZ) and silence.samples == 2 * COUNT
    assert any("1 of 2 looks were all but deaf" in line for line in silence.warnings())
