"""Reserved codes and contents of all kinds: a named refusal or None, never an exception, never a made-up value.

The table of codes is docs/gsm_fields.md; each line of it has its test here or in the tests of the message.
"""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsp.gsm.cell import CellMemory
from dsp.gsm.errors import BlockRefused, UnknownListFormat
from dsp.gsm.frame import Channel
from dsp.gsm.identity import read_area
from dsp.gsm.look import Block, GsmLook
from dsp.gsm.message import ABOUT_SUBSCRIBERS, SYSTEM_INFORMATION
from dsp.gsm.sorting import block_of
from dsp.gsm.system_info import read_si1, read_si2, read_si2ter, read_si3, read_si4
from dsp.gsm.values import GsmCell
from recordings.gsm.spec import Gprs, GsmBroadcast, Si2quater
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.test_cell import _look

CELL = GsmBroadcast(
    arfcn=25,
    plmn="460-00",
    lac=9,
    ci=77,
    neighbour_arfcns=(30, 40),
    neighbour_arfcns_2bis=(50,),
    neighbour_arfcns_2ter=(600,),
    cell_reselect_offset_db=10,
    power_offset_db=2,
    cbch=True,
    gprs=Gprs(pan=(1, 2, 3), options_extension="0000110100", si_status_ind=True),
    si2quater=Si2quater(fdd_arfcns=(10713, 10738)),
)
KINDS = ("1", "2", "2bis", "2ter", "2quater", "3", "4", "13")
TYPES = {name: number for number, name in SYSTEM_INFORMATION.items()}


def _described(*blocks: Block) -> GsmCell:
    (cell,) = CellMemory().describe(_look(*blocks))
    return cell


def _sorted(octets: bytes) -> Block:
    return block_of(104, Channel.BCCH, bytearray(octets), quality=10.0)


def _si3(place: int, octet: int) -> bytes:
    octets = bytearray(system_information(CELL, "3"))
    octets[place] = octet
    return bytes(octets)


@pytest.mark.parametrize("code", range(8))
def test_a_reserved_configuration_of_the_common_channel_is_unknown(code: int) -> None:
    control = read_si3(_si3(10, 0x48 | code)).control
    assert control.ccch_conf == (None if code in (3, 5, 7) else code)
    assert control.att and control.bs_ag_blks_res == 1  # what stands beside it is still read


@pytest.mark.parametrize("blocks", range(8))
def test_a_combined_cell_cannot_reserve_more_blocks_than_it_has(blocks: int) -> None:
    combined, separate = (read_si3(_si3(10, blocks << 3 | configuration)).control for configuration in (1, 0))
    assert combined.bs_ag_blks_res == (blocks if blocks <= 2 else None)
    assert separate.bs_ag_blks_res == blocks


def test_a_reserved_code_of_discontinuous_transmission_is_unknown() -> None:
    assert [read_si3(_si3(13, code << 4)).options.dtx for code in range(4)] == [0, 1, 2, None]


@pytest.mark.parametrize("digit", range(10, 16))
def test_digits_that_are_no_decimal_ones_leave_their_code_unknown(digit: int) -> None:
    for mcc, mnc in (((digit, 6, 0), (0, 0, 15)), ((4, digit, 0), (0, 0, 15)), ((4, 6, digit), (0, 0, 15))):
        assert _area(mcc, mnc) == (None, "00")
    assert _area((4, 6, 0), (digit, 0, 15)) == ("460", None)
    assert _area((4, 6, 0), (0, digit, 15)) == ("460", None)
    assert _area((4, 6, 0), (0, 0, digit)) == ("460", "00" if digit == 15 else None)


def test_a_third_digit_makes_another_network() -> None:
    assert _area((3, 1, 0), (2, 6, 0)) == ("310", "260")
    assert _area((3, 1, 0), (0, 1, 15)) == ("310", "01")
    assert _area((3, 1, 0), (0, 0, 1)) == ("310", "001")


def _area(mcc: tuple[int, int, int], mnc: tuple[int, int, int]) -> tuple[str | None, str | None]:
    area = read_area(bytes([mcc[1] << 4 | mcc[0], mnc[2] << 4 | mcc[2], mnc[1] << 4 | mnc[0], 0x12, 0x34]))
    assert area.lac == 0x1234
    return area.mcc, area.mnc


