"""Music by chance: a key, a tempo, four chords that come again, a bass, a melody, drums."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from recordings.fm.sound import AUDIO_RATE_HZ, Sound, place, resonate, seconds

WAVE_SAMPLES = 2048
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 2, 4, 7, 9, 12, 14))
CHORDS = ((0, 4, 5, 3), (0, 5, 3, 4), (5, 3, 0, 4), (0, 3, 0, 4), (0, 2, 3, 4))
HARMONICS_HZ = 9000.0  # none above
DRUM_S = 0.16


@dataclass(frozen=True, slots=True)
class Band:
    """What makes one piece sound unlike another."""

    key_hz: float
    scale: tuple[int, ...]
    chords: tuple[int, ...]
    beat_s: float
    brightness: float  # how slowly the harmonics of a note fall
    drums: float


def made_band(rng: np.random.Generator) -> Band:
    return Band(
        key_hz=float(110 * 2 ** rng.uniform(0, 1)),
        scale=SCALES[rng.integers(len(SCALES))],
        chords=CHORDS[rng.integers(len(CHORDS))],
        beat_s=float(60 / rng.uniform(75, 150)),
        brightness=float(rng.uniform(0.45, 0.8)),
        drums=float(rng.uniform(0.2, 1.0)),
    )


@dataclass(frozen=True, slots=True)
class Note:
    degree: int  # of the scale, over octaves
    samples: int
    pan: float  # 0 left … 1 right
    gain: float


def music(samples: int, band: Band, rng: np.random.Generator) -> NDArray[np.float32]:
    """(2, samples): a whole number of beats, about 0.1 rms."""
    mix = np.zeros((2, samples), np.float32)
    beats = max(1, round(seconds(samples) / band.beat_s))
    step = samples / beats / 2
    for half in range(2 * beats):
        at = int(half * step)
        root = band.chords[half // 8 % len(band.chords)]
        if half % 8 == 0:
            for degree, pan in ((0, 0.2), (2, 0.5), (4, 0.8)):
                _play(mix, at, band, Note(root + degree + 7, int(8 * step), pan, 0.05))
        if half % 2 == 0:
            _play(mix, at, band, Note(root - 7, int(2 * step), 0.5, 0.12))
            stroke = _thump() if half % 4 == 0 else _hiss(rng)
            for channel in mix:
                place(channel, stroke, at, band.drums)
        if rng.random() < 0.7:
            degree = root + 14 + int(rng.integers(-3, 5))
            _play(mix, at, band, Note(degree, int(rng.integers(1, 4) * step), 0.35, 0.08))
    return mix


def _play(mix: NDArray[np.float32], at: int, band: Band, note: Note) -> None:
    octave, place_in_scale = divmod(note.degree, len(band.scale))
    pitch_hz = band.key_hz * 2 ** (octave + band.scale[place_in_scale] / 12)
    sound = _note(note.samples, pitch_hz, band.brightness)
    place(mix[0], sound, at, note.gain * float(np.sqrt(1 - note.pan)))
    place(mix[1], sound, at, note.gain * float(np.sqrt(note.pan)))


def _note(n: int, pitch_hz: float, brightness: float) -> Sound:
    """Struck, then dying away to nothing."""
    index = (np.arange(n) * (pitch_hz / AUDIO_RATE_HZ * WAVE_SAMPLES)).astype(np.intp) & (WAVE_SAMPLES - 1)
    t = np.arange(n, dtype=np.float32) / np.float32(n)
    envelope = np.minimum(t * np.float32(seconds(n) / 0.006), 1) * np.exp(-3 * t) * (1 - t)
    shape: Sound = _wave(round(brightness, 3), int(HARMONICS_HZ / pitch_hz))[index] * envelope
    return shape


@cache
def _wave(brightness: float, harmonics: int) -> Sound:
    """One period of a note."""
    turn = 2 * np.pi * np.arange(WAVE_SAMPLES) / WAVE_SAMPLES
    period = sum(brightness**k * np.sin((k + 1) * turn + k * k) for k in range(max(1, min(harmonics, 24))))
    return np.asarray(period, np.float32)


def _drum_time() -> Sound:
    return np.arange(int(DRUM_S * AUDIO_RATE_HZ), dtype=np.float32) / np.float32(AUDIO_RATE_HZ)


@cache
def _thump() -> Sound:
    t = _drum_time()
    stroke: Sound = 0.25 * np.sin(2 * np.pi * 50 * t + 12 * np.exp(-30 * t)) * np.exp(-18 * t)
    return stroke.astype(np.float32)


def _hiss(rng: np.random.Generator) -> Sound:
    t = _drum_time()
    noise = rng.standard_normal(len(t), np.float32) * np.exp(-28 * t)
    return 0.05 * resonate(np.diff(noise, prepend=np.float32(0)), np.array([2500.0]), np.array([2500.0]))
