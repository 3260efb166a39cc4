from dataclasses import replace

import numpy as np
import pytest

from dsp.fm.receive import receive_fm
from recordings.fm.spec import FmBroadcast
from tests.dsp.fm.made_window import CENTRE_HZ, Sent, make_window, rds
from tests.dsp.fm.services import with_services

STRONG = FmBroadcast(programme="music", rds=rds())


def offsets_hz(sent, **faults):
    look = receive_fm(make_window(sent, seconds=1.0, rate_hz=1.2e6, seed=4, **faults))
    return sorted(station.freq_hz - CENTRE_HZ for station in look.stations)


@pytest.mark.parametrize(("away_hz", "below_db"), [(100e3, 17), (100e3, 30), (75e3, 17), (60e3, 14)])
def test_a_weak_station_under_a_strong_ones_sidebands_is_a_station(away_hz, below_db):
    weak = FmBroadcast(programme="speech", stereo=False)
    heard = offsets_hz([Sent(-20e3, 45, STRONG, 61), Sent(away_hz - 20e3, 45 - below_db, weak, 62)])
    assert heard == pytest.approx([-20e3, away_hz - 20e3], abs=8e3)


def test_its_rds_is_read_too():
    weak = FmBroadcast(programme="speech", rds=rds(0x4321))
    sent = [Sent(-20e3, 45, STRONG, 63), Sent(80e3, 25, weak, 64)]
    stations = receive_fm(make_window(sent, seconds=1.5, rate_hz=1.2e6, seed=5)).stations
    assert [s.multiplex.combined_pi and s.multiplex.combined_pi.pi for s in stations] == [0x1234, 0x4321]


def test_a_weak_station_squeezed_between_two_is_a_station():
    weak = FmBroadcast(programme="speech", stereo=False)
    others = [Sent(-97e3, 45, STRONG, 65), Sent(103e3, 43, FmBroadcast(programme="speech", rds=rds(2)), 66)]
    heard = offsets_hz([*others, Sent(5e3, 25, weak, 67)])
    assert heard == pytest.approx([-97e3, 5e3, 103e3], abs=8e3)


@pytest.mark.parametrize("deviation_hz", [7e3, 15e3])
def test_services_above_the_multiplex_are_no_stations(deviation_hz):
    assert len(offsets_hz([Sent(30e3, 45, with_services(STRONG, deviation_hz))])) == 1


def test_a_station_by_three_paths_is_one():

    window = make_window([Sent(30e3, 50, STRONG, 68)], seconds=1.0, rate_hz=1.2e6, seed=6)
    late = np.zeros_like(window.samples)
    for n, gain in ((6, 0.5j), (14, -0.3 + 0.1j)):
        late[n:] += np.complex64(gain) * window.samples[:-n]
    assert len(receive_fm(replace(window, samples=window.samples + late)).stations) == 1
