import numpy as np
import pytest

from dsp.fm.carrier_offset import carrier_offset
from dsp.fm.receive import receive_fm
from recordings.fm.multiplex import BLOCK, RATE_HZ, Multiplex
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, make_window

KINDS = {
    "speech": FmBroadcast(programme="speech"),
    "music": FmBroadcast(programme="music"),
    "advert": FmBroadcast(programme="advert_loop", stereo=False),
}


def _looks(broadcast: FmBroadcast, seed: int) -> list[np.ndarray]:
    made = Multiplex(broadcast, seed=seed)
    mpx_hz = np.concatenate([made.block(number) for number in range(round(8 * RATE_HZ / BLOCK))])
    return list(mpx_hz[: len(mpx_hz) // 3 * 3].reshape(3, -1))  # of 2.8 s


@pytest.mark.parametrize("kind", KINDS)
def test_a_lopsided_programme_does_not_move_the_carrier(kind: str) -> None:
    for look in _looks(KINDS[kind], seed=1):
        found = carrier_offset(look + np.float32(321.0), RATE_HZ)
        assert abs(found.offset_hz - 321.0) < 20


def test_sigma_is_true() -> None:
    found = [
        carrier_offset(look, RATE_HZ) for kind in KINDS.values() for seed in (1, 2, 3) for look in _looks(kind, seed)
    ]
    score = np.abs([each.offset_hz / each.sigma_hz for each in found])
    assert np.mean(score < 1) > 0.5
    assert np.mean(score < 3) > 0.9
    assert np.sqrt(np.mean(np.square(score))) > 0.4  # not made large to be safe


@pytest.mark.parametrize("first_s", [0.0, 1.0, 2.0])
def test_a_tone_has_its_carrier_in_its_middle(first_s: float) -> None:
    """Its power never varies: there is nothing to follow down to silence."""
    tone = FmBroadcast(programme="tone", tone_hz=700.0, stereo=False)
    block = make_window([Sent(-300e3, 35, tone)], seconds=2.0, rate_hz=1.2e6, seed=1, first_s=first_s)
    (station,) = receive_fm(block).stations
    assert abs(station.freq_hz - 97.7e6) < station.freq_sigma_hz < 500


@pytest.mark.parametrize("cnr_db", [8.0, 15.0, 25.0])
def test_noise_makes_sigma_larger_and_keeps_it_true(cnr_db: float) -> None:
    silent = FmBroadcast(programme="silence")
    scores = []
    for seed in range(4):
        block = make_window([Sent(24e3, cnr_db, silent)], seconds=2.0, rate_hz=480e3, seed=seed)
        (station,) = receive_fm(block).stations
        placed_hz = round(24e3 * 2.02) / 2.02  # the window is put together from whole bins
        scores.append((station.freq_hz - 98e6 - placed_hz) / station.freq_sigma_hz)
        assert station.freq_sigma_hz < 60
    assert max(map(abs, scores)) < 5


def test_too_short_a_look_says_that_it_does_not_know() -> None:
    assert carrier_offset(np.ones(2000, np.float32), 300e3).sigma_hz == float("inf")
    short = carrier_offset(_looks(KINDS["speech"], 1)[0][: round(0.3 * RATE_HZ)], RATE_HZ)
    assert 0 < short.sigma_hz < 1e4
