import math
from typing import Any

import msgspec
import pytest

from dsp.fm.look import FmLook
from dsp.signatures.finding import EvidenceGroup, Finding
from dsp.signatures.licences import FmLicence, Licences
from tests.wavewarden.fm_made import station
from wavewarden.fm_hearing import FmHeard, Sighting
from wavewarden.fm_ledger import Ledger
from wavewarden.fm_merge import MEANS, merged
from wavewarden.fm_place import NoPlace, Place, kilometres, place, within_reach
from wavewarden.fm_verdict import Verdict, verdict_of

LICENCE = FmLicence(freq_hz=98.1e6, name="A", lat_deg=30.0, lon_deg=104.0)


def heard(*sightings: Sighting, low_hz: float = 97e6, high_hz: float = 99e6, seconds: float = 3.0) -> FmHeard:
    look = FmLook((), -90.0, 98e6, 2.4e6, seconds, 10**18, 0.0, {})
    return FmHeard(look, sightings, low_hz, high_hz)


def sighting(*findings: Finding, licence: FmLicence | None = None, **more: Any) -> Sighting:
    return Sighting(station(**more), findings, licence)


def finding(name: str = "fm_unlicensed", weight_db: float = 30.0) -> Finding:
    return Finding(name=name, version=1, group=EvidenceGroup.LICENCE, weight_db=weight_db)


def test_a_station_is_told_once_when_listened_to_for_long_enough_and_again_when_it_changes():
    ledger = Ledger(listed=True, patience_s=5.0)
    assert ledger.take(heard(sighting(licence=LICENCE))) == []
    (entry,) = ledger.take(heard(sighting(licence=LICENCE)))
    assert (entry.verdict, entry.looks) == (Verdict.LICENSED, 2)
    assert ledger.take(heard(sighting(licence=LICENCE))) == []
    (again,) = ledger.take(heard(sighting(finding("fm_pi_mismatch", 15.0), licence=LICENCE)))
    assert again is entry and again.verdict is Verdict.OTHER and again.times == {"fm_pi_mismatch": 1}
    assert ledger.rest() == []


def test_one_that_was_listened_to_for_much_longer_is_told_at_the_end_with_all_of_it():
    ledger = Ledger(listed=False, patience_s=0.0)
    told = [len(ledger.take(heard(sighting()))) for _ in range(21)]
    assert sum(told) == 1
    (entry,) = ledger.rest()
    assert entry.station.seconds == pytest.approx(63.0) and ledger.rest() == []


def test_the_share_on_air_counts_only_looks_that_would_have_heard_it():
    ledger = Ledger(listed=False, patience_s=0.0)
    for look in (heard(sighting()), heard(), heard(low_hz=100e6, high_hz=102e6), heard(sighting())):
        ledger.take(look)
    (entry,) = ledger.entries
    assert (entry.looks, entry.covered) == (2, 3) and entry.on_air_share == pytest.approx(2 / 3)


def test_two_that_take_turns_on_a_channel_are_two_and_keep_their_own_looks():
    ledger = Ledger(listed=False, patience_s=0.0)
    for pi in (0xC301, 0xB123, 0xC301, 0xC301):
        ledger.take(heard(sighting(pi=pi, pi_groups=30)))
    assert {entry.station.pi: entry.looks for entry in ledger.entries} == {0xC301: 3, 0xB123: 1}
    ledger.take(heard(sighting(freq_hz=98.11e6)))  # without RDS: it is the one heard last
    assert {entry.station.pi: entry.looks for entry in ledger.entries} == {0xC301: 4, 0xB123: 1}


def test_stations_a_hundred_kilohertz_apart_are_two():
    ledger = Ledger(listed=False, patience_s=0.0)
    ledger.take(heard(sighting(freq_hz=98.1e6), sighting(freq_hz=98.2e6)))
    assert [entry.station.freq_hz for entry in ledger.entries] == [98.1e6, 98.2e6]


