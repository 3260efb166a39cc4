import msgspec
import pytest

from recordings.gsm.schedule import bcch_kind, extended_kind
from recordings.gsm.spec import GsmBroadcast, Si2quater
from recordings.transmitter import FieldOutOfRange


def kinds(cell: GsmBroadcast, multiframes: range) -> list[str]:
    return [bcch_kind(cell, m) for m in multiframes]


def test_a_cell_with_2ter_sends_what_a_real_one_did() -> None:
    cell = GsmBroadcast(neighbour_arfcns_2ter=(1,), si2quater=Si2quater(extended_bcch=True))
    assert kinds(cell, range(8)) == ["1", "2", "3", "4", "13", "2ter", "3", "4"]
    assert [extended_kind(cell, m) for m in range(4, 7)] == [None, "2quater", None]


def test_with_2bis_and_2ter_all_others_take_turns_at_tc_4() -> None:
    cell = GsmBroadcast(neighbour_arfcns_2bis=(1,), neighbour_arfcns_2ter=(2,), si2quater=Si2quater())
    assert kinds(cell, range(5, 40, 8)) == ["2bis"] * 5
    assert {*kinds(cell, range(4, 36, 8))} == {"13", "2ter", "2quater"}  # within four of them


def test_a_cell_without_gprs_never_sends_13() -> None:
    cell = GsmBroadcast(gprs=None)
    assert "13" not in kinds(cell, range(32))
    assert set(kinds(cell, range(32))) == {"1", "2", "3", "4"}


def test_a_cell_can_announce_13_and_never_send_it() -> None:
    assert "13" not in kinds(GsmBroadcast(si13=False), range(32))


def test_a_schedule_given_is_followed() -> None:
    cell = GsmBroadcast(schedule=("3", "3", "3", "3", "4", "4", "4", "2"))
    assert kinds(cell, range(8, 16)) == ["3", "3", "3", "3", "4", "4", "4", "2"]


def test_a_schedule_of_seven_is_refused() -> None:
    cell = msgspec.structs.replace(GsmBroadcast(), schedule=("3",) * 7)
    with pytest.raises(FieldOutOfRange):
        bcch_kind(cell, 0)
