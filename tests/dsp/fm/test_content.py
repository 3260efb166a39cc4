import numpy as np
import pytest

from dsp.fm.content import ContentShares, content_shares
from dsp.fm.look import FmLook
from dsp.fm.receive import receive_fm
from dsp.fm.station import StationMemory
from recordings.fm.spec import FmBroadcast, ProgrammeKind
from tests.dsp.fm.made_window import Sent, make_window

RATE_HZ = 8e3


def _look(kind: ProgrammeKind, *, cnr_db: float, programme: int, seconds: float = 3.0) -> FmLook:
    sent = Sent(20e3, cnr_db, FmBroadcast(programme=kind, programme_seed=programme))
    return receive_fm(make_window([sent], seconds=seconds, rate_hz=300e3, first_s=7.0, seed=programme))


def _shares(kind: ProgrammeKind, *, cnr_db: float, programme: int) -> ContentShares:
    (station,) = _look(kind, cnr_db=cnr_db, programme=programme).stations
    assert station.multiplex.content is not None
    return station.multiplex.content


@pytest.mark.parametrize("cnr_db", [15, 40])
def test_speech_and_music_of_another_maker_are_told_apart_through_the_whole_receiver(cnr_db: float) -> None:
    for programme in (1, 2):
        speech = _shares("speech", cnr_db=cnr_db, programme=programme)
        music = _shares("music", cnr_db=cnr_db, programme=programme)
        assert speech.speech > 0.5
        assert speech.music < 0.1
        assert music.music > 0.8
        assert music.speech < 0.1


def test_a_silent_carrier_is_silence_and_the_four_shares_are_the_whole_time() -> None:
    shares = _shares("silence", cnr_db=30, programme=1)
    assert shares.silence == pytest.approx(1.0, abs=0.02)
    for each in (shares, _shares("speech", cnr_db=20, programme=3)):
        assert each.speech + each.music + each.silence + each.unknown == pytest.approx(1.0)


def test_a_test_tone_and_hiss_are_no_programme_of_either_kind() -> None:
    chance = np.random.default_rng(1)
    tone = 50e3 * np.sin(2 * np.pi * 1000 * np.arange(24000) / RATE_HZ) + 20 * chance.standard_normal(24000)
    for sound in (tone, 5e3 * chance.standard_normal(24000)):
        shares = content_shares(sound.astype(np.float32), RATE_HZ, noise_hz=20.0)
        assert shares is not None
        assert shares.unknown > 0.9


def test_under_noise_nothing_is_claimed_of_the_sound() -> None:
    chance = np.random.default_rng(2)
    sound = (3e3 * chance.standard_normal(24000) * (np.arange(24000) % 2000 < 1200)).astype(np.float32)
    shares = content_shares(sound, RATE_HZ, noise_hz=2e3)
    assert shares is not None
    assert (shares.speech, shares.music, shares.silence) == (0, 0, 0)


def test_less_than_a_second_is_not_judged() -> None:
    assert content_shares(np.ones(7000, np.float32), RATE_HZ, noise_hz=0.0) is None
    (station,) = _look("speech", cnr_db=30, programme=1, seconds=0.7).stations
    assert station.multiplex.content is None


def test_a_sensor_reports_the_shares_beside_the_silence() -> None:
    (station,) = StationMemory().describe(_look("music", cnr_db=30, programme=2))
    assert station.music_share is not None
    assert station.speech_share is not None
    assert station.unknown_share is not None
    assert station.music_share > 0.8
