"""Speech without words: syllables of voiced vowels and unvoiced consonants, phrases, breaths, two speakers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recordings.fm.sound import AUDIO_RATE_HZ, Sound, place, resonate, rise_and_fall

# first three resonances of vowels in Hz, of an adult man
VOWELS_HZ = np.array(
    [
        [730, 1090, 2440],
        [530, 1840, 2480],
        [390, 1990, 2550],
        [270, 2290, 3010],
        [570, 840, 2410],
        [440, 1020, 2240],
        [300, 870, 2240],
        [490, 1350, 1690],
    ]
)
WIDTHS_HZ = np.array([70.0, 90.0, 120.0, 300.0])
FOURTH_HZ = 3500.0
CONSONANTS_HZ = ((5500.0, 1800.0), (3200.0, 1200.0), (7500.0, 2500.0), (1800.0, 900.0))  # centre, width of the hiss


@dataclass(frozen=True, slots=True)
class Speaker:
    pitch_hz: float
    tract: float  # resonances against an adult man's
    syllables_per_s: float
    pan: float  # -1 left … 1 right


def made_speaker(rng: np.random.Generator) -> Speaker:
    high = rng.random() < 0.5
    return Speaker(
        pitch_hz=float(rng.uniform(170, 240) if high else rng.uniform(90, 140)),
        tract=float(rng.uniform(1.1, 1.22) if high else rng.uniform(0.95, 1.06)),
        syllables_per_s=float(rng.uniform(3.8, 6.0)),
        pan=float(rng.uniform(-0.2, 0.2)),
    )


def speech(samples: int, speaker: Speaker, rng: np.random.Generator) -> NDArray[np.float32]:
    """(2, samples) of one speaker's phrases with breaths between them, about 0.1 rms while speaking."""
    said = np.zeros(samples, np.float32)
    at = int(rng.uniform(0.02, 0.3) * AUDIO_RATE_HZ)
    while at < samples:
        syllables = int(rng.integers(4, 15))
        for number in range(syllables):
            at += _syllable(said, at, speaker, 1 - 0.3 * number / syllables, rng)
        at += int(rng.uniform(0.25, 0.8) * AUDIO_RATE_HZ)
    room = np.zeros_like(said)
    place(room, said, int(0.011 * AUDIO_RATE_HZ), 0.15)
    return np.stack([said * np.float32(1 - speaker.pan) + room, said * np.float32(1 + speaker.pan) - room])


def _syllable(said: Sound, at: int, speaker: Speaker, height: float, rng: np.random.Generator) -> int:
    """Speak one and return how many samples it took."""
    length = int(AUDIO_RATE_HZ / speaker.syllables_per_s * rng.uniform(0.7, 1.35))
    start = at
    if rng.random() < 0.65:
        hiss = _consonant(int(rng.uniform(0.04, 0.11) * AUDIO_RATE_HZ), rng)
        place(said, hiss, at, 0.06 * rng.uniform(0.4, 1.0))
        at += int(0.8 * len(hiss))
    vowel = _vowel(max(length - (at - start), int(0.07 * AUDIO_RATE_HZ)), speaker, height, rng)
    place(said, vowel, at, 0.12 * rng.uniform(0.6, 1.0))
    return at + len(vowel) - start


def _vowel(n: int, speaker: Speaker, height: float, rng: np.random.Generator) -> Sound:
    """About 1 rms in its middle."""
    bend = np.linspace(rng.uniform(0.95, 1.12), rng.uniform(0.9, 1.05), n)
    turns = np.cumsum(speaker.pitch_hz * height * bend / AUDIO_RATE_HZ)
    pulses = np.diff(np.floor(turns), prepend=0.0).astype(np.float32)
    pulses += 0.003 * rng.standard_normal(n, np.float32)  # breath
    formants = np.append(VOWELS_HZ[rng.integers(len(VOWELS_HZ))] * speaker.tract, FOURTH_HZ * speaker.tract)
    glottal = np.array([0.0, *formants]), np.array([180.0, *WIDTHS_HZ])
    return _levelled(resonate(np.diff(pulses, prepend=np.float32(0)), *glottal), rise_s=0.025, fall_s=0.05)


def _consonant(n: int, rng: np.random.Generator) -> Sound:
    centre_hz, width_hz = CONSONANTS_HZ[rng.integers(len(CONSONANTS_HZ))]
    noise = np.diff(rng.standard_normal(n, np.float32), prepend=np.float32(0))
    return _levelled(resonate(noise, np.array([centre_hz]), np.array([width_hz])), rise_s=0.015, fall_s=0.02)


def _levelled(sound: Sound, *, rise_s: float, fall_s: float) -> Sound:
    rms = float(np.sqrt(np.mean(sound**2))) or 1.0
    return sound / np.float32(rms) * rise_and_fall(len(sound), rise_s=rise_s, fall_s=fall_s)
