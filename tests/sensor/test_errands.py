"""What a task gets: the window it asked for, whatever the receiver delivered."""

import numpy as np
import pytest

from dsp.fm.audio import ChannelSound
from dsp.fm.widths import NORMAL
from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast
from sensor.errands import FILL, as_asked, as_cu8, recorded_window_of, window_of
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, make_window
from wire.messages import Task

RATE_HZ = 240e3


def _task(centre_hz: float, seconds: float) -> Task:
    return Task(id="a", centre_hz=centre_hz, rate_hz=RATE_HZ, seconds=seconds, snippet=True)


def test_a_narrow_window_may_last_longer_than_a_wide_one_and_a_recording_no_longer_than_before():
    wide = Task(id="a", centre_hz=98e6, rate_hz=2.4e6, seconds=60.0)
    assert window_of(wide).seconds == 5.0
    assert window_of(_task(98e6, 60.0)).seconds == 20.0
    assert window_of(_task(98e6, 8.0)).seconds == 8.0
    assert recorded_window_of(_task(98e6, 60.0)).seconds == 5.0


def test_a_channel_is_cut_out_of_a_wider_window_with_its_sound_whole():
    tone = Sent(400e3, 35.0, FmBroadcast(programme="tone", tone_hz=1000.0, stereo=False))
    loud = Sent(200e3, 60.0, FmBroadcast(programme="music"))
    block = make_window([tone, loud], seconds=1.0, rate_hz=2.4e6)
    cut = as_asked(block, _task(CENTRE_HZ + 415e3, 0.8))
    assert (cut.rate_hz, cut.centre_hz) == (RATE_HZ, CENTRE_HZ + 415e3)
    assert cut.seconds == pytest.approx(0.8, abs=1e-3)
    assert np.abs(cut.samples.view(np.float32)).max() == pytest.approx(FILL, rel=1e-3)
    sent = (np.frombuffer(as_cu8(cut), np.uint8).astype(np.float32) - 127.5) / 127.5
    channel = ChannelSound(rate_hz=RATE_HZ, offset_hz=-15e3, width=NORMAL, deemphasis_s=50e-6)
    heard = channel.take(sent.view(np.complex64))
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum[20:]) + 20 == pytest.approx(1000.0 * len(heard) / 48e3, abs=2)


def test_what_is_as_wide_as_asked_goes_out_as_it_came_only_no_longer():
    chance = np.random.default_rng(1)
    samples = chance.standard_normal(2 * 48_000).astype(np.float32).view(np.complex64)
    block = IqBlock(samples, RATE_HZ, 98e6, time_utc_ns=7)
    same = as_asked(block, _task(98e6, 0.1))
    assert np.array_equal(same.samples, samples[:24_000])
    assert (same.time_utc_ns, same.rate_hz) == (7, RATE_HZ)
