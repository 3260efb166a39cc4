from datetime import UTC, datetime

import numpy as np
import pytest

from dsp.fm.rds import decode_bits
from dsp.fm.rds_blocks import Group
from dsp.fm.rds_fields import RdsFields
from tests.dsp.fm.made_groups import Words, bits_of, clock_group, name_groups, text_groups


def _fields(groups: list[Words]) -> RdsFields:
    return RdsFields().take(decode_bits(bits_of(groups)).groups)


def test_name_text_type_and_frequencies_are_read() -> None:
    af = (224 + 1) << 8 | 11
    fields = _fields(name_groups(0x9331, b"93XRT   ", af=af, ta=1) + text_groups(0x9331, b"BLACK GOLD"))
    assert fields.pi.most_common(1)[0][0] == 0x9331
    assert fields.last_name == "93XRT   "
    assert fields.last_text == "BLACK GOLD"
    assert (fields.tp.value, fields.ta.value, fields.pty_now.value, fields.music.value) == (True, True, 5, False)
    assert set(fields.frequencies_hz) == {88.6e6}


def test_clock_time_is_utc() -> None:
    fields = _fields(name_groups(1, b"A" * 8) * 2 + [clock_group(1, mjd=60310, hour=23, minute=59)])
    assert fields.clock_time_utc_ns == int(datetime(2024, 1, 1, 23, 59, tzinfo=UTC).timestamp()) * 10**9
    assert fields.clock.offset_s.value == 0


@pytest.mark.parametrize(("half_hours", "offset_s"), [(16, 28_800), (-7, -12_600)])
def test_local_time_is_an_offset_in_half_hours(half_hours: int, offset_s: int) -> None:
    group = clock_group(1, mjd=60310, hour=1, minute=2, half_hours=half_hours)
    assert RdsFields().take([Group(0, group, False)]).clock.offset_s.value == offset_s


@pytest.mark.parametrize(("hour", "minute", "half_hours"), [(24, 0, 0), (3, 60, 0), (3, 3, 29), (3, 3, -31)])
def test_a_time_no_clock_shows_is_refused(hour: int, minute: int, half_hours: int) -> None:
    group = clock_group(1, mjd=60310, hour=hour, minute=minute, half_hours=half_hours)
    assert RdsFields().take([Group(0, group, False)]).clock_time_utc_ns is None


def test_one_clock_far_from_the_others_is_not_believed() -> None:
    times = [(60310, 10, 0), (60310, 10, 1), (71234, 4, 4), (60310, 10, 2)]
    groups = [Group(0, clock_group(1, mjd=d, hour=h, minute=m), False) for d, h, m in times]
    clock = RdsFields().take(groups).clock
    assert (clock.time_utc_ns, clock.times) == (int(datetime(2024, 1, 1, 10, 2, tzinfo=UTC).timestamp()) * 10**9, 3)


def test_a_scrolling_name_is_never_mixed_from_two() -> None:
    first, second = name_groups(7, b"RADIO ZE"), name_groups(7, b"22:00   ")
    fields = _fields((first + second) * 4 + first[:2] + second[1:])
    assert set(fields.names) == {"RADIO ZE", "22:00   "}


def test_a_name_heard_in_scraps_is_put_together_once_each_part_came_twice() -> None:
    parts = name_groups(7, b"DEEJAY  ")
    fields = RdsFields().take(Group(0, parts[i], False) for i in (0, 2, 0, 3, 2, 0, 1, 3, 2, 0, 1))
    assert fields.last_name == "DEEJAY  "


def test_a_text_without_an_end_ends_where_it_starts_again() -> None:
    groups = [(7, 2 << 12 | i, 0x4142, 0x4344) for i in range(3)] * 4
    assert RdsFields().take(Group(0, g, False) for g in groups).last_text == "ABCD" * 3


def test_a_text_whose_end_is_often_lost_is_not_cut_short() -> None:
    rng = np.random.default_rng(7)
    text = [(*group[:2], 0x4141 + i, 0x4242 + i) for i, group in enumerate(text_groups(7, b"x" * 20))][:5]
    for _ in range(30):
        heard = [Group(0, g, False) for g in text * 40 if rng.random() < 0.5]
        assert {len(t) for t in RdsFields().take(heard).texts} <= {20}


def test_a_new_text_does_not_keep_the_end_of_the_old() -> None:
    old, new = text_groups(7, b"OLD TEXT THAT IS LONG"), text_groups(7, b"NEW TEXT THAT IS LONG", flag_b=1)
    fields = RdsFields().take(Group(0, g, False) for g in old[3:] + new[:3] + old[3:] + new)
    assert set(fields.texts) == {"NEW TEXT THAT IS LONG"}


def test_two_texts_in_turn_are_each_put_together_over_several_turns() -> None:
    one, two = text_groups(7, b"THE FIRST OF TWO TEXTS"), text_groups(7, b"AND HERE IS THE SECOND", flag_b=1)
    turns = [one[1:], two[:-1], one[:3] + one[4:], two[1:], one, two]
    fields = RdsFields().take(Group(0, g, False) for turn in turns for g in turn)
    assert set(fields.texts) == {"THE FIRST OF TWO TEXTS", "AND HERE IS THE SECOND"}
    early = RdsFields().take(Group(0, g, False) for turn in turns[:4] for g in turn)
    assert set(early.texts) == {"THE FIRST OF TWO TEXTS", "AND HERE IS THE SECOND"}


def test_a_group_with_a_lost_second_block_still_names_its_station() -> None:
    fields = RdsFields().take([Group(0, (0x9331, None, 1, 2), False)])
    assert dict(fields.pi) == {0x9331: 1}
    assert fields.kinds == {}
