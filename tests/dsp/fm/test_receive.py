"""Windows in, stations out: made stations of `recordings.fm`, a receiver's own faults, and nothing at all."""

import dataclasses

import numpy as np
import pytest

from dsp.errors import BadRate, BlockTooShort
from dsp.fm.look import FmLook, FmReception
from dsp.fm.rds_fields import RdsFields
from dsp.fm.receive import receive_fm
from dsp.iq import IqBlock
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, bare, digital, make_window, rds

SPEECH = FmBroadcast(programme="speech", rds=rds(0x1001))
MUSIC = FmBroadcast(programme="music", rds=rds(0x1002))
MONO = FmBroadcast(programme="advert_loop", stereo=False)
SILENT = FmBroadcast(programme="silence", rds=rds(0x1003))
OFF = FmBroadcast(programme="silence", stereo=False)


def _offsets_khz(look: FmLook) -> list[int]:
    return [round((station.freq_hz - CENTRE_HZ) / 1e3) for station in look.stations]


def _pi(station: FmReception) -> int | None:
    pi = RdsFields().take(station.multiplex.rds.groups).pi
    return pi.most_common(1)[0][0] if pi else None


def test_every_kind_of_station_is_found_where_it_is_and_read() -> None:
    sent = [Sent(-900e3, 30, SPEECH), Sent(-500e3, 30, MUSIC), Sent(-137e3, 30, MONO), Sent(300e3, 30, SILENT)]
    look = receive_fm(make_window(sent, seconds=1.0))
    assert _offsets_khz(look) == [-900, -500, -137, 300]
    assert [_pi(station) for station in look.stations] == [0x1001, 0x1002, None, 0x1003]
    assert [station.multiplex.pilot is not None for station in look.stations] == [True, True, False, True]
    assert look.stations[3].multiplex.silence_share == 1.0


def test_level_and_cnr_are_those_sent() -> None:
    look = receive_fm(make_window([Sent(-400e3, 35, SPEECH), Sent(400e3, 12, MUSIC)], seconds=0.5))
    assert [round(station.carrier.cnr_db) for station in look.stations] == [35, 12]
    assert [round(station.carrier.level_dbfs) for station in look.stations] == [-35, -58]
    assert look.noise_dbfs_200k == pytest.approx(-70, abs=0.3)


def test_the_envelope_says_how_far_the_carrier_stands_over_the_rest() -> None:
    look = receive_fm(make_window([Sent(-400e3, 30, SPEECH), Sent(400e3, 15, MUSIC)], seconds=0.5))
    for station, cnr_db in zip(look.stations, (30, 15), strict=True):
        assert station.sinr_db == pytest.approx(cnr_db - 1, abs=1.0)  # its channel is 240 to 280 kHz wide


@pytest.mark.parametrize("below_db", [10, 15, 20])
def test_a_station_200_khz_beside_one_20_db_stronger_is_read(below_db: float) -> None:
    look = receive_fm(make_window([Sent(100e3, 45, MUSIC), Sent(300e3, 45 - below_db, SPEECH)], seconds=1.0))
    assert _offsets_khz(look) == [100, 300]
    assert [_pi(station) for station in look.stations] == [0x1002, 0x1001]


@pytest.mark.parametrize("below_db", [0, 10])
def test_two_stations_100_khz_apart_are_two_and_state_no_deviation(below_db: float) -> None:
    look = receive_fm(make_window([Sent(0, 40, SPEECH), Sent(100e3, 40 - below_db, MUSIC)], seconds=1.0, rate_hz=1.2e6))
    assert _offsets_khz(look) in ([0, 100], [0, 99])
    assert _pi(look.stations[0]) == 0x1001
    assert look.stations[1].multiplex.pilot is not None
    assert [station.multiplex.modulation.reason for station in look.stations] == ["neighbour"] * 2


def test_two_stations_on_one_frequency_stay_one_and_its_envelope_says_so() -> None:
    look = receive_fm(make_window([Sent(0, 40, SPEECH), Sent(2e3, 35, MUSIC)], seconds=1.0, rate_hz=1.2e6))
    assert _offsets_khz(look) == [0]
    sinr_db = look.stations[0].sinr_db
    assert sinr_db is not None
    assert sinr_db < 10


def test_a_pirate_between_two_licensed_channels_is_found() -> None:
    sent = [Sent(-200e3, 40, SPEECH), Sent(0.0, 22, MONO), Sent(200e3, 40, MUSIC)]
    look = receive_fm(make_window(sent, seconds=1.0))
    assert _offsets_khz(look) == [-200, 0, 200]


def test_a_station_at_6_db_is_found_in_two_seconds() -> None:
    found = 0
    for seed in range(4):
        sent = [Sent(-400e3 + 37e3 * seed, 6, MUSIC, seed), Sent(400e3 - 41e3 * seed, 6, MONO, seed)]
        found += len(receive_fm(make_window(sent, seconds=2.0, rate_hz=1.2e6, seed=seed)).stations)
    assert found == 8


def test_noise_dc_and_rails_hold_no_station() -> None:
    for seed in range(5):
        assert receive_fm(make_window([], seconds=1.0, seed=seed, dc=0.05 + 0.02j, roll_off=0.42)).stations == ()


def test_an_image_is_no_station_and_hides_none() -> None:
    sent = [Sent(400e3, 50, MUSIC), Sent(-700e3, 45, SPEECH)]
    look = receive_fm(make_window(sent, seconds=1.0, image_db=-28))
    assert _offsets_khz(look) == [-700, 400]
    look = receive_fm(make_window([*sent, Sent(700e3, 25, MONO)], seconds=1.0, image_db=-28))
    assert _offsets_khz(look) == [-700, 400, 700]


