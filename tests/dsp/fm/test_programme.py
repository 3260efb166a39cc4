import numpy as np
import pytest

from dsp.fm.programme import bit_error_rate, fingerprint, silence_share
from dsp.fm.receive import receive_fm
from recordings.fm.spec import FmBroadcast, ProgrammeKind
from tests.dsp.fm.made_window import Sent, make_window


def _print(kind: ProgrammeKind, programme: int, *, cnr_db: float, first_s: float, seconds: float = 2.0) -> bytes:
    what = FmBroadcast(programme=kind, programme_seed=programme, stereo=programme % 2 == 0)
    block = make_window(
        [Sent(20e3, cnr_db, what)], seconds=seconds, rate_hz=300e3, first_s=first_s, seed=round(cnr_db * 100 + first_s)
    )
    (station,) = receive_fm(block).stations
    assert station.multiplex.programme is not None
    return station.multiplex.programme


@pytest.mark.parametrize("kind", ["speech", "music", "advert_loop"])
def test_two_sensors_hear_the_same_programme_as_the_same(kind: ProgrammeKind) -> None:
    for late_s in (-0.3, -0.11, 0.017, 0.25):
        rate = bit_error_rate(
            _print(kind, 5, cnr_db=40, first_s=10.0), _print(kind, 5, cnr_db=15, first_s=10.0 + late_s)
        )
        assert rate is not None
        assert rate < 0.25


def test_different_programmes_differ_in_nearly_half_the_bits() -> None:
    kinds: tuple[ProgrammeKind, ...] = ("speech", "music", "advert_loop")
    prints = [_print(kind, seed, cnr_db=30, first_s=3.0) for kind in kinds for seed in (1, 2)]
    rates = [bit_error_rate(a, b) for i, a in enumerate(prints) for b in prints[i + 1 :]]
    assert min(rate for rate in rates if rate is not None) > 0.36
    assert len([rate for rate in rates if rate is not None]) == 15


def test_another_minute_of_the_same_station_is_another_programme() -> None:
    rate = bit_error_rate(_print("music", 3, cnr_db=30, first_s=0.0), _print("music", 3, cnr_db=30, first_s=20.0))
    assert rate is not None
    assert rate > 0.36


def test_silence_and_less_than_half_a_second_have_no_fingerprint() -> None:
    assert fingerprint(np.ones(3000, np.float32), 8e3) is None
    assert fingerprint(np.zeros(16000, np.float32), 8e3) is None
    block = make_window([Sent(20e3, 30, FmBroadcast(programme="silence"))], seconds=1.0, rate_hz=300e3)
    assert [station.multiplex.programme for station in receive_fm(block).stations] == [None]


def test_fingerprints_too_short_or_of_another_version_are_not_compared() -> None:
    good = _print("speech", 1, cnr_db=30, first_s=0.0)
    assert bit_error_rate(good, good) == 0
    assert bit_error_rate(good[:20], good) is None
    assert bit_error_rate(b"\x02" + good[1:], good) is None
    assert bit_error_rate(b"", good) is None


def test_silence_is_counted_in_time_and_not_where_noise_hides_it() -> None:
    audio_hz = 5e3 * np.random.default_rng(1).standard_normal(16000).astype(np.float32)
    audio_hz[:4000] = 10.0
    assert silence_share(audio_hz, 8e3, noise_hz=50.0) == pytest.approx(0.25)
    assert silence_share(audio_hz, 8e3, noise_hz=1000.0) is None
