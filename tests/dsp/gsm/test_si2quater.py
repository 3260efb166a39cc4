"""System Information 2quater: octets laid down bit by bit from the standard, one instance and several."""

import pytest

from dsp.gsm.cell import CellMemory
from dsp.gsm.errors import BeyondBlock, ReservedCode
from dsp.gsm.frame import Channel
from dsp.gsm.si2quater import OtherSystems, SystemInformation2quater, put_together, read_si2quater
from dsp.gsm.sorting import block_of
from dsp.gsm.system_info import read_si2ter
from dsp.gsm.values import EutranNeighbour, GsmCell
from recordings.gsm.field import Field
from recordings.gsm.spec import GsmBroadcast, Si2quater
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.test_cell import _look


def _head(index: int = 0, last: int = 0, *, mark: int = 0) -> Field:
    head = Field().plain("BA_IND", 1, 1).plain("3G_BA_IND", 0, 1).plain("MP_CHANGE_MARK", mark, 1)
    return head.plain("index", index, 4).plain("count", last, 4)


def _message(field: Field) -> bytes:
    return bytes([0x05, 0x06, 0x07]) + field.octets(20, "SI2quater")


def _read(field: Field) -> SystemInformation2quater:
    return read_si2quater(_message(field))


def _fdd(index: int = 0, last: int = 0, *, uarfcn: int = 10713, cells: int = 2, mark: int = 0) -> Field:
    field = _head(index, last, mark=mark).plain("none of seven", 0, 7).plain("3G neighbours", 1, 1)
    field.plain("index and EMR", 0, 2).plain("FDD, no bandwidth", 0b10, 2)
    field.plain("again", 1, 1).plain("spare", 0, 1).plain("UARFCN", uarfcn, 14).plain("code 0", 1, 1)
    field.plain("cells", cells, 5).plain("information", 0, 19 if cells == 2 else 0)
    return field.plain("again", 0, 1).plain("TDD", 0, 1).plain("3G measurement", 0, 2)


def _lte(index: int = 0, last: int = 0, *, mark: int = 0) -> Field:
    field = _head(index, last, mark=mark).plain("none of ten", 0, 10)
    field.high().plain("Rel-5", 0, 2).high().plain("Rel-6", 0, 1).high().plain("Rel-7", 0, 2).high()
    field.plain("priorities, serving cell", 0b11, 2).plain("GERAN", 3, 3).plain("thresholds", 0, 12)
    field.plain("UTRAN", 0, 1).plain("E-UTRAN", 1, 1).plain("flags", 0, 3).plain("measurement", 0, 2)
    field.plain("group", 1, 1)
    for earfcn, bandwidth in ((1650, 3), (37900, None)):
        field.plain("again", 1, 1).plain("EARFCN", earfcn, 16).plain("bandwidth", bandwidth is not None, 1)
        if bandwidth is not None:
            field.plain("bandwidth", bandwidth, 3)
    field.plain("again", 0, 1).plain("priority", 1, 1).plain("priority", 6, 3).plain("high", 10, 5).plain("low", 0, 1)
    field.plain("level", 1, 1).plain("level", 9, 5)
    return field.plain("groups, not allowed, tracking areas", 0, 3).plain("closed groups", 0, 2)


def test_a_real_message_that_names_nothing() -> None:
    fields = read_si2quater(bytes.fromhex("050607200046244000032b2b2b2b2b2b2b2b2b2b2b2b2b"))
    assert (fields.mp_change_mark, fields.index, fields.last) == (1, 0, 0)
    assert put_together([fields]) == OtherSystems(1, 1, (), (), (), None)


def test_utran_carriers_are_read_over_their_scrambling_codes() -> None:
    fields = _read(_fdd(uarfcn=10713))
    assert fields.utran.fdd == (10713,) and fields.ba_ind == 1


def test_a_carrier_for_its_power_alone_has_no_cell_information() -> None:
    assert _read(_fdd(uarfcn=3021, cells=31)).utran.fdd == (3021,)


@pytest.mark.parametrize("cells", range(17, 31))
def test_a_reserved_number_of_cells_is_refused(cells: int) -> None:
    """How long their information is nobody knows, so nothing behind can be read."""
    with pytest.raises(ReservedCode) as refusal:
        _read(_fdd(cells=cells))
    assert (refusal.value.field, refusal.value.value) == ("NR_OF_FDD_CELLS", cells)


def test_e_utran_carriers_come_with_the_priority_of_their_group() -> None:
    fields = _read(_lte())
    assert fields.priorities.geran_priority == 3
    assert [(each.earfcn, each.priority) for each in fields.priorities.eutran] == [(1650, 6), (37900, 6)]


def test_everything_before_the_neighbours_is_stepped_over() -> None:
    field = _head().plain("measurement", 1, 1).plain("report", 0b101, 3)
    field.plain("time differences", 1, 1).plain("of 6 bits", 1, 1).plain("start", 0, 1)
    field.plain("difference", 0, 1).plain("RTD", 33, 6).plain("last", 1, 1).plain("last frequency", 1, 1)
    field.plain("of 12 bits", 0, 1)
    field.plain("BSIC", 1, 1).plain("start", 0, 1).plain("BSIC", 21, 6).plain("more", 1, 7)
    field.plain("next frequency", 1, 1).plain("BSIC", 63, 6)
    field.plain("priority", 1, 1).plain("cells", 3, 7).plain("each", 0b101, 3)
    field.plain("packet measurement", 0, 1).plain("network control", 1, 1).plain("order", 2, 2).plain("periods", 0, 1)
    field.plain("extension", 1, 1).plain("length", 4, 8).plain("extension", 31, 5)
    field.plain("3G neighbours", 0, 1).plain("3G measurement", 1, 1).plain("search", 7, 4).plain("rest", 0, 3)
    fields = _read(field.plain("packet 3G", 0, 1))
    assert (fields.bsics, fields.network_control_order, fields.qsearch_i) == ((21, 63), 2, 7)


