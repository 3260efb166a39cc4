import numpy as np

from recordings.fm.rds_wave import REACH, SAMPLES_PER_BIT, subcarrier

RATE_HZ = 1187.5 * SAMPLES_PER_BIT
BITS = np.random.default_rng(4).integers(0, 2, 3000, np.uint8)


def test_the_power_lies_within_2_4_khz_of_57_and_none_at_57() -> None:
    wave = subcarrier(BITS, in_quadrature=True).ravel()
    power = np.abs(np.fft.rfft(wave)) ** 2
    freq_hz = np.fft.rfftfreq(len(wave), 1 / RATE_HZ)
    inside = np.abs(freq_hz - 57e3) < 2400
    assert power[inside].sum() > 0.9995 * power.sum()  # the rest is the shape cut off after four bits
    assert power[np.abs(freq_hz - 57e3) < 50].sum() < 0.001 * power.sum()


def test_the_spectrum_is_a_biphase_pair_through_a_cosine() -> None:
    wave = subcarrier(BITS, in_quadrature=True).ravel()[: 2048 * SAMPLES_PER_BIT].reshape(-1, 64 * SAMPLES_PER_BIT)
    power = (np.abs(np.fft.rfft(wave * np.hanning(wave.shape[-1]))) ** 2).mean(axis=0)
    freq_hz = np.fft.rfftfreq(wave.shape[-1], 1 / RATE_HZ)
    away = np.abs(freq_hz - 57e3)
    x = away / 1187.5
    theory = (np.sin(np.pi * x / 2) * np.cos(np.pi * x / 4)) ** 2 * (x < 2)
    part = (away > 300) & (away < 2000)
    measured, wanted = (np.convolve(p[part], np.ones(40) / 40, "valid") for p in (power, theory))
    level = measured / wanted
    assert level.std() / level.mean() < 0.2  # 32 stretches averaged, 40 bins smoothed


def test_the_peak_is_one_and_a_bit_is_seen_by_its_sign() -> None:
    wave = subcarrier(BITS, in_quadrature=False)
    assert 0.9 < np.abs(wave).max() <= 1
    turn = np.sin(2 * np.pi * np.arange(SAMPLES_PER_BIT) / 8)
    halves = (wave * turn).reshape(len(wave), 2, -1).sum(axis=-1)
    assert np.array_equal(halves[:, 0] > halves[:, 1], BITS[REACH:-REACH] == 1)


def test_the_bits_join_without_a_jump() -> None:
    turn = np.cos(2 * np.pi * np.arange(SAMPLES_PER_BIT) / 8)
    envelope = (subcarrier(BITS, in_quadrature=True) * turn).ravel().reshape(-1, 8).sum(axis=-1)
    steps = np.abs(np.diff(envelope))
    joins = np.zeros(len(steps), bool)
    joins[SAMPLES_PER_BIT // 8 - 1 :: SAMPLES_PER_BIT // 8] = True
    assert steps[joins].max() < 1.05 * steps[~joins].max()
