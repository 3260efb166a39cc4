"""A cheap exciter: mono straight into the modulator, cut off hard at its rails, with no filter behind."""

import numpy as np
from numpy.typing import NDArray

from recordings.fm.music import made_band, music
from recordings.fm.sound import AUDIO_RATE_HZ
from recordings.fm.speech import made_speaker, speech
from tests.dsp.fm.made_window import STATION_RATE_HZ, Source

PEAK_HZ = 75e3
UNDRIVEN = 0.3  # RMS over the rails: hardly a peak is cut


def clipped(programme: str, drive_db: float, *, seed: int = 5) -> Source:
    """programme : "speech" or "music". drive_db : over a level at which hardly a peak is cut."""

    def source(count: int) -> NDArray[np.complex64]:
        rng, size = np.random.default_rng(seed), int(count * AUDIO_RATE_HZ / STATION_RATE_HZ) + 2
        made = music(2 * size, made_band(rng), rng) if programme == "music" else None
        said = speech(2 * size, made_speaker(rng), rng) if made is None else made
        mono = np.asarray(said, np.float64).reshape(-1, 2 * size).mean(axis=0)[size // 2 :][:size]
        wave = np.interp(np.arange(count) * AUDIO_RATE_HZ / STATION_RATE_HZ, np.arange(size), mono)
        swing_hz = PEAK_HZ * np.clip(UNDRIVEN * 10 ** (drive_db / 20) * wave / wave.std(), -1, 1)
        return np.asarray(np.exp(2j * np.pi * np.cumsum(swing_hz) / STATION_RATE_HZ), np.complex64)

    return source
