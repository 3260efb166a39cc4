import numpy as np
import pytest

from dsp.errors import BadRate, BlockTooShort, NotFinite
from dsp.iq import IqBlock
from dsp.spectrum import noise_floor_dbfs_hz, welch_spectrum


def _noise(seconds: float, dbfs_hz: float, *, rate_hz: float = 2.4e6) -> np.ndarray:
    rng = np.random.default_rng(3)
    count = round(seconds * rate_hz)
    sigma = np.sqrt(10 ** (dbfs_hz / 10) * rate_hz / 2)
    return (sigma * (rng.standard_normal(count) + 1j * rng.standard_normal(count))).astype(np.complex64)


def test_a_full_scale_tone_is_0_dbfs_where_it_is() -> None:
    tone = np.exp(2j * np.pi * 0.1 * np.arange(240_000)).astype(np.complex64)
    spectrum = welch_spectrum(IqBlock(tone, 2.4e6, 98e6), bin_hz=1500)
    assert abs(spectrum.freq_hz[spectrum.psd_dbfs_hz.argmax()] - 98.24e6) < 1500
    assert abs(10 * np.log10(spectrum.power.sum())) < 0.01


def test_noise_has_its_density_in_every_bin_and_as_its_floor() -> None:
    spectrum = welch_spectrum(IqBlock(_noise(0.5, -110), 2.4e6, 98e6), bin_hz=1500)
    assert abs(float(np.mean(spectrum.psd_dbfs_hz)) + 110) < 0.1
    assert abs(noise_floor_dbfs_hz(spectrum) + 110) < 0.1


def test_carriers_do_not_raise_the_floor_while_a_tenth_of_the_window_is_free() -> None:
    samples = _noise(0.5, -110)
    bins = np.fft.fft(samples)
    place = np.fft.fftfreq(len(bins))
    bins[(np.abs(place) < 0.38)] *= 100
    spectrum = welch_spectrum(IqBlock(np.fft.ifft(bins).astype(np.complex64), 2.4e6, 98e6), bin_hz=1500)
    assert abs(noise_floor_dbfs_hz(spectrum) + 110) < 0.3


def test_bins_are_about_as_wide_as_asked_and_cover_the_window() -> None:
    spectrum = welch_spectrum(IqBlock(_noise(0.1, -110), 2.4e6, 98e6), bin_hz=1000)
    assert 900 <= spectrum.step_hz <= 1100
    assert spectrum.start_hz == 98e6 - 1.2e6
    assert spectrum.step_hz * len(spectrum.psd_dbfs_hz) == pytest.approx(2.4e6)


def test_silence_is_a_very_small_number_and_not_minus_infinity() -> None:
    spectrum = welch_spectrum(IqBlock(np.zeros(10_000, np.complex64), 2.4e6, 98e6), bin_hz=1500)
    assert np.isfinite(spectrum.psd_dbfs_hz).all()


def test_what_has_no_spectrum_is_refused() -> None:
    with pytest.raises(BlockTooShort):
        welch_spectrum(IqBlock(np.zeros(100, np.complex64), 2.4e6, 98e6), bin_hz=1500)
    with pytest.raises(BadRate):
        welch_spectrum(IqBlock(np.zeros(100, np.complex64), 0.0, 98e6), bin_hz=1500)
    with pytest.raises(NotFinite):
        welch_spectrum(IqBlock(np.full(10_000, np.nan, np.complex64), 2.4e6, 98e6), bin_hz=1500)
