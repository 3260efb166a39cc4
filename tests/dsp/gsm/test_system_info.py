import json
from pathlib import Path

import numpy as np
import pytest

from dsp.gsm.errors import BlockRefused
from dsp.gsm.identity import read_area
from dsp.gsm.message import message_kind
from dsp.gsm.system_info import (
    Neighbours,
    SystemInformation1,
    read_si1,
    read_si2,
    read_si2ter,
    read_si3,
    read_si4,
    read_system_information,
)

VODAFONE_SI3 = bytes.fromhex("49061b2bd962f220013ec8070a156009b90000e81f461b")
TMOBILE_SI3 = bytes.fromhex("49061b20f262f2105216d8041e586504a500003fb32b2b")


def test_si3_of_a_cell_that_repels_phones() -> None:
    si3 = read_si3(VODAFONE_SI3)
    assert (si3.ci, si3.area.mcc, si3.area.mnc, si3.area.lac) == (11225, "262", "02", 318)
    assert (si3.control.t3212, si3.control.mscr, si3.control.att, si3.control.ccch_conf) == (10, True, True, 0)
    assert (si3.selection.cell_reselect_hysteresis_db, si3.selection.rxlev_access_min) == (6, 9)
    selection = si3.rest.selection
    assert selection is not None
    assert (selection.cbq, selection.cell_reselect_offset, selection.penalty_time) == (True, 40, 31)
    assert si3.rest.si2ter and si3.rest.gprs_ra_colour == 6


def test_plain_bits_of_rest_octets_are_not_read_against_the_padding() -> None:
    """RA_COLOUR is 7 in System Information 3 and 4 of one cell; XORed with 0x2B it would be 1 and 5."""
    si3 = read_si3(TMOBILE_SI3)
    assert (si3.ci, si3.area.lac, si3.control.bs_ag_blks_res, si3.control.bs_pa_mfrms) == (8434, 21014, 3, 6)
    assert (si3.selection.ms_txpwr_max_cch, si3.selection.rxlev_access_min, si3.control.t3212) == (5, 4, 30)
    assert si3.rest.selection is None and si3.rest.si2quater and si3.rest.gprs_ra_colour == 7
    si4 = read_si4(bytes.fromhex("31061c62f21052166504a500001d2b2b2b2b2b2b2b2b2b"))
    assert si4.rest is not None and si4.rest.gprs_ra_colour == 7


def test_si1_si2_and_si2ter_of_a_real_cell() -> None:
    assert read_si1(bytes.fromhex("5506198f6a8000000000000000000000000000b9000083")).cell_arfcns == (725,)
    si2 = read_si2(bytes.fromhex("59061a8f6d181080000000000000000000000078b90000"))
    assert (si2.arfcns, si2.ncc_permitted, si2.part) == ((730, 733, 734, 741, 746), 0x78, False)
    assert si2.access is not None and (si2.access.max_retrans, si2.access.tx_integer) == (4, 32)
    assert len(read_si2ter(bytes.fromhex("01060360000000000004155010000000000aa82b2b2b2b")).arfcns) == 12


def test_a_three_digit_network_code_keeps_its_third_digit() -> None:
    area = read_area(bytes([0x13, 0x00, 0x62, 0x12, 0x34]))
    assert (area.mcc, area.mnc, area.lac) == ("310", "260", 0x1234)
    assert read_area(bytes([0x13, 0xF0, 0x62, 0, 1])).mnc == "26"
    assert read_area(bytes([0x64, 0xF0, 0x10, 0, 1])).mnc == "01"


def test_network_codes_of_no_decimal_digits_are_unknown_not_made_up() -> None:
    area = read_area(bytes([0x6A, 0xF0, 0x10, 0x00, 0x07]))
    assert (area.mcc, area.mnc, area.lac) == (None, "01", 7)


def test_a_cell_broadcast_channel_before_the_rest_octets_is_stepped_over() -> None:
    si4 = read_si4(
        bytes.fromhex("41061c62f22003196504b90000") + bytes.fromhex("640a2015") + bytes.fromhex("801f4b2b2b2b")
    )
    assert si4.rest is not None and si4.rest.selection is not None and si4.rest.gprs_ra_colour is not None


@pytest.mark.needs_recordings
def test_every_message_of_112_real_cells_is_read(recordings_dir: Path) -> None:
    records = json.loads((recordings_dir / "cells" / "cells_2012.json").read_text())
    read = 0
    for record in records:
        for name, kind in (("si1", "1"), ("si2", "2"), ("si2b", "2bis"), ("si2t", "2ter"), ("si3", "3"), ("si4", "4")):
            if record[name]:
                octets = bytes.fromhex(record[name])
                assert message_kind(octets) == "si" + kind
                fields = read_system_information(kind, octets)
                read += 1
                if isinstance(fields, Neighbours | SystemInformation1):
                    arfcns = fields.arfcns if isinstance(fields, Neighbours) else fields.cell_arfcns
                    assert all(a <= 124 or 512 <= a <= 885 or a >= 955 for a in arfcns), record
    assert read > 500


@pytest.mark.needs_recordings
def test_si3_and_si4_of_a_real_cell_agree(recordings_dir: Path) -> None:
    records = json.loads((recordings_dir / "cells" / "cells_2012.json").read_text())
    for record in records:
        if record["si3"] and record["si4"]:
            si3, si4 = read_si3(bytes.fromhex(record["si3"])), read_si4(bytes.fromhex(record["si4"]))
            assert si3.area == si4.area and si3.selection == si4.selection
            if si4.rest is not None:
                assert si3.rest.gprs_ra_colour == si4.rest.gprs_ra_colour
                assert si3.rest.selection == si4.rest.selection


def test_no_contents_can_break_the_readers() -> None:
    rng = np.random.default_rng(4)
    for octets in rng.integers(0, 256, (4000, 23), np.uint8):
        for kind in ("1", "2", "2bis", "2ter", "3", "4", "13"):
            try:
                read_system_information(kind, octets.tobytes())
            except BlockRefused as refusal:
                assert str(refusal)
