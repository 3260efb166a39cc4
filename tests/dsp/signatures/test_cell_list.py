import pytest

from dsp.signatures.cell_list import HEADER, BadCellList, KnownCell, cell_list, line_of, parse_cell_list
from dsp.signatures.licences import Licences
from tests.dsp.signatures.made import cell, gsm_names

ROWS = (
    KnownCell(mcc="460", mnc="00", lac=21014, ci=8020, arfcn=20, bsic=21, lat_deg=30.6, lon_deg=114.3, eirp_dbm=55.0),
    KnownCell(mcc="460", mnc="00", lac=21014, ci=8020, arfcn=30, bsic=21),
    KnownCell(mcc="460", mnc="01", lac=7, ci=65535),
    KnownCell(mcc="310", mnc="001", lac=1, ci=1, arfcn=0, bsic=0),
    KnownCell(mcc="310", mnc="01", lac=1, ci=1),
)


def test_what_is_put_in_is_found_by_its_name_field_by_field():
    held = cell_list(ROWS)
    assert len(held) == 5
    assert held.rows("460", "00", 21014, 8020) == ROWS[:2]
    assert held.rows("310", "001", 1, 1) == ROWS[3:4]
    assert held.rows("310", "01", 1, 1) == ROWS[4:]
    assert (held.count("460", "00"), held.count("460", "01"), held.count("460", "02")) == (2, 1, 0)
    assert held.rows("460", "00", 21014, 8021) == () == held.rows("4x0", "00", 1, 1)


@pytest.mark.parametrize("text", ["46O,00,1,1,,,,,", "460,00,1,70000,,,,,", "460,00,1,1,1024x,,,,", "460,00,1,1,,,"])
def test_a_line_that_is_no_cell_is_refused_by_its_number(text):
    with pytest.raises(BadCellList) as refused:
        parse_cell_list([",".join(HEADER), line_of(ROWS[0]), text])
    assert refused.value.line == 3
    with pytest.raises(BadCellList, match="line 1"):
        parse_cell_list(["radio,mcc"])


def test_an_empty_list_says_nothing_of_anybody():
    nothing = Licences(listed=parse_cell_list([",".join(HEADER)]))
    assert not nothing.names_cells
    assert "gsm_unknown_cell" not in gsm_names((cell(75, ci=9),), 0, licences=nothing)


def test_a_long_list_confirms_contradicts_and_misses_as_a_short_one_does():
    listed = Licences(listed=cell_list(ROWS[:1]))
    assert gsm_names((cell(20),), 0, licences=listed)["gsm_known_cell"] == -30.0
    assert "gsm_listed_elsewhere" in gsm_names((cell(75, ci=8020),), 0, licences=listed)
    assert "gsm_unknown_cell" in gsm_names((cell(75, ci=9),), 0, licences=listed)
    assert "gsm_unknown_cell" not in gsm_names((cell(75, ci=9, mnc="02"),), 0, licences=listed)