@pytest.mark.parametrize("first", range(256))
def test_every_first_octet_of_a_list_is_a_format_or_a_refusal(first: int) -> None:
    for kind, read in (("1", read_si1), ("2", read_si2)):
        octets = bytearray(system_information(CELL, kind))
        octets[3] = first
        if first >> 6 in (0b01, 0b11):
            with pytest.raises(UnknownListFormat):
                read(bytes(octets))
        else:
            read(bytes(octets))
    ter = bytearray(system_information(CELL, "2ter"))
    ter[3] = first
    assert read_si2ter(bytes(ter)).arfcns is not None


@pytest.mark.parametrize("code", range(32))
def test_a_reserved_notification_channel_is_unknown(code: int) -> None:
    cell = replace_in_octet(system_information(CELL, "1"), 22, 0x80 | code << 2 | 0x03)
    rest = read_si1(cell).rest
    assert rest.nch_position == (code if code < 28 else None)


def replace_in_octet(octets: bytes, place: int, octet: int) -> bytes:
    return octets[:place] + bytes([octet]) + octets[place + 1 :]


@pytest.mark.parametrize("kind", KINDS)
def test_all_values_of_each_octet_are_read_or_refused_by_name(kind: str) -> None:
    """A refused block is counted by class and never part of the cell."""
    names = {refusal.__name__ for refusal in BlockRefused.__subclasses__()}
    octets = system_information(CELL, kind)
    for place in range(23):
        for value in range(256):
            block = _sorted(replace_in_octet(octets, place, value))
            assert (block.kind == "refused") == (block.refusal is not None)
            assert block.refusal is None or block.refusal in names
            if block.refusal is not None:
                assert _described(block).system_information == ()


def test_every_octet_of_every_message_changes_only_what_it_carries() -> None:
    """Nothing but identity comes from the octets of identity, and so on: no field is read a bit off."""
    plain = _described(_sorted(system_information(CELL, "3")))
    carries = {
        3: {"ci"},
        4: {"ci"},
        5: {"mcc"},
        7: {"mnc"},
        8: {"lac"},
        9: {"lac"},
        10: {"mscr", "att", "bs_ag_blks_res", "ccch_conf"},
        11: {"bs_pa_mfrms"},
        12: {"t3212"},
        13: {"pwrc", "dtx", "radio_link_timeout"},
        14: {"cell_reselect_hysteresis_db", "ms_txpwr_max_cch"},
        15: {"acs", "neci", "rxlev_access_min"},
        16: {"max_retrans", "tx_integer", "cell_barred", "reestablishment_allowed"},
        17: {"access_classes_barred"},
        18: {"access_classes_barred"},
    }
    for place, fields in carries.items():
        for value in range(256):
            cell = _described(_sorted(_si3(place, value)))
            changed = {
                name
                for name in GsmCell.__struct_fields__
                if getattr(cell, name) != getattr(plain, name) and name not in ("system_information", "paging")
            }
            assert changed <= fields, (place, value)


BLOCKS = st.one_of(
    st.binary(min_size=23, max_size=23),
    st.builds(
        lambda kind, rest: bytes([0x49, 0x06, TYPES[kind]]) + rest,
        st.sampled_from(sorted(TYPES)),
        st.binary(min_size=20, max_size=20),
    ),
    st.builds(
        lambda number, rest: bytes([0x55, 0x06, number]) + rest,
        st.sampled_from([0x20, 0x21, 0x22, 0x24, 0x39, 0x3A, 0x3F]),
        st.binary(min_size=20, max_size=20),
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=12), st.sampled_from([Channel.BCCH, Channel.CCCH]))
def test_no_contents_break_the_description_of_a_cell(contents: list[bytes], channel: Channel) -> None:
    memory = CellMemory()
    blocks = [block_of(51 * k + 2, channel, bytearray(octets), quality=10.0) for k, octets in enumerate(contents)]
    for block in blocks:
        assert block.octets is None or block.kind not in ABOUT_SUBSCRIBERS
    (cell,) = memory.describe(_look(*blocks))
    _is_in_range(cell)
    (again,) = memory.describe(_look(*blocks, at_frame=400))
    _is_in_range(again)


