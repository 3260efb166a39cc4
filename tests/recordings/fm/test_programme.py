import numpy as np
import pytest

from recordings.fm.programme import STRETCH, Programme
from recordings.fm.sound import AUDIO_RATE_HZ
from recordings.fm.spec import FmBroadcast

TEN_S = int(10 * AUDIO_RATE_HZ)


def envelope(sound: np.ndarray, step: int = 1900) -> np.ndarray:
    """Power every 50 ms."""
    return (sound[0][: len(sound[0]) // step * step].reshape(-1, step) ** 2).mean(axis=-1)


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(np.log10(envelope(a) + 1e-5), np.log10(envelope(b) + 1e-5))[0, 1])


@pytest.mark.parametrize("kind", ["speech", "music", "advert_loop", "silence", "tone"])
def test_any_split_gives_the_same_sound(kind: str) -> None:
    station = FmBroadcast(programme=kind, loop_s=3.0)
    whole = Programme(station, seed=1).audio(-5000, 300_000)
    other = Programme(station, seed=1)
    parts = [other.audio(100_000, 195_000), other.audio(-5000, 105_000)]
    assert np.array_equal(np.concatenate(parts[::-1], axis=-1), whole)
    assert whole.shape == (2, 300_000) and np.abs(whole).max() <= 1.001


def test_an_advert_repeats_exactly_after_its_length_and_not_before() -> None:
    programme = Programme(FmBroadcast(programme="advert_loop", loop_s=21.3), seed=1)
    loop = round(21.3 * AUDIO_RATE_HZ)
    once = programme.audio(0, loop)
    assert np.array_equal(programme.audio(5 * loop, loop), once)
    assert np.array_equal(programme.audio(-loop, loop), once)
    for part in range(1, 3):
        assert abs(likeness(once[:, :TEN_S], np.roll(once, -part * STRETCH, axis=-1)[:, :TEN_S])) < 0.5


@pytest.mark.parametrize("kind", ["speech", "music", "advert_loop"])
def test_another_seed_is_another_programme_and_the_same_is_the_same(kind: str) -> None:
    station = FmBroadcast(programme=kind)
    first, second = (Programme(station, seed=seed).audio(0, TEN_S) for seed in (1, 2))
    assert abs(likeness(first, second)) < 0.4
    shared = FmBroadcast(programme=kind, programme_seed=7)
    assert np.array_equal(Programme(shared, seed=1).audio(0, 9000), Programme(shared, seed=2).audio(0, 9000))


def test_a_late_station_says_the_same_later() -> None:
    late = Programme(FmBroadcast(programme_seed=3, programme_delay_s=0.5), seed=1)
    early = Programme(FmBroadcast(programme_seed=3), seed=2)
    assert np.array_equal(late.audio(19_000, 50_000), early.audio(0, 50_000))


def test_speech_pauses_and_music_hardly_does() -> None:
    """A pause: 50 ms at least 30 dB below the loudest tenth."""
    quiet = {}
    for kind in ("speech", "music"):
        power = envelope(Programme(FmBroadcast(programme=kind), seed=4).audio(0, 4 * TEN_S))
        quiet[kind] = (power < np.quantile(power, 0.9) / 1000).mean()
    assert 0.08 < quiet["speech"] < 0.4
    assert quiet["music"] < 0.05


def test_speech_is_voiced_at_a_human_pitch() -> None:
    sound = Programme(FmBroadcast(preemphasis_us=0.0), seed=4).audio(0, TEN_S).mean(axis=0)
    pitches = []
    for part in sound.reshape(-1, 2000):
        spread = np.correlate(part, part, "full")[len(part) - 1 :]
        lag = 120 + int(spread[120:500].argmax())  # 76 to 317 Hz
        if spread[0] > 1 and spread[lag] > 0.6 * spread[0]:
            pitches.append(AUDIO_RATE_HZ / lag)
    assert len(pitches) > 40
    assert 76 < np.median(pitches) < 317


def test_music_has_two_sides_and_mono_has_one() -> None:
    left, right = Programme(FmBroadcast(programme="music"), seed=4).audio(0, TEN_S)
    side = ((left - right) ** 2).mean() / ((left + right) ** 2).mean()
    assert 0.005 < side < 1
    left, right = Programme(FmBroadcast(programme="music", stereo=False), seed=4).audio(0, TEN_S)
    assert np.array_equal(left, right)


def test_a_tone_is_where_it_was_asked_for() -> None:
    left, right = Programme(FmBroadcast(programme="tone", tone_hz=400.0), seed=1).audio(0, 38_000)
    assert np.abs(np.fft.rfft(left)).argmax() == 400
    assert np.array_equal(left, right)


def test_silence_is_silent() -> None:
    assert not Programme(FmBroadcast(programme="silence"), seed=1).audio(0, 1000).any()
