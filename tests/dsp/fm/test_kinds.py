"""Broadcasts however odd, and what only looks like one: each on a made signal."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.fm.kinds import EmissionKind, kind_of
from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.clipped import clipped
from tests.dsp.fm.made_window import STATION_RATE_HZ, Sent, Source, make_window

PIRATES = {
    "quiet": FmBroadcast(programme="speech", stereo=False, loudness_db=-5.0),
    "little deviation": FmBroadcast(programme="speech", stereo=False, peak_deviation_hz=25e3),
    "too much of it": FmBroadcast(programme="music", stereo=False, peak_deviation_hz=130e3, loudness_db=12.0),
    "a tone": FmBroadcast(programme="tone", stereo=False, tone_hz=1000.0),
    "a high tone": FmBroadcast(programme="tone", stereo=False, tone_hz=8000.0),
    "an advert": FmBroadcast(programme="advert_loop", stereo=False),
    "a silent stereo one": FmBroadcast(programme="silence"),
}


def _look(*sent: Sent, seconds: float = 1.0, seed: int = 1) -> FmLook:
    return receive_fm(make_window(sent, seconds=seconds, rate_hz=1.2e6, seed=seed))


def _moved(deviation_hz: Callable[[int], NDArray[np.float64]]) -> Source:
    def source(count: int) -> NDArray[np.complex64]:
        return np.asarray(np.exp(2j * np.pi * np.cumsum(deviation_hz(count)) / STATION_RATE_HZ), np.complex64)

    return source


def _voice(count: int) -> NDArray[np.float64]:
    """Noise below 3 kHz, limited at 4.5 kHz."""
    bins = np.fft.rfft(np.random.default_rng(3).standard_normal(count))
    bins[np.fft.rfftfreq(count, 1 / STATION_RATE_HZ) > 3e3] = 0
    wave = np.fft.irfft(bins, count)
    return np.clip(2e3 * wave / wave.std(), -4.5e3, 4.5e3)


def _keyed(baud: float, half_hz: float) -> Callable[[int], NDArray[np.float64]]:
    def deviation_hz(count: int) -> NDArray[np.float64]:
        bits = np.random.default_rng(4).integers(0, 2, int(count * baud / STATION_RATE_HZ) + 2)
        return half_hz * (2.0 * bits[(np.arange(count) * baud / STATION_RATE_HZ).astype(int)] - 1)

    return deviation_hz


def _steps_of_noise(count: int) -> NDArray[np.float64]:
    """Symbols of many levels, smoothed: no edges, nothing above 15 kHz, and always the same."""
    bins = np.fft.rfft(np.random.default_rng(6).standard_normal(count))
    bins *= np.exp(-((np.fft.rfftfreq(count, 1 / STATION_RATE_HZ) / 6e3) ** 2))
    wave = np.fft.irfft(bins, count)
    return 20e3 * wave / wave.std()


def _side_by_side(*offsets_hz: float) -> Source:
    def source(count: int) -> NDArray[np.complex64]:
        voice = _moved(_voice)(count)
        turns = np.arange(count) / STATION_RATE_HZ
        both = sum(np.roll(voice, 5000 * i) * np.exp(2j * np.pi * hz * turns) for i, hz in enumerate(offsets_hz))
        return np.asarray(both / np.sqrt(len(offsets_hz)), np.complex64)

    return source


@pytest.mark.parametrize("what", PIRATES)
@pytest.mark.parametrize("cnr_db", [12.0, 35.0])
def test_an_odd_broadcast_is_one(what: str, cnr_db: float) -> None:
    look = _look(Sent(140e3, cnr_db, PIRATES[what]))
    assert [kind_of(station) for station in look.stations] == [EmissionKind.BROADCAST]
    assert look.others == ()


@pytest.mark.parametrize("programme", ["speech", "music"])
@pytest.mark.parametrize("drive_db", [6.0, 12.0])
@pytest.mark.parametrize("cnr_db", [12.0, 30.0])
def test_a_broadcast_clipped_until_it_looks_keyed_is_one(programme: str, drive_db: float, cnr_db: float) -> None:
    look = _look(Sent(140e3, cnr_db, clipped(programme, drive_db)))
    assert [kind_of(station) for station in look.stations] == [EmissionKind.BROADCAST]


@pytest.mark.parametrize("programme", ["speech", "music"])
@pytest.mark.parametrize("seed", [91, 92])
def test_a_broadcast_driven_into_two_lobes_is_one(programme: str, seed: int) -> None:
    look = _look(Sent(-90e3, 20.0, clipped(programme, 24.0, seed=seed)), seconds=2.0)
    (station,) = look.stations
    assert kind_of(station) is EmissionKind.BROADCAST
    assert station.freq_hz == pytest.approx(98e6 - 90e3, abs=25e3)


@pytest.mark.parametrize("below_db", [0.0, 2.0, 6.0])
@pytest.mark.parametrize("cnr_db", [8.0, 12.0, 30.0])
def test_two_mono_broadcasts_on_one_channel_are_a_broadcast(cnr_db: float, below_db: float) -> None:
    music = FmBroadcast(programme="music", stereo=False)
    look = _look(Sent(100e3, cnr_db, PIRATES["an advert"]), Sent(101e3, cnr_db - below_db, music, 2))
    assert [kind_of(station) for station in look.stations] == [EmissionKind.BROADCAST]


@pytest.mark.parametrize("cnr_db", [12.0, 20.0, 35.0])
@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (_moved(_voice), EmissionKind.NARROW),
        (_side_by_side(-30e3, 0.0, 25e3), EmissionKind.NARROW),
        (_moved(_keyed(1200.0, 3e3)), EmissionKind.NARROW),
        (_moved(_keyed(9600.0, 30e3)), EmissionKind.DATA),
        (_moved(_keyed(100e3, 50e3)), EmissionKind.DATA),
        (_moved(_steps_of_noise), EmissionKind.DATA),
    ],
    ids=["voice", "voices side by side", "slow keying", "wide keying", "fast keying", "as slow and soft as sound"],
)
def test_other_services_are_no_stations_and_are_told(source: Source, kind: EmissionKind, cnr_db: float) -> None:
    look = _look(Sent(-150e3, cnr_db, source), seconds=0.5)
    assert look.stations == ()
    assert {kind_of(other) for other in look.others} == {kind}
    (told, *_) = StationMemory().describe_others(look)
    assert told.kind == kind.value
    assert told.freq_hz == pytest.approx(98e6 - 150e3, abs=40e3)


def test_a_carrier_alone_is_told_as_one() -> None:
    look = _look(Sent(-150e3, 30, FmBroadcast(programme="silence", stereo=False)), seconds=0.5)
    (station,) = StationMemory().describe(look)
    assert station.kind == "carrier"
