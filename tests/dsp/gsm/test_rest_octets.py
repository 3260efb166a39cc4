"""Rest octets laid down bit by bit; L and H against the padding, everything else plain."""

import pytest

from dsp.gsm.cell import CellMemory
from dsp.gsm.errors import BeyondBlock
from dsp.gsm.frame import Channel
from dsp.gsm.rest_octets import (
    LocalServiceAreas,
    RestOctets1,
    SelectionParameters,
    read_both_parts_4,
    read_rest_1,
    read_rest_3,
    read_rest_4,
    read_rest_16,
    read_second_part_4,
)
from dsp.gsm.si9 import Scheduled, SystemInformation9
from dsp.gsm.sorting import block_of
from dsp.gsm.system_info import read_system_information
from recordings.gsm.field import Field
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.test_cell import CELL, _look


def _selection(field: Field) -> Field:
    return field.high().plain("CBQ", 1, 1).plain("offset", 40, 6).plain("temporary", 7, 3).plain("penalty", 31, 5)


SELECTION = SelectionParameters(cbq=True, cell_reselect_offset=40, temporary_offset=7, penalty_time=31)


@pytest.mark.parametrize("shift", range(8))
def test_plain_fields_read_alike_wherever_the_padding_has_ones(shift: int) -> None:
    """The trap: XORed with the padding, the same field would change with its place."""
    field = Field()
    for _ in range(shift):
        field.low()
    octets = _selection(field).octets(4, "rest")
    if shift == 0:
        assert read_rest_4(octets).selection == SELECTION
    elif shift == 1:
        assert read_rest_4(octets).selection is None
    assert octets != b"\x2b" * 4


def test_padding_alone_says_nothing_anywhere() -> None:
    three, four = read_rest_3(b"\x2b" * 4), read_rest_4(b"\x2b" * 10)
    assert (three.selection, three.power_offset, three.gprs_ra_colour, three.scheduling) == (None, None, None, None)
    assert not (three.si2ter or three.early_classmark or three.si2quater)
    assert (four.selection, four.gprs_ra_colour, four.more, four.more_elsewhere) == (None, None, None, False)
    assert read_rest_1(b"\x2b") == RestOctets1(nch_position=None, band_indicator="1800")
    assert read_rest_16(b"\x2b" * 20) is None


def test_rest_octets_that_end_early_are_low_from_there_on() -> None:
    assert read_rest_4(b"").selection is None
    assert read_rest_1(b"").band_indicator == "1800"


def test_a_field_that_its_h_promises_and_the_block_cannot_hold_is_refused() -> None:
    with pytest.raises(BeyondBlock):
        read_rest_4(_selection(Field()).octets(2, "rest")[:1])


def test_si3_with_everything_announced_has_no_bit_left_for_where_si2quater_is() -> None:
    field = _selection(Field()).high().plain("power", 3, 2).high().high().high().plain("where", 5, 3)
    field.high().plain("colour", 6, 3).plain("SI13", 1, 1).high().high()
    rest = read_rest_3(field.octets(4, "SI3"))
    assert (rest.selection, rest.power_offset, rest.scheduling, rest.gprs_ra_colour) == (SELECTION, 3, 5, 6)
    assert (rest.si13_extended, rest.si2quater, rest.si2quater_extended) == (True, True, None)


@pytest.mark.parametrize(("band", "indicator"), [("1800", "1800"), ("1900", "1900")])
def test_the_band_of_512_to_810_is_told_by_si1(band: str, indicator: str) -> None:
    made = GsmBroadcast(arfcn=600, band_indicator="1900" if band == "1900" else "1800")
    octets = system_information(made, "1")
    assert read_rest_1(octets[22:]).band_indicator == indicator


def _second_part(field: Field) -> Field:
    """LSA parameters, cell identity, two identities, CBQ3."""
    field.high().plain("priority", 5, 3).plain("offset", 2, 3).plain("networks", 0, 1)
    field.high().plain("cell identity", 0xBEEF, 16)
    field.high().plain("long", 0, 1).plain("identity", 0xABCDEF, 24).plain("more", 1, 1)
    field.plain("short", 1, 1).plain("identity", 0x155, 10).plain("more", 0, 1)
    return field.high().plain("CBQ3", 2, 2).plain("position", 0, 1)


