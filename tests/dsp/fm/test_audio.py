import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.errors import SignalError
from dsp.fm.audio import AUDIO_RATE_HZ, ChannelOutside, ChannelSound
from dsp.fm.widths import NARROW, NORMAL, WIDE

RATE_HZ = 1.2e6
OFFSET_HZ = 3e5


def keyed(
    tones: dict[float, float], *, rate_hz: float = RATE_HZ, seconds: float = 0.5, off_hz: float = 0.0
) -> NDArray[np.complex64]:
    """A carrier at OFFSET_HZ + off_hz, each tone (Hz) with its deviation (Hz)."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    phase = 2 * np.pi * (OFFSET_HZ + off_hz) * t
    for tone_hz, deviation_hz in tones.items():
        phase -= deviation_hz / tone_hz * np.cos(2 * np.pi * tone_hz * t)
    return np.exp(1j * phase).astype(np.complex64)


def sound_of(samples: NDArray[np.complex64], *, rate_hz: float = RATE_HZ, pieces: int = 1, **more) -> NDArray:
    said = {"offset_hz": OFFSET_HZ, "width": NORMAL, "deemphasis_s": 50e-6} | more
    sound = ChannelSound(rate_hz=rate_hz, **said)
    return np.concatenate([*(sound.take(part) for part in np.array_split(samples, pieces)), sound.rest()])


def amplitude(sound: NDArray, tone_hz: float) -> float:
    """Of the tone, over a whole number of its periods well inside."""
    middle = sound[4800 : 4800 + round(round(0.3 * tone_hz) / tone_hz * AUDIO_RATE_HZ)].astype(np.float64)
    turns = np.exp(-2j * np.pi * tone_hz * np.arange(len(middle)) / AUDIO_RATE_HZ)
    return float(2 * abs(np.mean(middle * turns)))


@pytest.mark.parametrize("rate_hz", [1.2e6, 2.4e6, 1.024e6, 2.5e6, 999_999.0])
def test_a_tone_comes_out_at_its_frequency_whatever_the_rate(rate_hz):
    sound = sound_of(keyed({1e3: 30e3}, rate_hz=rate_hz), rate_hz=rate_hz)
    assert len(sound) == pytest.approx(0.5 * AUDIO_RATE_HZ, abs=25)  # a step of 999 999 S/s to 240 kS/s is long
    spectrum = np.abs(np.fft.rfft(sound[2400:21600] * np.hanning(19200)))
    assert np.argmax(spectrum) * AUDIO_RATE_HZ / 19200 == pytest.approx(1e3, abs=2.5)


@pytest.mark.parametrize("deemphasis_s", [50e-6, 75e-6])
@pytest.mark.parametrize("tone_hz", [100.0, 1e3, 5e3, 10e3, 14e3])
def test_the_level_follows_the_time_constant_within_a_fifth_of_a_decibel(tone_hz, deemphasis_s):
    sound = sound_of(keyed({tone_hz: 20e3}), deemphasis_s=deemphasis_s)
    wanted = 20e3 / np.hypot(1, 2 * np.pi * tone_hz * deemphasis_s)  # one RC
    assert 20 * np.log10(amplitude(sound, tone_hz) / wanted) == pytest.approx(0, abs=0.2)


def test_pilot_and_rds_are_not_heard():
    sound = sound_of(keyed({19e3: 7.5e3, 57e3: 2e3, 38e3: 20e3}))
    assert np.max(np.abs(sound[4800:-4800])) < 7.5e3 * 1e-3


def test_a_carrier_beside_its_channel_gives_no_constant_and_no_thump():
    sound = sound_of(keyed({1e3: 30e3}, off_hz=5e3))
    assert abs(np.mean(sound[240:-240])) < 100
    assert np.max(np.abs(sound)) < 33e3


def test_blocks_of_any_length_sound_as_one():
    samples = keyed({400.0: 20e3, 3e3: 20e3})
    whole = sound_of(samples)
    for pieces in (2, 7, 500):
        parts = sound_of(samples, pieces=pieces)
        assert len(parts) == len(whole)
        # the first block guesses how far the carrier is off; a quarter second on e^-7.9 of that is left (5 Hz)
        assert np.max(np.abs(parts - whole)[12000:]) < 20


def test_a_station_beside_it_is_filtered_away():
    t = np.arange(round(0.5 * RATE_HZ)) / RATE_HZ
    other = 10 * np.exp(1j * (2 * np.pi * (OFFSET_HZ + 200e3) * t - 20 * np.cos(2 * np.pi * 2e3 * t)))
    sound = sound_of((keyed({1e3: 20e3}) + other).astype(np.complex64), width=NARROW)
    assert amplitude(sound, 1e3) == pytest.approx(20e3 / np.hypot(1, 0.314), rel=0.05)
    assert amplitude(sound, 2e3) < 0.02 * amplitude(sound, 1e3)


def test_what_is_not_a_number_is_silence_and_short_input_gives_little():
    samples = keyed({1e3: 20e3}, seconds=0.1)
    samples[5000:5010] = np.nan
    assert np.isfinite(sound_of(samples, width=WIDE)).all()
    assert len(sound_of(samples[:100])) < 48 and len(sound_of(samples[:0])) <= 1


@pytest.mark.parametrize(("offset_hz", "rate_hz"), [(5.5e5, 1.2e6), (0.0, 1.5e5), (-7e5, 1.2e6)])
def test_a_channel_outside_the_window_is_refused(offset_hz, rate_hz):
    with pytest.raises(ChannelOutside):
        ChannelSound(rate_hz=rate_hz, offset_hz=offset_hz, width=NORMAL, deemphasis_s=50e-6)
    assert issubclass(ChannelOutside, SignalError)
