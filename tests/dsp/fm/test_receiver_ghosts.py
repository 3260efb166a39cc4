"""What a dongle makes by itself, or a licensed station sends beside itself: told apart, alone or with a second look."""

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.fm.second_look import Standing, standings
from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import CENTRE_HZ, STATION_RATE_HZ, Sent, make_window

MUSIC, SPEECH = FmBroadcast(programme="music"), FmBroadcast(programme="speech")
MONO = FmBroadcast(programme="advert_loop", stereo=False)
CLOCK_HZ = 28.8e6


def _khz(look: FmLook) -> list[int]:
    return [round((station.freq_hz - look.centre_hz) / 1e3) for station in look.stations]


def hd_sidebands(count: int) -> NDArray[np.complex64]:
    """Many carriers 129 to 198 kHz on either side, as NRSC-5 has them in its hybrid mode."""
    rng = np.random.default_rng(5)
    bins = rng.standard_normal(count) + 1j * rng.standard_normal(count)
    away_hz = np.abs(np.fft.fftfreq(count, 1 / STATION_RATE_HZ))
    bins[(away_hz < 129.4e3) | (away_hz > 198.4e3)] = 0
    signal = np.fft.ifft(bins)
    return np.asarray(signal / np.sqrt(np.mean(np.abs(signal) ** 2)), np.complex64)


def _hybrid(offset_hz: float, cnr_db: float, under_db: float) -> list[Sent]:
    return [Sent(offset_hz, cnr_db, MUSIC), Sent(offset_hz, cnr_db - under_db, hd_sidebands)]


@pytest.mark.parametrize("under_db", [14.0, 20.0])
@pytest.mark.parametrize("cnr_db", [35.0, 50.0])
def test_digital_sidebands_are_no_stations_and_are_called_so(cnr_db: float, under_db: float) -> None:
    look = receive_fm(make_window(_hybrid(-200e3, cnr_db, under_db), seconds=1.0, rate_hz=1.2e6))
    assert _khz(look) == [-200]
    assert set(look.rejected) <= {"hd_sideband"}
    assert look.rejected or cnr_db - under_db < 25


def test_a_pirate_on_a_digital_sideband_is_a_station() -> None:
    sent = [*_hybrid(-200e3, 45.0, 20.0), Sent(0.0, 35.0, MONO)]
    assert _khz(receive_fm(make_window(sent, seconds=1.0, rate_hz=1.2e6))) == [-200, 0]


@pytest.mark.parametrize("offset_hz", [-300e3, 150e3])
def test_a_spur_of_the_clock_is_no_station_and_a_station_on_it_is(offset_hz: float) -> None:
    spur_hz = round(CENTRE_HZ / CLOCK_HZ) * CLOCK_HZ
    line = Sent(offset_hz, 40.0, FmBroadcast(programme="silence", stereo=False))
    block = make_window([line], seconds=0.5, rate_hz=1.2e6)
    look = receive_fm(dataclasses.replace(block, centre_hz=spur_hz - offset_hz))
    assert look.stations == ()
    assert look.rejected == {"crystal_spur": 1}
    block = make_window([line, Sent(offset_hz, 52.0, MONO)], seconds=0.5, rate_hz=1.2e6)
    assert len(receive_fm(dataclasses.replace(block, centre_hz=spur_hz - offset_hz)).stations) == 1


def _clipped_by_itself(sent: list[Sent], centre_hz: float) -> FmLook:
    """The band as a dongle tuned to `centre_hz` shows it, driven too far; nobody counted what was clipped."""
    moved = [dataclasses.replace(each, offset_hz=each.offset_hz - (centre_hz - CENTRE_HZ)) for each in sent]
    block = make_window(moved, seconds=0.5)
    parts = block.samples.view(np.float32)
    squeezed = parts - np.float32(0.15 / np.mean(parts**2)) * parts**3  # a soft converter
    return receive_fm(IqBlock(squeezed.view(np.complex64), block.rate_hz, centre_hz))


def test_a_second_look_tells_an_image_from_a_station() -> None:
    """Weak enough that neither look can tell by itself that it follows its source."""
    sent = [Sent(300e3, 40, MUSIC), Sent(-500e3, 30, MONO)]
    first = receive_fm(make_window(sent, seconds=0.5))
    image = dataclasses.replace(first.stations[1], freq_hz=CENTRE_HZ - 300e3)
    first = dataclasses.replace(first, stations=(image, *first.stations))
    moved = [dataclasses.replace(each, offset_hz=each.offset_hz - 150e3) for each in sent]
    second = receive_fm(make_window([*moved, Sent(-150e3, 15, MONO)], seconds=0.5))
    second = dataclasses.replace(
        second,
        centre_hz=CENTRE_HZ + 150e3,
        stations=tuple(dataclasses.replace(each, freq_hz=each.freq_hz + 150e3) for each in second.stations),
    )
    assert standings(first, second) == (Standing.MOVED, Standing.STAYED, Standing.STAYED)


def test_a_station_that_stood_where_a_ghost_would_go_makes_no_ghost_of_one_that_went_off() -> None:
    first = receive_fm(make_window([Sent(-200e3, 30, MUSIC), Sent(100e3, 30, MONO)], seconds=0.3))
    left = dataclasses.replace(first, centre_hz=CENTRE_HZ + 300e3, stations=first.stations[1:])
    assert standings(first, left) == (Standing.GONE, Standing.STAYED)


def test_a_soft_converter_makes_no_station_that_stays() -> None:
    sent = [Sent(-700e3, 60, MUSIC), Sent(-400e3, 57, SPEECH, 2), Sent(350e3, 55, MONO, 3)]
    first, second = (_clipped_by_itself(sent, CENTRE_HZ + move_hz) for move_hz in (0.0, 150e3))
    stayed = [
        round((station.freq_hz - CENTRE_HZ) / 1e3)
        for station, standing in zip(first.stations, standings(first, second), strict=True)
        if standing is Standing.STAYED
    ]
    assert stayed == [-700, -400, 350]


def test_a_second_look_that_could_not_show_it_says_nothing() -> None:
    first = receive_fm(make_window([Sent(-900e3, 30, MUSIC)], seconds=0.3))
    near = dataclasses.replace(first, centre_hz=CENTRE_HZ + 10e3)
    far = dataclasses.replace(first, centre_hz=CENTRE_HZ + 5e6, stations=())
    empty = dataclasses.replace(first, centre_hz=CENTRE_HZ - 200e3, stations=())
    assert standings(first, near) == standings(first, far) == (Standing.UNSEEN,)
    assert standings(first, empty) == (Standing.GONE,)
