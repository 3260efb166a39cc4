import numpy as np
import pytest

from dsp.channel_plan import Band
from dsp.channelise import channelise_bands
from dsp.fm.take_off import take_off
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import Sent, make_window, rds

RATE_HZ = 480e3
STRONG = FmBroadcast(programme="music", rds=rds())
WEAK = FmBroadcast(programme="speech", stereo=False)
ECHOES = ((3, 0.25j), (7, -0.12))  # samples late, gain


def channel(sent: list[Sent], echoes: tuple[tuple[int, complex], ...] = ()) -> np.ndarray:
    samples = make_window(sent, seconds=0.5, rate_hz=RATE_HZ, seed=3).samples
    late = [np.complex64(gain) * np.concatenate([np.zeros(n, np.complex64), samples[:-n]]) for n, gain in echoes]
    return np.asarray(samples + sum(late), np.complex64)


def over_all_else_db(samples: np.ndarray, pure: np.ndarray, offset_hz: float) -> float:
    """The pure signal against everything else, in ±45 kHz around it."""
    band = Band(offset_hz, 240e3, 45e3, 75e3)
    own, true = (channelise_bands(each, RATE_HZ, [band])[0].samples for each in (samples, pure))
    share = np.vdot(true, own) / np.vdot(true, true)
    rest = own - share * true
    return float(10 * np.log10(np.vdot(share * true, share * true).real / np.vdot(rest, rest).real))


@pytest.mark.parametrize("echoes", [(), ECHOES], ids=["direct", "by three paths"])
@pytest.mark.parametrize("away_hz", [75e3, 100e3])
def test_what_lies_25_db_under_a_station_shows_without_it(away_hz, echoes):
    weak = Sent(away_hz, 20, WEAK, 7)
    both = channel([Sent(0.0, 45, STRONG, 2), weak], echoes)
    pure = channel([weak], echoes)
    (strong,) = take_off(both, RATE_HZ, [0.0], [130e3])
    assert over_all_else_db(both, pure, away_hz) < 0
    assert over_all_else_db(both - strong, pure, away_hz) > 4


def test_both_are_heard_better_without_each_other():
    weak = Sent(100e3, 28, WEAK, 7)
    both, pure = channel([Sent(0.0, 45, STRONG, 2), weak]), channel([weak])
    (once,) = take_off(both, RATE_HZ, [0.0], [130e3])
    strong, _ = take_off(both, RATE_HZ, [0.0, 100e3], [130e3, 60e3], rounds=3)
    better_db = over_all_else_db(both - strong, pure, 100e3) - over_all_else_db(both - once, pure, 100e3)
    assert better_db > 1


def test_a_station_alone_leaves_its_noise():
    alone = channel([Sent(0.0, 45, STRONG, 2)])
    (taken,) = take_off(alone, RATE_HZ, [0.0], [130e3])
    left_db = 10 * np.log10(np.mean(np.abs(alone - taken) ** 2) / np.mean(np.abs(alone) ** 2))
    assert left_db < -45 + 10 * np.log10(RATE_HZ / 200e3) + 1.5