def test_a_digital_signal_is_no_station() -> None:
    look = receive_fm(make_window([Sent(400e3, 30, digital), Sent(-400e3, 30, SPEECH)], seconds=0.5))
    assert _offsets_khz(look) == [-400]
    assert look.rejected == {"no_steady_carrier": 1}


def test_a_weak_line_is_a_spur_and_a_strong_one_a_silent_carrier() -> None:
    look = receive_fm(make_window([Sent(-450e3, 15, bare), Sent(400e3, 30, OFF)], seconds=0.5))
    assert _offsets_khz(look) == [400]
    assert look.rejected == {"bare_line": 1}
    occupied_hz = look.stations[0].carrier.occupied_hz
    assert occupied_hz is not None
    assert occupied_hz < 10e3


def test_a_line_at_a_multiple_of_the_crystal_is_never_a_station() -> None:
    block = make_window([Sent(400e3, 40, bare)], seconds=0.5)
    look = receive_fm(dataclasses.replace(block, centre_hz=3 * 28.8e6 - 400e3 + 2e3))
    assert look.stations == ()
    assert look.rejected == {"crystal_spur": 1}


def test_a_silent_station_with_its_pilot_is_found_however_weak() -> None:
    look = receive_fm(make_window([Sent(400e3, 8, SILENT)], seconds=1.0))
    assert _offsets_khz(look) == [400]
    assert look.stations[0].multiplex.pilot is not None


def test_a_loud_tone_that_splits_its_spectrum_is_one_station() -> None:
    tone = FmBroadcast(programme="tone", stereo=False, tone_hz=400.0)
    look = receive_fm(make_window([Sent(300e3, 35, tone)], seconds=0.5))
    assert _offsets_khz(look) == [300]


def test_a_narrow_window_holds_its_one_station() -> None:
    look = receive_fm(make_window([Sent(10e3, 30, SPEECH)], seconds=1.0, rate_hz=250e3))
    assert _offsets_khz(look) == [10]
    assert _pi(look.stations[0]) == 0x1001


def test_what_is_no_signal_gives_no_station_and_no_exception() -> None:
    count = 480_000
    good = make_window([Sent(300e3, 30, SPEECH)], seconds=0.2)
    spoilt = good.samples.copy()
    spoilt[1000:1010] = np.nan
    spoilt[2000] = np.inf
    nothing = (
        np.zeros(count, np.complex64),
        np.full(count, np.nan, np.complex64),
        np.full(count, 0.3 + 0.1j, np.complex64),
        np.sign(np.random.default_rng(1).standard_normal(2 * count)).astype(np.float32).view(np.complex64),
        np.full(count, 1e30, np.complex64),
    )
    for samples in nothing:
        assert receive_fm(IqBlock(samples, 2.4e6, CENTRE_HZ)).stations == ()
    assert _offsets_khz(receive_fm(dataclasses.replace(good, samples=spoilt))) == [300]


def test_a_clipped_window_gives_no_deviation() -> None:
    block = make_window([Sent(300e3, 35, SPEECH)], seconds=1.0)
    look = receive_fm(dataclasses.replace(block, clipped_samples=len(block.samples) // 50))
    assert look.clipped_share == pytest.approx(0.02, abs=1e-4)
    assert [station.multiplex.modulation.reason for station in look.stations] == ["clipped"]


def test_an_overloaded_converter_makes_no_stations() -> None:
    sent = [Sent(-700e3, 55, MUSIC), Sent(-300e3, 52, SPEECH, 2), Sent(450e3, 50, MUSIC, 3)]
    block = make_window(sent, seconds=1.0)
    parts = (block.samples * np.float32(5.0)).view(np.float32)
    clipped = int((np.abs(parts).reshape(-1, 2).max(axis=1) >= 1).sum())
    samples = np.clip(parts, -1, 1).view(np.complex64)
    look = receive_fm(dataclasses.replace(block, samples=samples, clipped_samples=clipped))
    assert look.clipped_share is not None
    assert look.clipped_share > 0.1
    assert _offsets_khz(look) == [-700, -300, 450]
    assert {station.multiplex.modulation.reason for station in look.stations} == {"clipped"}


def test_too_little_is_refused_with_its_numbers() -> None:
    with pytest.raises(BlockTooShort):
        receive_fm(IqBlock(np.ones(1000, np.complex64), 2.4e6, CENTRE_HZ))
    with pytest.raises(BadRate):
        receive_fm(IqBlock(np.ones(100_000, np.complex64), 150e3, CENTRE_HZ))
    with pytest.raises(BadRate):
        receive_fm(IqBlock(np.ones(100_000, np.complex64), float("nan"), CENTRE_HZ))


@pytest.mark.parametrize("below_db", [0, 14, 20])
@pytest.mark.parametrize("away_hz", [130e3, 167e3])
def test_a_station_off_the_raster_on_the_slope_of_one_20_db_stronger_is_found(away_hz: float, below_db: float) -> None:
    look = receive_fm(make_window([Sent(-50e3, 45, MUSIC), Sent(-50e3 + away_hz, 45 - below_db, MONO)], seconds=1.0))
    assert len(look.stations) == 2
    assert look.stations[1].freq_hz - CENTRE_HZ == pytest.approx(-50e3 + away_hz, abs=5e3)


def test_an_over_deviating_station_alone_is_one() -> None:
    over = FmBroadcast(programme="music", stereo=False, peak_deviation_hz=130e3, loudness_db=12.0)
    assert _offsets_khz(receive_fm(make_window([Sent(100e3, 45, over)], seconds=1.0))) == [100]
