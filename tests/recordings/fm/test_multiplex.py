import numpy as np
import pytest

from recordings.fm.multiplex import BLOCK, RATE_HZ, Multiplex
from recordings.fm.spec import FmBroadcast, Rds
from recordings.transmitter import BroadcastError

RDS = Rds(pi=0x1234, ps="TEST", rt="a text", deviation_hz=2000.0)


def multiplex(broadcast: FmBroadcast, blocks: int = 32) -> np.ndarray:
    made = Multiplex(broadcast, seed=1)
    return np.concatenate([made.block(k) for k in range(blocks)])


def amplitude_hz(signal: np.ndarray, freq_hz: float) -> complex:
    """Of a tone; whole periods of every multiple of 9.28 Hz stand in a block."""
    turn = np.exp(-2j * np.pi * freq_hz / RATE_HZ * np.arange(len(signal)))
    return complex(2 * (signal * turn).mean())


def band_power(signal: np.ndarray, low_hz: float, high_hz: float) -> float:
    parts = signal[: len(signal) // 8192 * 8192].reshape(-1, 8192) * np.blackman(8192)
    power = (np.abs(np.fft.rfft(parts)) ** 2).mean(axis=0)
    freq_hz = np.fft.rfftfreq(8192, 1 / RATE_HZ)
    return float(power[(freq_hz >= low_hz) & (freq_hz < high_hz)].sum())


def test_the_pilot_has_its_deviation_and_the_subcarrier_is_suppressed() -> None:
    signal = multiplex(FmBroadcast(programme="music", pilot_deviation_hz=6000.0))
    assert abs(abs(amplitude_hz(signal, 19e3)) - 6000) < 10
    assert abs(amplitude_hz(signal, 38e3)) < 60  # a hundredth of the pilot: BS.450 allows 1 % of the deviation


def test_a_mono_station_has_neither_pilot_nor_subcarrier() -> None:
    signal = multiplex(FmBroadcast(programme="music", stereo=False))
    assert band_power(signal, 17e3, 228e3) < 1e-6 * band_power(signal, 0, 17e3)


def test_between_sound_pilot_stereo_and_rds_there_is_nothing() -> None:
    signal = multiplex(FmBroadcast(programme="music", rds=RDS))
    total = band_power(signal, 0, 228e3)
    for low_hz, high_hz in ((16.5e3, 18.6e3), (19.4e3, 22e3), (54e3, 54.4e3), (60e3, 228e3)):
        assert band_power(signal, low_hz, high_hz) < 1e-6 * total
    assert band_power(signal, 23e3, 53e3) > 1e-4 * total
    assert band_power(signal, 54.6e3, 59.4e3) > 1e-5 * total


def test_left_and_right_come_out_of_the_decoder_apart() -> None:
    """BS.450: left = middle + side, where the side is the product with the subcarrier in phase with the pilot."""
    made = Multiplex(FmBroadcast(programme="music", peak_deviation_hz=75e3), seed=1)
    signal = np.concatenate([made.block(k) for k in range(40, 48)]).astype(np.float64)
    n = np.arange(len(signal))
    spectrum = np.fft.rfft(signal * 2 * np.sin(2 * np.pi * n * 38e3 / RATE_HZ))
    middle = np.fft.rfft(signal)
    freq_hz = np.fft.rfftfreq(len(signal), 1 / RATE_HZ)
    middle[freq_hz > 16e3] = spectrum[freq_hz > 16e3] = 0
    left = (np.fft.irfft(middle) + np.fft.irfft(spectrum))[::12] / (75e3 - 6750)
    sound = made._programme.audio(40 * BLOCK // 12, len(left))
    inside = slice(2000, -2000)
    wrong = left[inside] - sound[0][inside]
    crosstalk_db = 10 * np.log10((wrong**2).mean() / (sound[0][inside] ** 2).mean())
    assert crosstalk_db < -50


def test_the_subcarrier_is_locked_to_the_third_harmonic_of_the_pilot() -> None:
    for in_quadrature, angle in ((False, 0.0), (True, np.pi / 2)):
        rds = Rds(pi=1, deviation_hz=2000.0, in_quadrature=in_quadrature)
        signal = multiplex(FmBroadcast(programme="silence", rds=rds), 8)
        pilot = np.angle(amplitude_hz(signal, 19e3))
        turn = np.exp(-2j * np.pi * 57e3 / RATE_HZ * np.arange(len(signal)))
        baseband = (signal * turn).reshape(-1, 48).mean(axis=-1)
        carrier = np.angle((baseband**2).mean()) / 2  # of a signal without carrier, up to half a turn
        third = 3 * (pilot + np.pi / 2) - np.pi / 2
        assert abs(np.exp(2j * (carrier - third)) - np.exp(2j * angle)) < 0.05


def test_the_rds_peak_is_its_deviation() -> None:
    signal = multiplex(FmBroadcast(programme="silence", stereo=False, rds=RDS), 64)
    assert 0.93 * 2000 < np.abs(signal).max() <= 2000.1


@pytest.mark.parametrize("peak_hz", [50e3, 75e3, 120e3])
@pytest.mark.parametrize("kind", ["speech", "music", "tone"])
def test_the_peak_deviation_is_reached_nearly_and_never_passed(kind: str, peak_hz: float) -> None:
    signal = multiplex(FmBroadcast(programme=kind, peak_deviation_hz=peak_hz, rds=RDS, loudness_db=9.0), 100)
    assert 0.95 * peak_hz < np.abs(signal).max() < 1.005 * peak_hz


def test_a_normal_loudness_is_near_the_limit_of_modulation_power() -> None:
    """BS.412: 0 dBr is the power of a 19 kHz sine."""
    for kind in ("speech", "music"):
        signal = multiplex(FmBroadcast(programme=kind, rds=RDS), 200)
        assert -2 < 10 * np.log10((signal**2).mean() / (19e3**2 / 2)) < 1.5


@pytest.mark.parametrize(
    "broadcast",
    [
        FmBroadcast(peak_deviation_hz=5e3),
        FmBroadcast(peak_deviation_hz=200e3),
        FmBroadcast(pilot_deviation_hz=-1.0),
        FmBroadcast(loop_s=0.0),
        FmBroadcast(tone_hz=19e3),
        FmBroadcast(preemphasis_us=-1.0),
        FmBroadcast(programme_seed=-1),
        FmBroadcast(loudness_db=99.0),
        FmBroadcast(rds=Rds(pi=-1)),
    ],
)
def test_what_no_station_can_send_is_refused(broadcast: FmBroadcast) -> None:
    with pytest.raises(BroadcastError):
        Multiplex(broadcast, seed=1)
