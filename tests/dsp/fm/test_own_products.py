"""Stations that the receiver makes of others are none, however strong; what sits where they would fall is one."""

import dataclasses

import numpy as np
import pytest

from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, make_window, rds

SPEECH = FmBroadcast(programme="speech", rds=rds(0x1001))
MUSIC = FmBroadcast(programme="music", rds=rds(0x1002))
ADVERT = FmBroadcast(programme="advert_loop", stereo=False)
TWO = (Sent(-300e3, 55, MUSIC, 1), Sent(100e3, 52, SPEECH, 2))
THREE = (Sent(-700e3, 55, MUSIC, 1), Sent(-300e3, 55, SPEECH, 2), Sent(450e3, 50, ADVERT, 3))
STRONG_POWER = 10 ** (-15 / 10)  # of full scale: 55 dB over noise at −70 dBFS


def cubic(block: IqBlock, ratio_db: float) -> IqBlock:
    """Through x − k |x|² x, whose products stand `ratio_db` under the strongest."""
    wide = block.samples.astype(np.complex128)
    bent = wide - 10 ** (ratio_db / 20) / STRONG_POWER * np.abs(wide) ** 2 * wide
    return dataclasses.replace(block, samples=bent.astype(np.complex64))


def eight_bits(block: IqBlock, gain_db: float) -> IqBlock:
    steps = np.round(block.samples.view(np.float32) * np.float32(127.5 * 10 ** (gain_db / 20)) - np.float32(0.5))
    lopped = np.clip(steps, -128, 127)
    samples = ((lopped + np.float32(0.5)) / np.float32(127.5)).astype(np.float32).view(np.complex64)
    clipped = int((steps != lopped).reshape(-1, 2).any(axis=1).sum())
    return dataclasses.replace(block, samples=samples, clipped_samples=clipped)


def heard_khz(look: FmLook) -> list[int]:
    """In steps of 50 kHz: a neighbour's product pulls a reading."""
    return [50 * round((station.freq_hz - CENTRE_HZ) / 50e3) for station in look.stations]


@pytest.mark.parametrize("ratio_db", [-20, -30, -40])
@pytest.mark.parametrize("sent", [TWO, THREE])
def test_intermodulation_in_the_receiver_makes_no_station(sent: tuple[Sent, ...], ratio_db: float) -> None:
    look = receive_fm(cubic(make_window(sent, seconds=0.4), ratio_db))
    assert heard_khz(look) == [round(each.offset_hz / 1e3) for each in sent]
    assert look.rejected["intermodulation"] >= 1


def test_stations_on_the_frequencies_of_products_stay_stations() -> None:
    there = (Sent(-700e3, 20, ADVERT, 4), Sent(500e3, 25, ADVERT, 5))  # 2a − b and 2b − a
    look = receive_fm(make_window([*TWO, *there], seconds=0.4))
    assert heard_khz(look) == [-700, -300, 100, 500]
    look = receive_fm(cubic(make_window([*TWO, *there], seconds=0.4), -35))  # products there too, 2 to 10 dB weaker
    assert heard_khz(look) == [-700, -300, 100, 500]


@pytest.mark.parametrize("gain_db", [10, 14, 20])
def test_eight_bits_driven_into_their_rails_make_no_station(gain_db: float) -> None:
    look = receive_fm(eight_bits(make_window(THREE, seconds=0.4), gain_db))
    assert look.clipped_share is not None
    assert look.clipped_share > 0.1
    assert heard_khz(look) == [-700, -300, 450]


def test_rails_that_the_format_cannot_tell_make_few() -> None:
    block = eight_bits(make_window(THREE, seconds=0.4), 10.0)
    assert heard_khz(receive_fm(dataclasses.replace(block, clipped_samples=None))) == [-700, -300, 450]
