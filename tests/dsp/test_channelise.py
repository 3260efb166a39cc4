import numpy as np
import pytest

from dsp.channel_plan import Band
from dsp.channelise import BadPassband, channelise, channelise_bands
from dsp.errors import BadRate, BlockTooShort

RATE = 2.4e6
OUT = 1_625_000 / 3
BAND = {"out_rate_hz": OUT, "pass_hz": 100e3, "stop_hz": 160e3}


def _tone(freq_hz: float, count: int = 120_000, rate_hz: float = RATE) -> np.ndarray:
    return np.exp(2j * np.pi * freq_hz * np.arange(count) / rate_hz).astype(np.complex64)


def test_a_tone_in_the_channel_comes_out_at_its_distance_from_the_middle_of_the_channel() -> None:
    channels = channelise(_tone(-713e3 + 40e3), RATE, offsets_hz=[-713e3], **BAND)
    expected = np.exp(2j * np.pi * 40e3 * np.arange(channels.samples.shape[1]) / channels.rate_hz)
    middle = slice(200, -200)
    assert channels.rate_hz == pytest.approx(OUT, rel=1e-12)
    assert np.abs(channels.samples[0, middle] - expected[middle]).max() < 1e-3


@pytest.mark.parametrize("away_hz", [160e3, 200e3, OUT, OUT + 30e3, 2 * OUT - 20e3, -400e3, 1.1e6])
def test_a_tone_beyond_the_stop_band_is_gone_wherever_it_would_fold(away_hz: float) -> None:
    channels = channelise(_tone(-300e3 + away_hz), RATE, offsets_hz=[-300e3], **BAND)
    assert np.abs(channels.samples[0, 200:-200]).max() < 1e-3 * np.sqrt(10)  # −70 dB


@pytest.mark.parametrize("rate_hz", [1.024e6, 2.048e6, 2.88e6, 3.2e6, 1e6])
def test_any_rate_in_use_gives_the_same_samples(rate_hz: float) -> None:
    rng = np.random.default_rng(1)
    freqs, phases = rng.uniform(-90e3, 90e3, 20), rng.uniform(0, 6.28, 20)
    at = np.arange(60_000) / rate_hz
    sent = np.exp(1j * (2 * np.pi * (freqs + 150e3)[:, None] * at + phases[:, None])).sum(axis=0)
    channels = channelise(sent.astype(np.complex64), rate_hz, offsets_hz=[150e3], **BAND)
    out_at = np.arange(channels.samples.shape[1]) / channels.rate_hz
    expected = np.exp(1j * (2 * np.pi * freqs[:, None] * out_at + phases[:, None])).sum(axis=0)
    assert channels.rate_hz == pytest.approx(OUT, rel=1e-6)
    assert np.abs(channels.samples[0] - expected)[300:-300].max() < 0.02


def test_many_channels_come_out_together() -> None:
    sent = _tone(-400e3) + 0.5 * _tone(600e3)
    channels = channelise(sent, RATE, offsets_hz=[-400e3, 0.0, 600e3], **BAND)
    levels = np.abs(channels.samples[:, 500:-500]).mean(axis=1)
    assert levels == pytest.approx([1.0, 0.0, 0.5], abs=1e-3)


def test_the_output_covers_the_input() -> None:
    channels = channelise(_tone(0.0, 100_001), RATE, offsets_hz=[0.0], **BAND)
    assert channels.samples.shape[1] == int(np.ceil(100_001 * channels.rate_hz / RATE))


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(BadPassband):
        channelise(_tone(0.0), RATE, offsets_hz=[0.0], out_rate_hz=200e3, pass_hz=100e3, stop_hz=160e3)
    with pytest.raises(BadRate):
        channelise(_tone(0.0), 100e3, offsets_hz=[0.0], **BAND)
    with pytest.raises(BlockTooShort):
        channelise(np.zeros(0, np.complex64), RATE, offsets_hz=[0.0], **BAND)


@pytest.mark.parametrize("rate_hz", [2.4e6, 2.048e6, 2.394e6, 1e6 / 3 * 4])
def test_channels_of_several_widths_are_those_that_each_would_be_alone(rate_hz: float) -> None:
    rng = np.random.default_rng(2)
    sent = rng.standard_normal(400_000).view(np.complex128).astype(np.complex64)
    bands = [Band(-300e3, 300e3, 130e3, 165e3), Band(123.4e3, 240e3, 78e3, 108e3), Band(500e3, 240e3, 45e3, 75e3)]
    for band, together in zip(bands, channelise_bands(sent, rate_hz, bands), strict=True):
        alone = channelise(
            sent,
            rate_hz,
            offsets_hz=[band.offset_hz],
            out_rate_hz=band.out_rate_hz,
            pass_hz=band.pass_hz,
            stop_hz=band.stop_hz,
        )
        assert together.rate_hz == alone.rate_hz
        assert np.abs(together.samples - alone.samples[0]).max() < 2e-3 * np.abs(alone.samples).max()
