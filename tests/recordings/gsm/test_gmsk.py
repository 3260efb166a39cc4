import numpy as np

from recordings.gsm.gmsk import BEFORE, SAMPLES_PER_SYMBOL, SYMBOL_RATE_HZ, modulate

RATE_HZ = SAMPLES_PER_SYMBOL * SYMBOL_RATE_HZ
BITS = np.random.default_rng(2).integers(0, 2, 20_000, np.uint8)


def phase_of(bits: np.ndarray, oversampling: int) -> np.ndarray:
    """The standard's own sum and integral, done numerically: phase at each 1/oversampling symbol."""
    alpha = 1.0 - 2.0 * (bits[1:] ^ bits[:-1])
    sigma = np.sqrt(np.log(2)) / (2 * np.pi * 0.3)
    t = (np.arange(-4 * oversampling, 4 * oversampling) + 0.5) / oversampling
    gauss = np.exp(-(t**2) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    pulse = np.convolve(gauss, np.ones(oversampling) / oversampling)  # Gaussian through a symbol long window
    train = np.zeros(len(alpha) * oversampling)
    train[::oversampling] = alpha
    delay = len(t) // 2 + oversampling // 2
    phase = np.pi / 2 * np.cumsum(np.convolve(train, pulse))[delay - 1 :] / oversampling
    return phase


def test_samples_are_those_of_the_standards_formula() -> None:
    bits = BITS[:300]
    made = modulate(bits, BEFORE)
    fine = 64
    truth = np.exp(1j * phase_of(bits, fine))[:: fine // SAMPLES_PER_SYMBOL]
    truth = truth[SAMPLES_PER_SYMBOL * (BEFORE - 1) :][: len(made)]  # alpha starts at the second bit
    turn = np.vdot(truth, made) / len(made)
    assert abs(abs(turn) - 1) < 1e-4
    assert np.abs(made - truth * turn).max() < 0.02  # the numerical integral's own step


def test_zeros_and_ones_alike_are_a_tone_67_7_khz_above_the_carrier() -> None:
    for bit in (0, 1):
        made = modulate(np.full(500, bit, np.uint8), 7)
        turn = np.angle(made[1:] * made[:-1].conj())
        np.testing.assert_allclose(turn * RATE_HZ / (2 * np.pi), SYMBOL_RATE_HZ / 4, rtol=1e-4)


def test_alternating_bits_are_a_tone_67_7_khz_below() -> None:
    made = modulate(np.arange(500, dtype=np.uint8) & 1, 0)
    turn = np.angle(made[1:] * made[:-1].conj())
    np.testing.assert_allclose(turn * RATE_HZ / (2 * np.pi), -SYMBOL_RATE_HZ / 4, rtol=1e-4)


def test_the_envelope_is_constant_and_the_path_has_no_jump() -> None:
    made = modulate(BITS, 0)
    np.testing.assert_allclose(np.abs(made), 1, rtol=1e-6)
    turn = np.abs(np.angle(made[1:] * made[:-1].conj()))
    assert turn.max() <= np.pi / 8 * 1.0001  # the highest frequency of the modulation


def test_a_run_made_in_two_parts_is_the_same_run() -> None:
    whole = modulate(BITS[:407], 3)
    part = modulate(BITS[100:407], 103)
    assert np.array_equal(whole[4 * 100 :], part)


def test_a_shift_of_a_whole_symbol_is_the_next_symbol() -> None:
    np.testing.assert_allclose(
        modulate(BITS[:300], 0, shift_symbols=0.999999)[:-4], modulate(BITS[:300], 0)[4:], atol=2e-4
    )


def test_the_spectrum_stays_within_the_mask() -> None:
    """45.005 §4.2.1, 30 kHz resolution: 0.5 dB at 100 kHz, -30 dB at 200, -33 at 250, -60 at 400 kHz."""
    n = 4096
    made = modulate(BITS, 0)
    parts = made[: len(made) // n * n].reshape(-1, n) * np.blackman(n)
    density = (np.abs(np.fft.fft(parts)) ** 2).mean(axis=0)
    width = round(30e3 / RATE_HZ * n)
    density = np.convolve(np.fft.fftshift(density), np.ones(width), "same")
    freq_hz = np.fft.fftshift(np.fft.fftfreq(n, 1 / RATE_HZ))
    level_db = 10 * np.log10(density / density[abs(freq_hz) < 15e3].mean())
    for offset_hz, limit_db in ((100e3, 0.5), (200e3, -30), (250e3, -33), (400e3, -60)):
        for side in (-1, 1):
            assert level_db[np.abs(freq_hz - side * offset_hz).argmin()] < limit_db
