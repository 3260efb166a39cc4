import msgspec

from dsp.signatures.licences import FmLicence, Licences
from fusion.licences import contradicts, holder, nearest, on_channel

HILL = FmLicence(freq_hz=97.4e6, name="Hill", pi=0x8341, lat_deg=30.6, lon_deg=114.3)
HILL_RELAY = FmLicence(freq_hz=97.4e6, name="Hill relay", pi=0x8541, lat_deg=30.7, lon_deg=114.5)
TOWN = FmLicence(freq_hz=97.4e6, name="Town", pi=0x4999, lat_deg=31.6, lon_deg=115.3)
NEXT = FmLicence(freq_hz=97.5e6, name="Next")
LIST = Licences(fm=(TOWN, NEXT, HILL, HILL_RELAY))


def test_a_channel_is_50_khz_either_side_and_the_nearest_frequency_comes_first():
    assert [each.name for each in on_channel(LIST, 97.46e6)] == ["Next"]
    assert on_channel(LIST, 97.449e6)[0].name == "Hill"
    assert on_channel(LIST, 97.3e6) == ()


def test_the_nearest_licence_is_found_however_far():
    found = nearest(LIST, 88e6)
    assert found is not None
    assert found.freq_hz == 97.4e6
    assert nearest(Licences(), 88e6) is None


def test_the_pi_decides_between_two_licences_of_a_channel_and_without_one_it_is_ambiguous():
    by_pi, unknown = holder(LIST, 97.4e6, pi=0x4999), holder(LIST, 97.4e6)
    assert by_pi is not None
    assert unknown is not None
    assert (by_pi.licence.name, by_pi.ambiguous) == ("Town", False)
    assert unknown.ambiguous


def test_where_it_was_heard_decides_when_nothing_else_does():
    found = holder(LIST, 97.4e6, near=(31.6, 115.3))
    assert found is not None
    assert found.licence.name == "Town"


def test_sites_of_one_programme_are_a_network_and_not_ambiguous():
    only_hill = msgspec.structs.replace(LIST, fm=(HILL, HILL_RELAY))
    found = holder(only_hill, 97.4e6)
    assert found is not None
    assert {each.name for each in found.network} == {"Hill", "Hill relay"}
    assert not found.ambiguous


def test_nobody_holds_an_empty_channel():
    assert holder(LIST, 98.3e6) is None


def test_a_pi_contradicts_only_a_channel_whose_pis_are_all_known():
    assert contradicts(0x1234, (HILL, TOWN))
    assert not contradicts(0x8241, (HILL, TOWN))  # a regional variant
    assert not contradicts(0x1234, (HILL, NEXT))
    assert not contradicts(None, (HILL,))
    assert not contradicts(0x1234, ())
