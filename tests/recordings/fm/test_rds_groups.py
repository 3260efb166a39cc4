from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest

from recordings.fm.rds_groups import GROUP_S, GroupSchedule, af_codes, encoded
from recordings.fm.spec import Rds
from recordings.transmitter import FieldOutOfRange

STATION = Rds(pi=0x9331, ps="93XRT", rt="Now: <script>alert(1)</script>", pty=5, tp=True, af_hz=(93.1e6, 99.5e6))


def groups(rds: Rds, count: int, *, stereo: bool = True) -> list[tuple[int, int, int, int]]:
    schedule = GroupSchedule(rds, stereo=stereo)
    return [schedule.group(k) for k in range(count)]


def kind(group) -> int:
    return group[1] >> 12


def test_every_group_carries_pi_tp_and_pty() -> None:
    for group in groups(STATION, 50):
        assert group[0] == 0x9331 and group[1] >> 10 & 1 == 1 and group[1] >> 5 & 31 == 5


def test_the_station_name_is_spelled_in_four_segments() -> None:
    name = bytearray(8)
    for group in groups(STATION, 20):
        if kind(group) == 0:
            name[2 * (group[1] & 3) : 2 * (group[1] & 3) + 2] = group[3].to_bytes(2, "big")
    assert bytes(name) == b"93XRT   "


def test_the_radio_text_ends_with_a_carriage_return() -> None:
    text = bytearray(64)
    for group in groups(STATION, 60):
        if kind(group) == 2:
            at = 4 * (group[1] & 15)
            text[at : at + 4] = group[2].to_bytes(2, "big") + group[3].to_bytes(2, "big")
    assert bytes(text).split(b"\r")[0].decode() == STATION.rt


def test_a_text_of_64_letters_needs_no_end() -> None:
    said = groups(Rds(pi=1, rt="x" * 64), 200)
    assert {g[1] & 15 for g in said if kind(g) == 2} == set(range(16))


def test_a_station_without_text_sends_names_only() -> None:
    assert {kind(g) for g in groups(Rds(pi=1, ps="A"), 40)} == {0}


def test_alternative_frequencies_start_with_their_count() -> None:
    assert af_codes((93.1e6, 99.5e6)) == [(226, 56), (120, 205)]
    assert af_codes(()) == [(224, 205)]
    assert {g[2] for g in groups(STATION, 20) if kind(g) == 0} == {226 << 8 | 56, 120 << 8 | 205}


def test_the_decoder_bit_says_stereo_in_the_last_segment() -> None:
    for stereo in (True, False):
        bits = {g[1] & 3: g[1] >> 2 & 1 for g in groups(STATION, 20, stereo=stereo) if kind(g) == 0}
        assert bits == {0: 0, 1: 0, 2: 0, 3: int(stereo)}


def test_the_clock_is_told_once_a_minute_as_the_standard_codes_it() -> None:
    """IEC 62106 annex G: MJD 45218 is 1982-09-06."""
    start = datetime(1982, 9, 6, 23, 58, 50, tzinfo=UTC)
    told = [(k, g) for k, g in enumerate(groups(Rds(pi=1, clock_at_start=start), 1600)) if kind(g) == 4]
    assert len(told) == 3  # of 140 s
    for (k, group), (hour, minute, day) in zip(told, [(23, 59, 45218), (0, 0, 45219), (0, 1, 45219)], strict=True):
        word = (group[1] & 3) << 32 | group[2] << 16 | group[3]
        assert (word >> 17, word >> 12 & 31, word >> 6 & 63, word & 63) == (day, hour, minute, 0)
        assert abs((k * GROUP_S + 50) % 60) < 0.1  # §: within 0.1 s of the minute


def test_local_time_is_told_as_an_offset_in_half_hours() -> None:
    for hours, code in ((8, 16), (-3.5, 0b100111)):
        zone = timezone(timedelta(hours=hours))
        clock = datetime(2026, 3, 4, 12, 0, 0, tzinfo=zone)
        group = groups(Rds(pi=1, clock_at_start=clock), 1)[0]
        word = (group[1] & 3) << 32 | group[2] << 16 | group[3]
        assert word & 63 == code
        assert word >> 12 & 31 == clock.astimezone(UTC).hour


def test_a_scrolling_name_shows_each_part_for_its_time() -> None:
    said = groups(Rds(pi=1, ps="CALL", ps_scroll=("138", "0000"), ps_seconds=2.0), 120)
    shown = [g[3] for g in said if g[1] & 3 == 0]
    changes = [k for k in range(1, len(shown)) if shown[k] != shown[k - 1]]
    assert len(set(shown)) == 3
    assert all(abs(4 * GROUP_S * (b - a) - 2.0) < 0.4 for a, b in pairwise(changes))


def test_the_country_code_comes_in_group_1a() -> None:
    said = [g for g in groups(Rds(pi=1, rt="x", ecc=0xE2), 50) if kind(g) == 1]
    assert said and all(g[2] == 0xE2 for g in said)


def test_further_groups_come_in_turn_beside_the_others() -> None:
    further = (("3A", 16, 6, 0xCD46), ("14B", 8, 0, 0x9332))
    said = groups(Rds(pi=0x9331, ps="A", rt="x", pty=5, further_groups=further), 60)
    spelt = [g for g in said if kind(g) not in (0, 2)]
    assert spelt[:2] == [(0x9331, 0x30B0, 6, 0xCD46), (0x9331, 0xE8A8, 0x9331, 0x9332)]
    assert len(spelt) == 10
    assert bytes(g[3] >> 8 for g in said if kind(g) == 0 and g[1] & 3 == 0)[:2] == b"AA"


def test_letters_beyond_ascii_have_their_places() -> None:
    assert encoded("ps", "Kö1", 8) == b"K\x971"
    assert encoded("ps", "a\x07", 8) == b"a\x07"  # hostile: sent as it is


@pytest.mark.parametrize(
    "rds",
    [
        Rds(pi=0x10000),
        Rds(pi=1, pty=32),
        Rds(pi=1, ps="ninechars"),
        Rds(pi=1, rt="x" * 65),
        Rds(pi=1, ps="黑广播"),
        Rds(pi=1, af_hz=(108.1e6,)),
        Rds(pi=1, af_hz=(90e6,) * 26),
        Rds(pi=1, ecc=256),
        Rds(pi=1, further_groups=(("16A", 0, 0, 0),)),
        Rds(pi=1, further_groups=(("3A", 32, 0, 0),)),
    ],
)
def test_what_rds_cannot_say_is_refused(rds: Rds) -> None:
    with pytest.raises(FieldOutOfRange):
        GroupSchedule(rds, stereo=True)
