"""Noise that rises, with and without a new cell."""

import pytest

from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.noise_memory import Noise, NoiseRecord, with_noise
from dsp.signatures.registry import judge_gsm
from tests.dsp.signatures.made import LAW, MINUTE, cell, network, rogue

EVERY_NS = 10 * MINUTE


def noise(dbfs: float, centre_hz: float = 945e6, gain_db: float = 30.0) -> Noise:
    return Noise(centre_hz=centre_hz, rate_hz=2.4e6, gain_db=gain_db, dbfs_200k=dbfs)


def watched(*looks: tuple[float, bool], every_ns: int = EVERY_NS) -> list[tuple[Finding, ...]]:
    """Looks as (noise, whether the rogue is there)."""
    history, all_found = SiteHistory(), []
    for number, (dbfs, there) in enumerate(looks):
        cells = (*network(), rogue()) if there else network()
        now_ns = number * every_ns
        found = judge_gsm(cells, history, Licences(), now_ns=now_ns, noise=noise(dbfs), **LAW)
        history = history.with_look(cells, now_ns=now_ns, findings=found, noise=noise(dbfs))
        all_found.append(found)
    return all_found


def named(found: tuple[Finding, ...], name: str) -> list[Finding]:
    return [f for f in found if f.name == name]


QUIET = [(-70.0, False), (-71.0, False), (-69.0, False), (-70.0, False)]


def test_a_new_cell_as_the_noise_rises_is_told_for_a_while():
    *_, last = watched(*QUIET, (-60.0, True))
    (told,) = named(last, "gsm_jam_then_gsm")
    assert told.about == 5
    assert told.evidence["rise_db"] == 10.0
    assert not named(last, "gsm_noise_rise")


def test_a_new_cell_alone_and_an_old_one_under_noise_are_innocent():
    *_, last = watched(*QUIET, (-70.0, True))
    assert not named(last, "gsm_jam_then_gsm")
    *_, last = watched(*[(dbfs, True) for dbfs, _ in QUIET], (-60.0, True))
    assert not named(last, "gsm_jam_then_gsm")


def test_noise_without_a_new_cell_is_about_the_look():
    *_, last = watched(*QUIET, (-60.0, False), (-61.0, False))
    (told,) = named(last, "gsm_noise_rise")
    assert told.about is None
    assert told.evidence["freq_mhz"] == 945.0
    assert told.evidence["minutes"] == 10.0


def test_little_noise_and_a_sensor_that_just_began_are_no_rise():
    *_, last = watched(*QUIET, (-65.0, False))
    assert not named(last, "gsm_noise_rise")
    *_, last = watched((-70.0, False), (-60.0, False))
    assert not named(last, "gsm_noise_rise")


def test_windows_and_gains_are_kept_apart():
    assert len({noise(-70.0).key, noise(-70.0, centre_hz=947e6).key, noise(-70.0, gain_db=20.0).key}) == 3


def test_what_lasts_for_hours_is_the_new_usual_and_what_falls_back_is_over():
    record: NoiseRecord | None = None
    for step in range(4):
        record = with_noise(record, noise(-70.0), step * EVERY_NS)
    risen = with_noise(record, noise(-58.0), 4 * EVERY_NS)
    assert (risen.rose_ns, risen.rise_db) == (4 * EVERY_NS, 12.0)
    assert with_noise(risen, noise(-70.0), 5 * EVERY_NS).rose_ns is None
    for step in range(5, 45):
        risen = with_noise(risen, noise(-58.0), step * EVERY_NS)
    assert risen.rose_ns is None
    assert risen.usual_dbfs == pytest.approx(-58.0)


def test_a_look_without_a_measured_noise_says_nothing():
    found = judge_gsm((cell(),), SiteHistory(), Licences(), now_ns=0, **LAW)
    assert not named(found, "gsm_noise_rise")