def test_h_of_a_later_edition_is_read_against_the_padding_and_nothing_else_is() -> None:
    """The trap: the same bits one place on would announce additions where padding stands."""
    plain = _read(_head().plain("none of ten", 0, 10))
    assert plain.priorities.eutran == () and plain.priorities.geran_priority is None
    assert _read(_lte()).priorities.eutran != ()


def test_a_list_beyond_the_block_is_refused() -> None:
    field = _head().plain("none of seven", 0, 7).plain("3G neighbours", 1, 1).plain("start indices", 0, 2)
    field.plain("FDD", 0b10, 2)
    while len(field.bits) < 160:
        field.plain("for ever", 1, 1)
    with pytest.raises((BeyondBlock, ReservedCode)):
        _read(field)


def test_an_index_beyond_the_count_is_refused() -> None:
    with pytest.raises(ReservedCode):
        _read(_head(3, 2).plain("none", 0, 10))


def test_instances_are_put_together_in_any_order() -> None:
    parts = [_read(_lte(1, 1)), _read(_fdd(0, 1))]
    for order in (parts, parts[::-1], [*parts, *parts]):
        together = put_together(order)
        assert together is not None and together.whole
        assert (together.utran_fdd, [each.earfcn for each in together.eutran]) == ((10713,), [1650, 37900])


def test_instances_of_an_older_set_are_left_out() -> None:
    together = put_together([_read(_fdd(0, 1, mark=0)), _read(_lte(1, 1, mark=1))])
    assert together is not None
    assert (together.heard, together.announced, together.utran_fdd) == (1, 2, ())


def _described(memory: CellMemory, *blocks: bytes, at_frame: int = 0) -> GsmCell:
    each = [block_of(51 * k + 2, Channel.BCCH, bytearray(octets), quality=10.0) for k, octets in enumerate(blocks)]
    (cell,) = memory.describe(_look(*each, at_frame=at_frame))
    return cell


def test_a_cell_gathers_its_instances_over_looks() -> None:
    memory = CellMemory()
    si3 = system_information(GsmBroadcast(arfcn=25, si2quater=Si2quater()), "3")
    first = _described(memory, si3, _message(_fdd(0, 1)))
    assert (first.si2quater_heard, first.si2quater_instances) == (1, 2)
    assert (first.utran_fdd_arfcns, first.utran_tdd_arfcns, first.eutran_neighbours) == ((10713,), None, None)
    second = _described(memory, _message(_lte(1, 1)), at_frame=400)
    assert (second.si2quater_heard, second.utran_fdd_arfcns, second.utran_tdd_arfcns) == (2, (10713,), ())
    assert second.eutran_neighbours == (
        EutranNeighbour(earfcn=1650, priority=6),
        EutranNeighbour(earfcn=37900, priority=6),
    )
    assert second.geran_priority == 3
    assert [si.kind for si in second.system_information] == ["2quater", "2quater", "3"]


def test_a_cell_that_announces_none_has_none_and_one_not_heard_is_unknown() -> None:
    alone = _described(CellMemory(), system_information(GsmBroadcast(arfcn=25), "3"))
    assert (alone.utran_fdd_arfcns, alone.eutran_neighbours, alone.si2quater_heard) == ((), (), None)
    unheard = _described(CellMemory(), system_information(GsmBroadcast(arfcn=25), "2"))
    assert (unheard.utran_fdd_arfcns, unheard.eutran_neighbours) == (None, None)


def test_the_maker_and_the_reader_agree() -> None:
    made = GsmBroadcast(arfcn=25, ba_ind=1, si2quater=Si2quater(mp_change_mark=1, fdd_arfcns=(10713, 10738)))
    fields = read_si2quater(system_information(made, "2quater"))
    assert (fields.ba_ind, fields.mp_change_mark, fields.utran.fdd) == (1, 1, (10713, 10738))


def test_si2ter_may_carry_utran_carriers_behind_its_list() -> None:
    rest = Field().high().plain("marks", 0, 2).plain("index and count", 0, 6).plain("FDD", 1, 1).plain("form", 1, 2)
    rest.plain("UARFCN", 10713, 14).plain("bandwidth", 0, 1).plain("TDD", 0, 1).plain("3G", 0, 1)
    octets = bytes.fromhex("01060360000000000004155010000000000aa8") + rest.octets(4, "SI2ter")
    found = read_si2ter(octets)
    assert found.rest is not None and found.rest.utran.fdd == (10713,) and len(found.arfcns) == 12
    assert _described(CellMemory(), octets).utran_fdd_arfcns == (10713,)


@pytest.mark.parametrize("form", [0, 2, 3])
def test_a_form_of_an_early_edition_in_si2ter_is_refused(form: int) -> None:
    rest = Field().high().plain("marks", 0, 2).plain("index and count", 0, 6).plain("FDD", 1, 1).plain("form", form, 2)
    with pytest.raises(ReservedCode):
        read_si2ter(bytes.fromhex("01060360000000000004155010000000000aa8") + rest.octets(4, "SI2ter"))
