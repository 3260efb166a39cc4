from dsp.fm.rds_blocks import Group
from dsp.fm.rds_fields import RdsFields
from dsp.fm.rds_own import own_groups, regional_variant
from dsp.fm.rds_station import other_pis
from tests.dsp.fm.made_groups import Words, name_groups


def _groups(*words: Words) -> list[Group]:
    return [Group(0, each, False) for each in words]


def test_a_regional_variant_differs_in_the_second_digit_only() -> None:
    assert regional_variant(0x283C, 0x233C)
    assert not regional_variant(0x283C, 0x283D) and not regional_variant(0x283C, 0x383C)


def test_two_stations_in_one_look_do_not_mix_their_names() -> None:
    a, b = name_groups(0x1001, b"STATIONA", ta=1), name_groups(0x2002, b"STATIONB")
    mixed = _groups(*(a * 2)[:7], *b, a[3], *a)
    fields = RdsFields().take(mixed)
    assert set(fields.names) == {"STATIONA"}
    assert fields.ta.value is True
    assert other_pis(mixed, 0x1001) == (0x2002,)


def test_groups_without_a_pi_belong_to_those_around_them() -> None:
    a, b = name_groups(0x1001, b"STATIONA"), name_groups(0x2002, b"STATIONB")
    lost = [Group(0, (None, *each[1:]), False) for each in a[:1] + b[:1]]
    own = own_groups([*_groups(a[0]), lost[0], *_groups(a[1], b[0]), lost[1], *_groups(b[1], a[2])], 0x1001)
    assert [group.words for group in own] == [a[0], lost[0].words, a[1], a[2]]


def test_a_regional_pi_slipped_in_is_the_same_programme() -> None:
    a, b = name_groups(0x283C, b"CRo REG "), name_groups(0x233C, b"CRo REG ")
    fields = RdsFields().take(_groups(*a[:2], *b[2:], *a, *a))
    assert fields.names == {"CRo REG ": 3}
    assert fields.pi.most_common(1)[0][0] == 0x283C


def test_zeros_of_a_faulty_coder_are_left_out() -> None:
    a, zero = name_groups(0xE220, b"P4 MALMO"), name_groups(0x0000, b"XXXXXXXX")
    fields = RdsFields().take(_groups(*a, zero[0], *a, zero[3], *a))
    assert set(fields.names) == {"P4 MALMO"}
    assert other_pis(_groups(zero[0], zero[1]), 0xE220) == ()
