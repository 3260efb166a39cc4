import numpy as np

from recordings.fm.sound import AUDIO_RATE_HZ
from recordings.fm.studio import limit, master, peaks, shape

N = 1 << 15
T = np.arange(N) / AUDIO_RATE_HZ
RNG = np.random.default_rng(5)


def tone(freq_hz: float) -> np.ndarray:
    window = np.hanning(N)
    return (np.sin(2 * np.pi * freq_hz * T) * window).astype(np.float32)[None].repeat(2, axis=0)


def gain_db(freq_hz: float, preemphasis_us: float) -> float:
    sound = tone(freq_hz)
    made = shape(sound, preemphasis_us=preemphasis_us)
    return float(10 * np.log10((made**2).sum() / (sound**2).sum()))


def test_preemphasis_of_50_us_is_3_db_at_3183_hz_and_13_5_db_at_15_khz() -> None:
    for freq_hz in (100.0, 1000.0, 3183.1, 10_000.0, 14_000.0):
        theory_db = 10 * np.log10(1 + (2 * np.pi * freq_hz * 50e-6) ** 2)
        assert abs(gain_db(freq_hz, 50.0) - theory_db) < 0.1  # the high-pass takes 0.09 dB at 100 Hz
    assert abs(gain_db(3183.1, 50.0) - 3.01) < 0.05


def test_75_us_and_none_are_options() -> None:
    assert abs(gain_db(2122.0, 75.0) - 3.01) < 0.05
    assert abs(gain_db(10_000.0, 0.0)) < 0.01


def test_nothing_passes_above_15_5_khz() -> None:
    assert gain_db(16_000.0, 50.0) < -60


def test_the_limiter_leaves_quiet_sound_alone_and_holds_loud_sound_at_one() -> None:
    sound = shape(RNG.standard_normal((2, N)).astype(np.float32), preemphasis_us=0.0)
    quiet = sound * np.float32(0.5 / np.abs(sound).max() * 0.5)
    np.testing.assert_allclose(limit(quiet), quiet, rtol=1e-5)
    loud = limit(sound * 10)
    assert 0.8 < np.abs(loud).max() <= 1.0001
    assert peaks(loud).max() < 1.02  # between the samples too


def test_a_peak_between_two_samples_is_seen() -> None:
    """A tone at 9.5 kHz, a quarter of the rate, sampled 45° off its peaks, looks 3 dB lower than it is."""
    sound = np.cos(np.pi / 2 * np.arange(4000) + np.pi / 4).astype(np.float32)[None].repeat(2, axis=0)
    assert sound.max() < 0.71
    np.testing.assert_allclose(peaks(sound)[100:-100].max(), 1, atol=0.02)


def test_a_mastered_stretch_is_silent_at_its_ends() -> None:
    made = master(RNG.standard_normal((2, N)).astype(np.float32), preemphasis_us=50.0, loudness_db=5.0)
    assert np.abs(made[:, :50]).max() < 5e-3 and np.abs(made[:, -50:]).max() < 5e-3
    assert np.abs(made).max() <= 1.0001


def test_silence_stays_silence() -> None:
    assert not master(np.zeros((2, N), np.float32), preemphasis_us=50.0, loudness_db=5.0).any()
