"""Files that are not what somebody hopes they are."""

import json
import os
import wave
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 1e6


def noise(samples: int, *, spread: float = 10.0, offset: float = 127.5) -> NDArray[np.uint8]:
    values = offset + spread * np.random.default_rng(1).standard_normal(2 * samples)
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


def write_pair(folder: Path, name: str, samples: NDArray[Any], **told: Any) -> Path:
    """A SigMF pair; `told` is centre_hz, rate_hz, datatype or first (sample of the first capture)."""
    about = {"core:datatype": told.get("datatype", "cu8"), "core:sample_rate": told.get("rate_hz", RATE_HZ)}
    capture = {"core:sample_start": told.get("first", 0), "core:frequency": told.get("centre_hz", 98e6)}
    meta = folder / f"{name}.sigmf-meta"
    meta.write_text(json.dumps({"global": about, "captures": [capture]}))
    meta.with_suffix(".sigmf-data").write_bytes(samples.tobytes())
    return meta


def write_music(path: Path, *, channels: int) -> None:
    sound = 3000 * np.random.default_rng(2).standard_normal(44_100 * channels)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(sound.astype("<i2").tobytes())


def write_refused(folder: Path) -> None:
    """Every file of test_bad_input.REFUSED."""
    write_pair(folder, "begins_late", noise(1000), first=5000)
    write_pair(folder, "only_data", noise(1000)).unlink()
    write_pair(folder, "only_meta", noise(1000)).with_suffix(".sigmf-data").unlink()
    write_pair(folder, "broken_meta", noise(10)).write_text('{"global": ')
    write_pair(folder, "thin_meta", noise(10)).write_text('{"global": {}}')
    write_pair(folder, "other_type", noise(10), datatype="ri16_be")
    write_pair(folder, "rate_zero", noise(10), rate_hz=0)
    write_pair(folder, "rate_below", noise(10), rate_hz=-1e6)
    write_pair(folder, "no_samples", noise(0))
    write_pair(folder, "not_numbers", np.array([0, 0, np.nan, 0], "<f4"), datatype="cf32_le")
    write_music(folder / "stereo.wav", channels=2)
    write_music(folder / "mono.wav", channels=1)
    (folder / "cut.wav").write_bytes(b"RIFF\x00\x01\x00\x00WAVE")
    (folder / "notes.txt").write_text("antenna on the roof, 12 March\n" * 20)
    (folder / "笔记.txt").write_text("三月十二日，楼顶天线\n" * 20, encoding="utf-8")
    (folder / "empty.cu8").write_bytes(b"")
    (folder / "packed.zip").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    (folder / "song.mp3").write_bytes(b"ID3" + noise(2000, spread=70).tobytes())
    (folder / "bare.cu8").write_bytes(noise(1000).tobytes())
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")


def write_silent(folder: Path) -> None:
    """Good recordings that hold nothing: those of test_bad_input.SILENT."""
    second = 1_000_000
    write_pair(folder, "noise", noise(second))
    write_pair(folder, "zeros", np.full(2 * second, 127, np.uint8))
    write_pair(folder, "clipped", np.where(noise(second) > 127, 255, 0).astype(np.uint8))
    write_pair(folder, "direct", noise(second, spread=2.0, offset=190.0))
    write_pair(folder, "brief", noise(2000))
    write_pair(folder, "elsewhere", noise(second), centre_hz=2.4e9)
    write_pair(folder, "narrow", noise(48_000), rate_hz=48e3)
    write_pair(folder, "brief_gsm", noise(2000), centre_hz=945e6)