def test_looks_are_put_together_by_their_length_and_powers_as_powers():
    old = station(seconds=3.0, level_dbfs=-30.0, deviation_hz=60e3, modulation_power_dbr=0.0, rds_groups=30)
    new = station(seconds=1.0, level_dbfs=-40.0, deviation_hz=80e3, modulation_power_dbr=3.0, rds_groups=11)
    both = merged(old, new)
    assert (both.seconds, both.rds_groups) == (4.0, 41)
    assert both.deviation_hz == pytest.approx(65e3)
    assert both.level_dbfs == pytest.approx(10 * math.log10((3e-3 + 1e-4) / 4))
    assert both.modulation_power_dbr == pytest.approx(10 * math.log10((3 + 10**0.3) / 4))


def test_the_better_measured_carrier_counts_for_more_and_disagreement_is_said():
    both = merged(station(98.1e6, freq_sigma_hz=1.0), station(98.1e6 + 2, freq_sigma_hz=2.0))
    assert both.freq_hz - 98.1e6 == pytest.approx(0.4) and both.freq_sigma_hz == pytest.approx(0.894, abs=1e-3)
    apart = merged(station(98.1e6, freq_sigma_hz=1.0), station(98.1e6 + 100, freq_sigma_hz=1.0))
    assert apart.freq_sigma_hz == pytest.approx(50.0)
    assert merged(station(98.1e6, freq_sigma_hz=1.0), station(99e6, freq_sigma_hz=math.inf)).freq_hz == 98.1e6


def test_what_one_look_knows_is_not_lost_to_another_that_does_not():
    old = station(ps="ONE", rt="text", af_hz=(98e6,), pilot_hz=19e3, deviation_hz=60e3)
    both = merged(old, station(deviation_reason="weak"))
    assert (both.ps, both.rt, both.af_hz, both.pilot_hz) == ("ONE", "text", (98e6,), 19e3)
    assert (both.deviation_hz, both.deviation_reason) == (60e3, None)
    assert set(MEANS) <= {field.name for field in msgspec.structs.fields(type(old))}


@pytest.mark.parametrize(
    ("licence", "findings", "listed", "verdict"),
    [
        (LICENCE, [], True, Verdict.LICENSED),
        (None, [finding()], True, Verdict.UNLICENSED),
        (None, [], True, Verdict.UNKNOWN),  # too weak to be judged
        (None, [], False, Verdict.UNKNOWN),
        (LICENCE, [finding("fm_pi_mismatch", 15.0)], True, Verdict.OTHER),
        (LICENCE, [finding("fm_signal_missing", 10.0)], True, Verdict.LICENSED),  # a coder's fault does as much
        (LICENCE, [finding("fm_over_deviation", 15.0)], True, Verdict.LICENSED),  # a fault, being itself
        (None, [finding(), finding("fm_ghost", -15.0)], True, Verdict.GHOST),
        (None, [finding("fm_ghost", -15.0)], False, Verdict.GHOST),
    ],
)
def test_the_verdict_follows_licence_and_findings(licence, findings, listed, verdict):
    assert verdict_of(station(), licence, findings, listed=listed) is verdict


def test_what_says_its_own_name_is_no_ghost():
    said = station(pi=0xB123, pi_groups=10)
    assert verdict_of(said, None, [finding(), finding("fm_ghost", -15.0)], listed=True) is Verdict.UNLICENSED


def test_a_place_is_latitude_first_and_distances_follow_the_globe():
    assert place("30.6, 104.1") == Place(30.6, 104.1) == place("30.6，104.1")
    for said in ("104.1,30.6", "30.6", "a,b", "1,2,3", "nan,1"):
        with pytest.raises(NoPlace):
            place(said)
    assert kilometres(LICENCE, Place(31.0, 104.0)) == pytest.approx(111.2, abs=0.1)  # one degree of latitude
    assert kilometres(LICENCE, None) is None


def test_transmitters_too_far_to_be_heard_do_not_license_a_channel_here():
    nowhere = FmLicence(freq_hz=99e6, name="B")
    listed = Licences(fm=(LICENCE, nowhere))
    assert within_reach(listed, Place(31.0, 104.0)).fm == (LICENCE, nowhere)
    assert within_reach(listed, Place(40.0, 104.0)).fm == (nowhere,)
    assert within_reach(listed, None).fm == (LICENCE, nowhere)
