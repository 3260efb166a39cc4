"""A programme to be read anywhere: stretches made on demand from the seed, or one loop for ever."""

from functools import lru_cache

import numpy as np

from recordings.fm.music import made_band, music
from recordings.fm.sound import AUDIO_RATE_HZ
from recordings.fm.spec import FmBroadcast
from recordings.fm.speech import made_speaker, speech
from recordings.fm.studio import Stereo, master
from recordings.transmitter import FieldOutOfRange

STRETCH = 1 << 18  # samples, 6.9 s: a speaker's turn, some bars
KEPT = 4  # stretches


class Programme:
    """Left and right at AUDIO_RATE_HZ, |x| ≤ 1. Remembers the stretches read last."""

    def __init__(self, broadcast: FmBroadcast, *, seed: int) -> None:
        self._broadcast = broadcast
        self._seed = seed if broadcast.programme_seed is None else broadcast.programme_seed
        self._loop = round(broadcast.loop_s * AUDIO_RATE_HZ) if broadcast.programme == "advert_loop" else None
        _check(broadcast)
        rng = np.random.default_rng((self._seed, 0xB0))
        self._speakers = made_speaker(rng), made_speaker(rng)
        self._band = made_band(rng)
        begun = int(rng.integers(0, self._loop or STRETCH))  # how far it is at time 0: no two pause together
        self._late = round(broadcast.programme_delay_s * AUDIO_RATE_HZ) - begun
        self._stretch = lru_cache(maxsize=KEPT)(self._made)

    def audio(self, first: int, count: int) -> Stereo:
        """(2, count) samples; 0 is the scenario's start."""
        first -= self._late
        if self._broadcast.programme == "silence":
            return np.zeros((2, count), np.float32)
        if self._broadcast.programme == "tone":
            return self._tone(first, count)
        parts = [np.zeros((2, 0), np.float32)]
        while count > 0:
            number, start, length = self._where(first)
            part = self._stretch(number, length)[:, first - start :][:, :count]
            parts.append(part)
            first, count = first + part.shape[-1], count - part.shape[-1]
        return np.concatenate(parts, axis=-1)

    def _where(self, sample: int) -> tuple[int, int, int]:
        """The stretch a sample lies in: its number, its first sample, its length."""
        if self._loop is None:
            number = sample // STRETCH
            return number, number * STRETCH, STRETCH
        turn, into = divmod(sample, self._loop)
        pieces = max(1, round(self._loop / STRETCH))
        starts = [self._loop * k // pieces for k in range(pieces + 1)]
        number = max(k for k in range(pieces) if starts[k] <= into)
        return number, turn * self._loop + starts[number], starts[number + 1] - starts[number]

    def _made(self, number: int, length: int) -> Stereo:
        rng = np.random.default_rng((self._seed, 0xB1, number & 0xFFFFFFFF))
        if self._broadcast.programme == "music":
            sound = music(length, self._band, rng)
        else:
            sound = speech(length, self._speakers[int(rng.random() < 0.3)], rng)
        station = self._broadcast
        made = master(sound, preemphasis_us=station.preemphasis_us, loudness_db=station.loudness_db)
        return made if station.stereo else np.repeat(made.mean(axis=0, keepdims=True), 2, axis=0)

    def _tone(self, first: int, count: int) -> Stereo:
        turns = (first + np.arange(count)) * (self._broadcast.tone_hz / AUDIO_RATE_HZ) % 1.0
        return np.repeat(np.sin(2 * np.pi * turns).astype(np.float32)[None], 2, axis=0)


def _check(station: FmBroadcast) -> None:
    if station.programme_seed is not None and station.programme_seed < 0:
        raise FieldOutOfRange(field="programme_seed", value=station.programme_seed, allowed="≥ 0")
    if not 1 <= station.loop_s <= 3600:
        raise FieldOutOfRange(field="loop_s", value=station.loop_s, allowed="1 … 3600")
    if not 20 <= station.tone_hz <= 15_000:
        raise FieldOutOfRange(field="tone_hz", value=station.tone_hz, allowed="20 … 15000")
    if not 0 <= station.preemphasis_us <= 100:
        raise FieldOutOfRange(field="preemphasis_us", value=station.preemphasis_us, allowed="0 … 100")
    if not -40 <= station.loudness_db <= 30:
        raise FieldOutOfRange(field="loudness_db", value=station.loudness_db, allowed="-40 … 30")
