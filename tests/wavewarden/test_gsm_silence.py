from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.gsm.frame import SYMBOL_HZ
from recordings.read import Recording, open_recording
from shell.exits import Exit
from tests.dsp.gsm.made import OnAir, window
from tests.wavewarden.gsm_made import as_cu8, cell
from tests.wavewarden.running import invoke
from wavewarden.gsm_silence import GsmSilence, why_no_cell
from wavewarden.stretches import stretches

RATE_HZ = 1.2e6
COUNT = 300_000


def noise(sigma: float, count: int = COUNT) -> NDArray[np.complex64]:
    parts = np.random.default_rng(5).standard_normal(2 * count).astype(np.float32) * np.float32(sigma)
    return parts.view(np.complex64)


def on_air(rate_hz: float, *, seconds: float = 0.35) -> NDArray[np.complex64]:
    return 30 * window([OnAir(cell(25), 1.5e5)], rate_hz=rate_hz, seconds=seconds, eb_n0_db=18.0).samples


def stations() -> NDArray[np.complex64]:
    t = np.arange(COUNT) / RATE_HZ
    sound = np.repeat(np.random.default_rng(3).standard_normal(COUNT // 50), 50)
    fm = np.exp(2j * np.pi * (3e5 * t + 4e4 * np.cumsum(sound) / RATE_HZ))
    return (0.3 * fm).astype(np.complex64) + noise(0.02)


def traffic() -> NDArray[np.complex64]:
    """A carrier all of whose slots are taken: slot 0 overwritten by slot 3."""
    samples = (
        30
        * window(
            [OnAir(cell(25, busy_timeslots=(1, 2, 3, 4, 5, 6, 7)), 1e5)], rate_hz=RATE_HZ, seconds=0.3, eb_n0_db=20.0
        ).samples
    )
    frame = 1250 / SYMBOL_HZ * RATE_HZ
    for k in range(int(len(samples) / frame) - 1):
        at, eighth = round(k * frame), round(frame / 8)
        samples[at : at + eighth] = samples[at + 3 * eighth : at + 4 * eighth]
    return samples


def why(monkeypatch, path: Path, samples: NDArray[np.complex64], *, rate_hz=RATE_HZ, centre_hz=940e6, lang="en") -> str:
    path.write_bytes(as_cu8(samples))
    given = ("--rate", rate_hz, "--centre", centre_hz, "--format", "cu8")
    done = invoke(monkeypatch, "gsm", "scan", path, *given, lang=lang)
    assert (done.exit_code, done.stdout) == (Exit.NOTHING_HEARD, "")
    return done.stderr


@pytest.mark.parametrize(
    ("samples", "centre_hz", "name"),
    [
        (noise(0.05), 940e6, "empty"),
        (np.zeros(COUNT, np.complex64), 940e6, "zeros"),
        (noise(0.05)[:60_000], 940e6, "short"),
        (noise(2.0), 940e6, "clipped"),
        (noise(0.003), 940e6, "deaf"),
        (noise(0.02) + np.complex64(0.4 + 0.1j), 940e6, "dc"),
        (stations(), 940e6, "carriers"),
        (traffic(), 940e6, "traffic"),
        (stations(), 0.0, "carriers"),
        (stations(), 98e6, "fm"),
        (noise(0.05), 430e6, "elsewhere"),
        (noise(0.05), 940.0, "elsewhere"),  # MHz where Hz are wanted
    ],
)
def test_the_reason_for_silence_is_the_one_that_was_made(tmp_path, samples, centre_hz, name):
    (tmp_path / "x.cu8").write_bytes(as_cu8(samples))
    recording = open_recording(tmp_path / "x.cu8", rate_hz=RATE_HZ, centre_hz=centre_hz)
    assert isinstance(recording, Recording)
    silence = GsmSilence()
    for stretch in stretches(recording):
        silence.measure(stretch.block)
    assert why_no_cell(silence, None).name == name


@pytest.mark.parametrize(
    ("samples", "said"),
    [(noise(0.05), "No carrier stands above the noise"), (noise(2.0)[:200_000], "of the samples are clipped")],
)
def test_the_reason_is_told_in_words(monkeypatch, tmp_path, samples, said):
    assert said in why(monkeypatch, tmp_path / "x.cu8", samples)


@pytest.mark.parametrize(
    ("true_hz", "given_hz", "lang"),
    [
        (1e6, 2.4e6, "zh"),
        (2.4e6, 1e6, "en"),
        (1.024e6, 1e6, "en"),
        (4 * SYMBOL_HZ, 1e6, "en"),
        (1.8e6, 1.2e6, "en"),
        (2e6, 200e3, "en"),
    ],
)
def test_a_wrong_rate_is_told_with_the_right_one(monkeypatch, tmp_path, true_hz, given_hz, lang):
    told = why(monkeypatch, tmp_path / "x.cu8", on_air(true_hz), rate_hz=given_hz, lang=lang)
    assert f"--rate {true_hz:.10g}" in told


def test_a_rate_that_is_right_is_never_doubted(monkeypatch, tmp_path):
    told = why(monkeypatch, tmp_path / "x.cu8", traffic())
    assert "--rate" not in told


def test_a_recording_too_narrow_for_a_carrier_is_told(monkeypatch, tmp_path):
    assert "250000 samples a second cannot hold" in why(monkeypatch, tmp_path / "x.cu8", noise(0.05), rate_hz=250e3)


def test_a_file_that_is_no_iq_is_told(monkeypatch, tmp_path):
    import wave

    with wave.open(str(tmp_path / "mpx.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(192_000)
        file.writeframes(np.zeros(192_000, np.int16).tobytes())
    done = invoke(monkeypatch, "gsm", "blocks", tmp_path / "mpx.wav")
    assert done.exit_code == Exit.NOTHING_HEARD and "FM multiplex" in done.stderr