AREAS = LocalServiceAreas(priority_threshold=5, offset=2, identities=(0xABCDEF,), short_identities=(0x155,))


def test_the_second_part_of_si4_names_the_cell_and_its_service_areas() -> None:
    field = Field().low().low().low().high()
    rest = read_rest_4(_second_part(field).octets(10, "SI4"))
    assert rest.more is not None and (rest.more.ci, rest.more.cbq3, rest.more.areas) == (0xBEEF, 2, AREAS)


def test_the_break_indicator_says_that_the_second_part_is_elsewhere() -> None:
    rest = read_rest_4(Field().low().low().low().low().high().octets(10, "SI4"))
    assert rest.more is None and rest.more_elsewhere


def test_si7_has_both_parts_or_the_second_alone() -> None:
    both = read_both_parts_4(_second_part(_selection(Field()).low().high().plain("colour", 3, 4)).octets(20, "SI7"))
    assert both.selection == SELECTION and both.more is not None and both.more.ci == 0xBEEF
    assert read_second_part_4(_second_part(Field()).octets(20, "SI7")).areas == AREAS


def test_si16_lists_service_areas_behind_their_parameters() -> None:
    field = Field().high().plain("priority", 5, 3).plain("offset", 2, 3).plain("networks", 1, 1)
    field.plain("MCC and MNC", 0x262F02, 24)
    field.plain("long", 0, 1).plain("identity", 0xABCDEF, 24).plain("more", 1, 1)
    field.plain("short", 1, 1).plain("identity", 0x155, 10).plain("more", 0, 1)
    assert read_rest_16(field.octets(20, "SI16")) == AREAS


def test_with_acs_the_c2_parameters_are_those_of_si7() -> None:
    made = GsmBroadcast(arfcn=25, acs=True, cell_reselect_offset_db=None)
    si7 = bytes([0x05, 0x06, 0x1F]) + _selection(Field()).octets(20, "SI7")
    for acs, offset_db in ((True, 80), (False, None)):
        made = GsmBroadcast(arfcn=25, acs=acs)
        messages = [system_information(made, "3"), system_information(made, "4"), si7]
        blocks = [block_of(51 * k + 2, Channel.BCCH, bytearray(m), quality=9.0) for k, m in enumerate(messages)]
        (cell,) = CellMemory().describe(_look(*blocks))
        assert cell.cell_reselect_offset_db == offset_db


def test_the_cell_identity_of_si4_stands_in_until_si3_is_heard() -> None:
    octets = system_information(GsmBroadcast(arfcn=25), "4")[:13]
    octets += _second_part(Field().low().low().low().high()).octets(10, "SI4")
    (cell,) = CellMemory().describe(_look(block_of(104, Channel.BCCH, bytearray(octets), quality=9.0)))
    assert cell.ci == 0xBEEF
    three = block_of(53, Channel.BCCH, bytearray(system_information(CELL, "3")), quality=9.0)
    (cell,) = CellMemory().describe(_look(block_of(104, Channel.BCCH, bytearray(octets), quality=9.0), three))
    assert cell.ci == CELL.ci


def test_si9_says_where_another_message_comes() -> None:
    access = bytes.fromhex("b90000")
    field = Field().high().plain("kind", 0b10, 2).plain("type", 9, 5).plain("modulus", 3, 4).plain("position", 5, 4)
    octets = bytes([0x05, 0x06, 0x04]) + access + field.plain("extended", 1, 1).octets(17, "SI9")
    fields = read_system_information("9", octets)
    assert isinstance(fields, SystemInformation9) and fields.access.tx_integer == 32
    assert fields.first == Scheduled(info_type=(5, 9), modulus=3, position=5, extended_bcch=True)
    nothing = read_system_information("9", bytes([0x05, 0x06, 0x04]) + access + b"\x2b" * 17)
    assert isinstance(nothing, SystemInformation9) and nothing.first is None
