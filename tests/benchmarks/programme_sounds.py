"""Sound to test with at 8 kS/s: recorded speech and music where Debian's packages are there, spoken text, made sound.

Recorded: asterisk-core-sounds-{es,fr,it,ru}-wav (four voices), asterisk-moh-opsound-wav, singularity-music,
hyperrogue-music and planetblupi-music-ogg, under /usr/share or the folder that WAVEWARDEN_SOUNDS names. Spoken:
espeak-ng.
What is not there is left out, and the tables say how much there was.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from math import gcd
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from scipy import signal

from recordings.fm.programme import Programme
from recordings.fm.sound import AUDIO_RATE_HZ
from recordings.fm.spec import FmBroadcast, ProgrammeKind

RATE_HZ = 8000
ROOT = Path(os.environ.get("WAVEWARDEN_SOUNDS", "/usr/share"))
VOICES = {"es": "es_MX_f_Allison", "fr": "fr_CA_f_June", "it": "it_IT_m_Carlo", "ru": "ru_RU_f_IvrvoiceRU"}
MUSIC = {
    "asterisk": "asterisk/moh/*.wav",
    "singularity": "games/singularity/music/**/*.ogg",
    "hyperrogue": "hyperrogue/music/*.ogg",
    "planetblupi": "planetblupi/music/*.ogg",
}
FITTED = frozenset({"fr", "it", "asterisk", "singularity"})  # the weights of dsp.fm.content were fitted to these
LONGEST_S = 150.0
RMS = 0.1
NOT_SPEECH = ("silence", "beep", "tone", "monkeys", "moo")
TEXTS = {
    "cmn": "各位听众朋友大家好，欢迎收听本台节目。今天讲解高血压和风湿骨病的治疗方法。"
    "现在拨打热线电话，前五十名可以享受半价优惠。",
    "yue": "各位聽眾大家好，而家係新聞時間。今日天氣晴朗，最高氣溫二十八度。"
    "交通方面，海底隧道出口繁忙，請駕駛人士留意。",
    "en-us": "Good evening and welcome. Tonight we talk about the weather, the roads and the price of bread. Call us.",
    "de": "Guten Abend, meine Damen und Herren. In der Stadt wurde heute ein neues Krankenhaus eröffnet. Gute Nacht.",
    "pl": "Dobry wieczór państwu. Zapraszamy na wieczorne wydanie wiadomości. Jutro będzie słonecznie i ciepło.",
    "hi": "नमस्कार, आज के समाचार में आपका स्वागत है। मौसम साफ रहेगा।",
}
MANNERS = (("", 160, 50), ("+f3", 175, 60), ("+m3", 150, 40), ("+f2", 190, 55))
Sound = NDArray[np.float32]


@lru_cache(maxsize=1)
def speech() -> dict[str, Sound]:
    """Sentences of each recorded voice one after the other, with the pauses of somebody who reads."""
    found = {}
    for language, folder in VOICES.items():
        chance = np.random.default_rng(len(found))
        files = sorted((ROOT / "asterisk/sounds" / folder).glob("*.wav"))
        chance.shuffle(files)  # type: ignore[arg-type]
        parts = [part for file in files if (part := _sentence(file)) is not None]
        pauses = [np.zeros(int(chance.uniform(0.1, 0.45) * RATE_HZ), np.float32) for _ in parts]
        if parts:
            found[language] = np.concatenate([each for pair in zip(parts, pauses, strict=True) for each in pair])
    return found


@lru_cache(maxsize=1)
def music() -> dict[str, Sound]:
    """Pieces by "collection number"."""
    found = {}
    for name, pattern in MUSIC.items():
        for number, file in enumerate(sorted(ROOT.glob(pattern))):
            sound = _levelled(_read(file))
            if len(sound) >= 15 * RATE_HZ:
                found[f"{name} {number}"] = sound
    return found


@lru_cache(maxsize=1)
def spoken() -> dict[str, Sound]:
    """Each text in four voices of espeak-ng."""
    if shutil.which("espeak-ng") is None:
        return {}
    return {language: np.concatenate(list(_say(language, text))) for language, text in TEXTS.items()}


@lru_cache(maxsize=512)
def made_programme(kind: ProgrammeKind, seed: int) -> Programme:
    return Programme(FmBroadcast(programme=kind, programme_seed=seed, stereo=False), seed=seed)


def made(kind: ProgrammeKind, seed: int, first_s: float, seconds: float) -> Sound:
    """Of `recordings.fm`: nothing in it was recorded."""
    sound = made_programme(kind, seed).audio(round(first_s * AUDIO_RATE_HZ), round(seconds * AUDIO_RATE_HZ))[0]
    return np.asarray(signal.resample_poly(sound, 4, 19), np.float32)[: round(seconds * RATE_HZ)]


def what_there_is() -> str:
    lengths = [sum(map(len, group.values())) / RATE_HZ / 60 for group in (speech(), music(), spoken())]
    return (
        f"{lengths[0]:.0f} min of recorded speech in {len(speech())} voices, {lengths[1]:.0f} min of {len(music())} "
        f"recorded pieces of music, {lengths[2]:.0f} min spoken by espeak-ng in {len(spoken())} languages"
    )


def _say(language: str, text: str) -> Iterator[Sound]:
    with tempfile.TemporaryDirectory() as folder:
        for voice, words_a_minute, pitch in MANNERS:
            file = f"{folder}/said.wav"
            how = ["-v", language + voice, "-s", str(words_a_minute), "-p", str(pitch), "-w", file, text]
            subprocess.run(["espeak-ng", *how], check=True, capture_output=True)
            yield _levelled(_read(Path(file)))


def _sentence(file: Path) -> Sound | None:
    if any(word in file.name for word in NOT_SPEECH):
        return None
    sound = _read(file)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max(initial=1e-9))
    sound = sound[max(0, loud[0] - 400) : loud[-1] + 800] if len(loud) else sound[:0]
    return _levelled(sound) if len(sound) >= 0.7 * RATE_HZ else None


def _read(file: Path) -> Sound:
    """The first LONGEST_S of it, mono."""
    rate_hz = soundfile.info(file).samplerate
    sound, _ = soundfile.read(file, frames=round(LONGEST_S * rate_hz), dtype="float32", always_2d=True)
    common = gcd(rate_hz, RATE_HZ)
    return np.asarray(signal.resample_poly(sound.mean(axis=1), RATE_HZ // common, rate_hz // common), np.float32)


def _levelled(sound: Sound) -> Sound:
    return np.asarray(sound / (np.sqrt(np.mean(sound**2)) + 1e-9) * RMS, np.float32)
