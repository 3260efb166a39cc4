import datetime

import msgspec

from dsp.signatures.licences import FmLicence, Licences
from fusion.licences import contradicts, holder, on_channel

HILL = FmLicence(freq_hz=97.4e6, name="Hill", pi=0x8341, lat_deg=30.6, lon_deg=114.3)
HILL_RELAY = FmLicence(freq_hz=97.4e6, name="Hill relay", pi=0x8541, lat_deg=30.7, lon_deg=114.5)
TOWN = FmLicence(freq_hz=97.4e6, name="Town", pi=0x4999, lat_deg=31.6, lon_deg=115.3)
NEXT = FmLicence(freq_hz=97.5e6, name="Next")
LIST = Licences(fm=(TOWN, NEXT, HILL, HILL_RELAY))
NOW = 1_763_730_000 * 10**9  # Friday 21 November 2025, 13:00 UTC


def test_a_channel_is_50_khz_either_side_and_the_nearest_frequency_comes_first():
    assert [each.name for each in on_channel(LIST, 97.46e6, now_ns=NOW)] == ["Next"]
    assert on_channel(LIST, 97.449e6, now_ns=NOW)[0].name == "Hill"
    assert on_channel(LIST, 97.3e6, now_ns=NOW) == ()


def test_the_nearest_licence_that_holds_is_found_however_far():
    ran_out = FmLicence(freq_hz=89e6, name="Was", valid_until=datetime.date(2025, 1, 1))
    for freq_hz, nearest_hz in ((88e6, 97.4e6), (97.44e6, 97.4e6), (97.46e6, 97.5e6), (108e6, 97.5e6)):
        found = Licences(fm=(ran_out, *LIST.fm)).nearest(freq_hz, NOW)
        assert found is not None
        assert found.freq_hz == nearest_hz
    assert Licences(fm=(ran_out,)).nearest(88e6, NOW) is None


def test_the_pi_decides_between_two_licences_of_a_channel_and_without_one_it_is_ambiguous():
    by_pi, unknown = holder(LIST, 97.4e6, now_ns=NOW, pi=0x4999), holder(LIST, 97.4e6, now_ns=NOW)
    assert by_pi is not None
    assert unknown is not None
    assert (by_pi.licence.name, by_pi.ambiguous) == ("Town", False)
    assert unknown.ambiguous


def test_where_it_was_heard_decides_when_nothing_else_does():
    found = holder(LIST, 97.4e6, now_ns=NOW, near=(31.6, 115.3))
    assert found is not None
    assert found.licence.name == "Town"


def test_sites_of_one_programme_are_a_network_and_not_ambiguous():
    only_hill = msgspec.structs.replace(LIST, fm=(HILL, HILL_RELAY))
    found = holder(only_hill, 97.4e6, now_ns=NOW)
    assert found is not None
    assert {each.name for each in found.network} == {"Hill", "Hill relay"}
    assert not found.ambiguous


def test_nobody_holds_an_empty_channel():
    assert holder(LIST, 98.3e6, now_ns=NOW) is None


def test_a_pi_contradicts_only_a_channel_whose_pis_are_all_known():
    assert contradicts(0x1234, (HILL, TOWN), LIST)
    assert not contradicts(0x8241, (HILL, TOWN), LIST)  # a regional variant
    assert not contradicts(0x1234, (HILL, NEXT), LIST)
    assert not contradicts(None, (HILL,), LIST)
    assert not contradicts(0x1234, (), LIST)


def test_a_licence_that_ran_out_holds_nothing_and_one_outside_its_hours_only_who_says_its_pi():
    ran_out = msgspec.structs.replace(HILL, valid_until=datetime.date(2025, 11, 20))
    asleep = msgspec.structs.replace(HILL, hours="14:00-24:00")
    assert holder(Licences(fm=(ran_out,)), 97.4e6, now_ns=NOW, pi=0x8341) is None
    assert holder(Licences(fm=(asleep,)), 97.4e6, now_ns=NOW) is None
    assert holder(Licences(fm=(asleep,)), 97.4e6, now_ns=NOW, pi=0x8541) is not None


def test_a_network_of_the_list_is_one_programme_whatever_pis_its_regions_send():
    north = FmLicence(freq_hz=97.4e6, name="North", pi=0x8341, network="one")
    south = FmLicence(freq_hz=97.4e6, name="South", pi=0x4999, network="one")
    relay = FmLicence(freq_hz=88.1e6, name="Relay", network="one")
    whole = Licences(fm=(north, south, relay))
    found = holder(whole, 97.4e6, now_ns=NOW)
    assert found is not None
    assert not found.ambiguous
    assert not contradicts(0x4999, (relay,), whole)
    assert contradicts(0x1234, (relay,), whole)