def _is_in_range(cell: GsmCell) -> None:
    """What each field may hold at all."""
    assert cell.mcc is None or (len(cell.mcc) == 3 and cell.mcc.isdecimal())
    assert cell.mnc is None or (len(cell.mnc) in (2, 3) and cell.mnc.isdecimal())
    for name, allowed in RANGES.items():
        value = getattr(cell, name)
        assert value is None or value in allowed, (name, value)
    for name in ("cell_arfcns", "neighbour_arfcns"):
        assert all(0 <= arfcn < 1024 for arfcn in getattr(cell, name) or ())
    for name in ("utran_fdd_arfcns", "utran_tdd_arfcns"):
        assert all(0 <= uarfcn < 1 << 14 for uarfcn in getattr(cell, name) or ())
    for carrier in cell.eutran_neighbours or ():
        assert 0 <= carrier.earfcn < 1 << 16 and carrier.priority in (None, *range(8))
    if cell.si2quater_heard is not None:
        assert cell.si2quater_instances is not None and 1 <= cell.si2quater_heard <= cell.si2quater_instances <= 16


RANGES: dict[str, range | tuple[object, ...]] = {
    "lac": range(1 << 16),
    "ci": range(1 << 16),
    "ccch_conf": (0, 1, 2, 4, 6),
    "bs_ag_blks_res": range(8),
    "bs_pa_mfrms": range(2, 10),
    "t3212": range(256),
    "dtx": range(3),
    "radio_link_timeout": range(16),
    "cell_reselect_hysteresis_db": range(0, 15, 2),
    "ms_txpwr_max_cch": range(32),
    "rxlev_access_min": range(64),
    "cell_reselect_offset_db": range(0, 127, 2),
    "temporary_offset_db": range(0, 61, 10),
    "penalty_time": range(32),
    "power_offset_db": range(0, 7, 2),
    "gprs_ra_colour": range(8),
    "max_retrans": (1, 2, 4, 7),
    "tx_integer": range(3, 51),
    "access_classes_barred": range(1 << 16),
    "band_indicator": ("1800", "1900"),
    "nch_position": range(28),
    "ncc_permitted": range(256),
    "ba_ind": range(2),
    "geran_priority": range(8),
    "bcch_change_mark": range(8),
    "si_change_field": range(16),
    "rac": range(256),
    "network_mode_of_operation": (1, 2, 3),
    "network_control_order": range(3),
    "priority_access_thr": (0, 3, 4, 5, 6),
    "t3168_ms": range(500, 4001, 500),
    "t3192_ms": (500, 1000, 1500, 0, 80, 120, 160, 200),
    "drx_timer_max_s": (0, 1, 2, 4, 8, 16, 32, 64),
    "alpha": tuple(tenth / 10 for tenth in range(11)),
}


def test_refusals_of_a_cell_are_counted_by_class() -> None:
    """As receive_gsm counts them for a look."""
    blocks = [
        _sorted(bytes([0x05, 0x00, 0x03, 0x03, 0x49, 0x06, 0x1D]) + bytes(16)),
        _sorted(bytes([0x01, 0x06, 0x03, 0x03, 0x49, 0x06, 0x1D]) + bytes(16)),
        _sorted(bytes([0x01, 0x06, 0x7F]) + bytes(20)),
        _sorted(replace_in_octet(system_information(CELL, "1"), 3, 0x40)),
    ]
    assert Counter(block.refusal for block in blocks) == {
        "WrongProtocol": 1,
        "SlowAssociated": 1,
        "UnknownMessage": 1,
        "UnknownListFormat": 1,
    }
    cell = _described(*blocks, _sorted(system_information(GsmBroadcast(arfcn=25), "2")))
    assert cell.neighbour_arfcns == ()


def test_rest_octets_that_begin_like_a_cell_broadcast_channel_are_rest_octets() -> None:
    """0x64: no C2 parameters, a power offset, a GPRS indicator. The pseudo length tells."""
    octets = bytearray(system_information(GsmBroadcast(arfcn=25), "4"))
    octets[13] = 0x64
    si4 = read_si4(bytes(octets))
    assert not si4.cell_broadcast and si4.rest is not None
    assert (si4.rest.selection, si4.rest.power_offset, si4.rest.gprs_ra_colour) == (None, 2, 4)


def test_a_stored_message_of_any_length_does_not_break_the_description() -> None:
    look: GsmLook = _look()
    for octets in (b"", b"\x49", bytes(22), bytes(30)):
        for kind in (*KINDS, "7", "9", "16", "nonsense"):
            block = replace(_sorted(system_information(CELL, "3")), kind="si" + kind, octets=octets)
            (cell,) = CellMemory().describe(replace(look, receptions=_look(block).receptions))
            _is_in_range(cell)
