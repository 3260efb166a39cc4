"""Groups 1, 3, 8, 10, 14 and 15 from their bits, each with a block lost once more."""

from collections.abc import Iterable

import numpy as np
import pytest

from dsp.fm.multiplex import receive_multiplex
from dsp.fm.rds import decode_bits
from dsp.fm.rds_fields import RdsFields
from dsp.fm.rds_station import with_rds
from dsp.fm.rds_values import OpenData
from dsp.fm.values import FmStation
from recordings.fm.multiplex import Multiplex
from recordings.fm.spec import FmBroadcast, Rds
from tests.dsp.fm.made_groups import Words, bits_of, group_of, name_groups

PI = 0xD3C2
NAME = name_groups(PI, b"DLF     ")


def _station(groups: Iterable[Words], *, lost: tuple[int, int] | None = None) -> FmStation:
    """What the groups say, after four of group 0; lost: number of a group and of its block whose check fails."""
    sent = [*NAME, *groups]
    bits = bits_of(sent)
    if lost is not None:
        bits[(lost[0] + 4) * 104 + lost[1] * 26 + 3] ^= np.uint8(1)
    heard = decode_bits(bits).groups
    empty = FmStation(freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-30.0, cnr_db=40.0, seconds=1.0, pi=PI)
    return with_rds(empty, RdsFields().take(heard), heard)


def test_group_1a_says_country_and_programme_item() -> None:
    station = _station([group_of(PI, "1A", 0, 0x00E0, 21 << 11 | 14 << 6 | 30)] * 2)
    assert (station.ecc, station.country, station.pin) == (0xE0, "DE", 21 << 11 | 14 << 6 | 30)
    assert station.rds_agreement is not None
    assert (station.rds_agreement.ecc, station.rds_agreement.pin) == (2, 2)


def test_group_1a_says_the_language_in_its_third_variant() -> None:
    assert _station([group_of(PI, "1A", 0, 3 << 12 | 0x08, 0)]).language == 8


def test_no_programme_item_is_unknown_not_day_zero() -> None:
    assert _station([group_of(PI, "1A", 0, 0x00E0, 0)]).pin is None
    assert _station([group_of(PI, "1A", 0, 0x00E0, 1 << 11 | 24 << 6)]).pin is None


def test_group_1b_has_the_programme_item_alone() -> None:
    station = _station([group_of(PI, "1B", 0, 0, 1 << 11 | 5 << 6)])
    assert (station.pin, station.ecc) == (1 << 11 | 5 << 6, None)


@pytest.mark.parametrize("block", [1, 2, 3])
def test_group_1a_with_a_block_lost_says_nothing(block: int) -> None:
    station = _station([group_of(PI, "1A", 0, 0x00E0, 1 << 11 | 5 << 6), *NAME], lost=(0, block))
    assert (station.ecc, station.pin) == (None, None)


def test_group_3a_announces_applications_and_8a_is_then_traffic() -> None:
    groups = [group_of(PI, "3A", 8 << 1, 0x0006, 0xCD46), group_of(PI, "3A", 12 << 1, 0, 0x4BD7)] * 2
    station = _station([*groups, *[group_of(PI, "8A", 5, 0x1234, 0x5678)] * 3])
    assert station.open_data == (
        OpenData(app=0x4BD7, group="12A", message=0),
        OpenData(app=0xCD46, group="8A", message=6),
    )
    assert station.tmc_groups == 3


def test_group_8a_unannounced_is_not_called_traffic() -> None:
    assert _station([group_of(PI, "8A", 5, 0x1234, 0x5678)] * 3).tmc_groups == 0


def test_an_application_announced_once_is_not_confirmed() -> None:
    assert _station([group_of(PI, "3A", 8 << 1, 0x0006, 0xCD46)]).open_data == ()


def test_group_10a_names_the_programme_type() -> None:
    halves = [
        group_of(PI, "10A", i, *(int.from_bytes(b"FOOTBALL"[4 * i + 2 * j :][:2], "big") for j in (0, 1)))
        for i in (0, 1)
    ]
    assert _station(halves).pty_name == "FOOTBALL"
    assert _station([*halves[:1], *NAME]).pty_name is None
    assert _station(halves, lost=(1, 3)).pty_name is None


def test_group_10a_with_another_flag_begins_anew() -> None:
    old, new = group_of(PI, "10A", 0, 0x4F4C, 0x4420), group_of(PI, "10A", 1 | 16, 0x4E45, 0x5720)
    assert _station([old, new]).pty_name is None


def _network(pi: int) -> list[Words]:
    name = [group_of(PI, "14A", 16 | i, int.from_bytes(b"NDR 2   "[2 * i : 2 * i + 2], "big"), pi) for i in range(4)]
    return [
        *name,
        group_of(PI, "14A", 16 | 4, (224 + 2) << 8 | 10, pi),
        group_of(PI, "14A", 16 | 4, 20 << 8 | 205, pi),
        group_of(PI, "14A", 16 | 5, 11 << 8 | 33, pi),
        group_of(PI, "14A", 16 | 13, 10 << 11 | 1, pi),
        group_of(PI, "14A", 16 | 14, 3 << 11 | 7 << 6 | 15, pi),
    ]


