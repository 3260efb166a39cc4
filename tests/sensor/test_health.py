import numpy as np
import pytest

from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from hardware.errors import StreamStalled
from sensor.health import DEAF_AFTER_LOOKS, HealthTally, mean_power_db
from sensor.listen import listen
from tests.dsp.signatures.made import LAW
from tests.sensor.made import MadeEars, block, cell
from wire.report import TimeSource


def told(tally: HealthTally):
    return tally.health(
        uptime_s=10.0,
        source=TimeSource.NTP,
        time_sigma_ns=5,
        queue_length=3,
        durable=True,
        temperature_c=44.0,
        more_refused={"outbox_dropped": 4},
    )


def note(tally: HealthTally, *cells, **fields) -> None:
    each = block(**fields)
    tally.note_block(each)
    tally.note_heard(listen(each, MadeEars(cells), SiteHistory(), Licences(), **LAW))


def test_counts_go_on_and_averages_begin_anew():
    tally = HealthTally(radio="made")
    note(tally, lost_samples=50, clipped_samples=500)
    note(tally, clipped_samples=0)
    first = told(tally)
    assert (first.samples_read, first.samples_lost, first.clipped_share) == (2000, 50, 0.25)
    assert first.noise_dbfs_200k == pytest.approx(-60.0)
    assert (first.radio, first.queue_length, first.temperature_c, first.gain_db) == ("made", 3, 44.0, 30.0)
    second = told(tally)
    assert (second.samples_read, second.clipped_share, second.noise_dbfs_200k) == (2000, None, None)


def test_refusals_and_troubles_are_told_by_their_names():
    tally = HealthTally()
    note(tally)
    tally.note_trouble(StreamStalled(radio="made", seconds=3.0))
    assert told(tally).refused == {"WrongProtocol": 2, "StreamStalled": 1, "outbox_dropped": 4}


def test_a_sensor_is_deaf_after_many_looks_with_nothing_and_no_longer_once_it_hears():
    tally = HealthTally()
    assert told(tally).deaf is None
    for _ in range(DEAF_AFTER_LOOKS - 1):
        note(tally)
    assert told(tally).deaf is None
    note(tally)
    assert told(tally).deaf is True
    note(tally, cell())
    assert told(tally).deaf is False


def test_samples_without_any_noise_are_deafness_at_once():
    tally = HealthTally()
    note(tally, cell())
    note(tally, samples=np.full(1000, 0.004 + 0.004j, np.complex64))
    assert told(tally).deaf is True


def test_noise_is_averaged_as_power():
    assert mean_power_db([-60.0, -50.0]) == pytest.approx(-52.6, abs=0.01)
    assert mean_power_db([]) is None