def test_group_14a_describes_another_network() -> None:
    (other,) = _station(_network(0xD382) * 2).other_networks
    assert (other.pi, other.ps, other.pty, other.tp, other.ta) == (0xD382, "NDR 2   ", 10, True, True)
    assert other.af_hz == (88.5e6, 89.5e6, 90.8e6)
    assert (other.pin, other.groups) == (3 << 11 | 7 << 6 | 15, 18)


def test_group_14b_switches_the_traffic_announcement_of_another_network() -> None:
    (other,) = _station([*_network(0xD382), *[group_of(PI, "14B", 16, 0, 0xD382)] * 2]).other_networks
    assert (other.tp, other.ta) == (True, False)


def test_a_network_spoken_of_once_is_not_confirmed() -> None:
    assert _station([*_network(0xD382) * 2, group_of(PI, "14A", 1, 0x4142, 0xD111)]).other_networks[0].pi == 0xD382
    assert len(_station([*_network(0xD382) * 2, group_of(PI, "14A", 1, 0x4142, 0xD111)]).other_networks) == 1


def test_networks_without_end_are_not_remembered_without_end() -> None:
    groups = [group_of(PI, "14A", 0, 0x4142, 0x1000 + i) for i in range(500) for _ in (0, 1)]
    assert len(_station(groups).other_networks) == 64


def _long(name: bytes) -> list[Words]:
    padded = (name + b"\r").ljust(32)[:32]
    return [
        group_of(
            PI,
            "15A",
            i,
            int.from_bytes(padded[4 * i : 4 * i + 2], "big"),
            int.from_bytes(padded[4 * i + 2 : 4 * i + 4], "big"),
        )
        for i in range(-(-(len(name) + 1) // 4))
    ]


def test_group_15a_is_the_long_name_in_utf_8() -> None:
    assert _station(_long("Čajka ФМ 广播".encode())).long_ps == "Čajka ФМ 广播"
    assert _station(_long("Čajka ФМ 广播".encode())[1:]).long_ps is None


def test_a_long_name_hides_no_control_character() -> None:
    assert _station(_long("A\x1b[2J\u202eB".encode())).long_ps == "A�[2J�B"
    assert _station(_long(b"K\x97ln")).long_ps == "Köln"  # no UTF-8: the basic table


def test_group_15a_taken_by_an_application_is_no_name() -> None:
    groups = [group_of(PI, "3A", 15 << 1, 0, 0xE911)] * 2
    assert _station([*groups, *_long(b"NOT A NAME")]).long_ps is None


def test_group_15b_repeats_the_switches() -> None:
    block = group_of(PI, "15B", 16 | 8 | 4 | 3, 0, 0)[1]
    station = _station([group_of(PI, "15B", 16 | 8 | 4 | 3, 0, block)] * 2)
    assert (station.ta, station.music, station.di_stereo) == (True, True, True)


def test_the_decoder_bits_come_one_a_segment() -> None:
    groups = [group_of(PI, "0B", (on << 2) | i, 0, 0x4142) for i, on in enumerate((1, 0, 1, 0))] * 2
    station = _station(groups)
    assert (station.di_dynamic_pty, station.di_compressed) == (True, False)
    assert (station.di_artificial_head, station.di_stereo) == (True, False)


def test_one_reception_does_not_change_what_was_steady() -> None:
    groups = [*NAME * 2, group_of(PI, "0A", 16, 0xE0CD, 0x444C, tp=1, pty=9), *NAME]
    station = _station(groups)
    assert (station.tp, station.ta, station.pty) == (True, False, 5)


def test_a_made_station_is_read_from_its_multiplex_with_all_it_sends() -> None:
    other = tuple(("14A", 16 | i, int.from_bytes(b"ANOTHER!"[2 * i :][:2], "big"), 0x2002) for i in range(4))
    further = (("3A", 16, 6, 0xCD46), ("10A", 0, 0x4E49, 0x4748), ("10A", 1, 0x5420, 0x2020), *other)
    sent = Rds(pi=0xC123, ps="TESTFM", rt="A text", pty=5, ecc=0xF0, af_hz=(93.1e6, 99.5e6), further_groups=further)
    made = Multiplex(FmBroadcast(programme="silence", stereo=False, rds=sent), seed=1)
    mpx_hz = np.concatenate([made.block(number) for number in range(200)])  # 21 s
    heard = receive_multiplex(mpx_hz, 456e3, hz_per_unit=1.0).rds.groups
    empty = FmStation(freq_hz=98e6, freq_sigma_hz=1.0, level_dbfs=-30.0, cnr_db=40.0, seconds=21.0, pi=0xC123)
    station = with_rds(empty, RdsFields().take(heard), heard)
    assert (station.ps, station.rt, station.country, station.pty_name) == ("TESTFM  ", "A text", "CN", "NIGHT   ")
    assert (station.af_hz, station.di_stereo) == ((93.1e6, 99.5e6), False)
    assert station.open_data == (OpenData(app=0xCD46, group="8A", message=6),)
    assert [(each.pi, each.ps) for each in station.other_networks] == [(0x2002, "ANOTHER!")]
