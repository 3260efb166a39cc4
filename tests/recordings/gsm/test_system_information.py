import json
from pathlib import Path

import msgspec
import pytest

from recordings.gsm.spec import Gprs, GsmBroadcast, Si2quater
from recordings.gsm.system_information import system_information
from recordings.transmitter import BadBlock, FieldOutOfRange

# what a real cell says, field by field (its octets are below)
VODAFONE = GsmBroadcast(
    arfcn=725,
    bsic=48,
    plmn="262-02",
    lac=318,
    ci=11225,
    bs_ag_blks_res=1,
    bs_pa_mfrms=9,
    t3212=10,
    dtx=1,
    radio_link_timeout=5,
    cell_reselect_hysteresis_db=6,
    ms_txpwr_max_cch=0,
    rxlev_access_min=9,
    max_retrans=4,
    tx_integer=32,
    cbq=True,
    cell_reselect_offset_db=80,
    penalty_time=31,
    ncc_permitted=0x78,
    neighbour_arfcns=(735, 737, 740, 742, 744, 747, 749, 755, 757, 762, 767, 772),
    neighbour_arfcns_2ter=(2, 4, 5, 6, 8, 10, 29, 49, 53, 59, 61, 63, 67),
    multiband_reporting=3,
    si2ter_pseudo_length=0,
    cell_list_format="variable",
    nch_position=0,
    gprs=Gprs(
        ra_colour=6,
        bcch_change_mark=4,
        pan=(1, 2, 4),
        options_extension="0000110100",
        si_status_ind=True,
    ),
    si2quater=Si2quater(mp_change_mark=1, extension="1001000100000000000000000", extended_bcch=True),
)
ON_AIR = {
    "1": "5506198f6a8000000000000000000000000000b9000083",
    "2quater": "050607200046244000032b2b2b2b2b2b2b2b2b2b2b2b2b",
    "3": "49061b2bd962f220013ec8070a156009b90000e81f461b",
    "4": "31061c62f220013e6009b90000e81f732b2b2b2b2b2b2b",
    "13": "010600c0005847eb4a9243406284eb2b2b2b2b2b2b2b2b",
}


@pytest.mark.parametrize("kind", ON_AIR)
def test_a_real_cells_fields_become_its_octets(kind: str) -> None:
    assert system_information(VODAFONE, kind).hex() == ON_AIR[kind]


def test_a_cell_without_c2_parameters_becomes_its_octets() -> None:
    cell = GsmBroadcast(
        plmn="262-01",
        lac=21014,
        ci=8434,
        bs_ag_blks_res=3,
        bs_pa_mfrms=6,
        t3212=30,
        dtx=1,
        pwrc=True,
        radio_link_timeout=8,
        rxlev_access_min=4,
        max_retrans=4,
        tx_integer=12,
        reestablishment_allowed=False,
        gprs=Gprs(ra_colour=7),
        si2quater=Si2quater(),
    )
    assert system_information(cell, "3").hex() == "49061b20f262f2105216d8041e586504a500003fb32b2b"


def test_a_three_digit_network_code_stands_in_the_middle_octet() -> None:
    """24.008 §10.5.1.3: 310-410 is 13 00 14."""
    si4 = system_information(GsmBroadcast(plmn="310-410", lac=0x1234), "4")
    assert si4[3:8].hex() == "1300141234"


def test_what_is_given_raw_is_sent_instead_of_the_fields() -> None:
    cell = GsmBroadcast(raw={"3": ON_AIR["3"], "2": "00" * 23})
    assert system_information(cell, "3").hex() == ON_AIR["3"]
    assert system_information(cell, "2") == bytes(23)


@pytest.mark.parametrize("text", ["00", "zz" * 23, ON_AIR["3"] + "2b"])
def test_a_raw_block_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadBlock):
        system_information(GsmBroadcast(raw={"3": text}), "3")


@pytest.mark.parametrize(
    ("field", "value", "kind"),
    [
        ("ci", 65536, "3"),
        ("lac", -1, "4"),
        ("plmn", "46000", "3"),
        ("plmn", "460-0", "3"),
        ("bs_pa_mfrms", 1, "3"),
        ("max_retrans", 3, "1"),
        ("tx_integer", 13, "1"),
        ("cell_reselect_hysteresis_db", 5, "3"),
        ("cell_reselect_hysteresis_db", 16, "3"),
        ("cell_reselect_offset_db", 128, "4"),
        ("arfcn", 1024, "1"),
        ("nch_position", 32, "1"),
    ],
)
def test_a_field_that_does_not_fit_is_refused_by_its_name(field: str, value: object, kind: str) -> None:
    cell = msgspec.structs.replace(GsmBroadcast(), **{field: value})
    with pytest.raises(FieldOutOfRange) as refused:
        system_information(cell, kind)
    assert refused.value.field in (field, "cell_arfcns")


def test_temporary_offset_70_is_the_code_of_infinity_and_refused() -> None:
    cell = GsmBroadcast(cell_reselect_offset_db=0, temporary_offset_db=70)
    with pytest.raises(FieldOutOfRange):
        system_information(cell, "3")


def test_an_infinite_temporary_offset_is_seven() -> None:
    cell = GsmBroadcast(cell_reselect_offset_db=0, temporary_offset_infinite=True)
    rest = system_information(cell, "4")[13:]
    assert rest[1] >> 5 == 7


def test_messages_of_the_sacch_stand_behind_two_headers() -> None:
    cell = GsmBroadcast(ms_txpwr_max_cch=5, ci=0x1234, neighbour_arfcns=(1,))
    assert system_information(cell, "5").hex() == "0500030349061d" + "00" * 15 + "01"
    assert system_information(cell, "6").hex().startswith("050003032d061e1234")


@pytest.mark.needs_recordings
def test_system_information_3_and_4_of_real_cells_come_out_the_same(recordings_dir: Path) -> None:
    """Fields read off by hand-written slices, put back in by the encoder: every bit is accounted for."""
    cells = json.loads((recordings_dir / "cells" / "cells_2012.json").read_text())
    seen = 0
    for record in cells:
        if not record["si3"] or not record["si4"]:
            continue
        cell = msgspec.structs.replace(
            _fields(bytes.fromhex(record["si3"])),
            arfcn=record["arfcn"],
            bsic=int(record["bsic"].replace(",", ""), 8),
            cbch=record["si4"][26:28] == "64",
        )
        assert system_information(cell, "3").hex() == record["si3"]
        assert system_information(cell, "4").hex() == record["si4"]
        seen += 1
    assert seen > 50


def _fields(si3: bytes) -> GsmBroadcast:
    h, (rach, rest) = si3.hex(), (si3[16], si3[19:23])
    third = "" if h[12] == "f" else h[12]
    control, paging, option, choice, level = si3[10], si3[11], si3[13], si3[14], si3[15]
    relative = "".join(f"{a ^ 0x2B:08b}" for a in rest)
    plain = "".join(f"{a:08b}" for a in rest)
    at, fields = 1, {}
    if relative[0] == "1":
        fields = {
            "cbq": plain[1] == "1",
            "cell_reselect_offset_db": 2 * int(plain[2:8], 2),
            "temporary_offset_db": 0 if plain[8:11] == "111" else 10 * int(plain[8:11], 2),
            "temporary_offset_infinite": plain[8:11] == "111",
            "penalty_time": int(plain[11:16], 2),
        }
        at = 16
    if relative[at] == "1":
        fields["power_offset_db"] = 2 * int(plain[at + 1 : at + 3], 2)
        at += 2
    fields["neighbour_arfcns_2ter"] = () if relative[at + 1] == "1" else None
    fields["early_classmark"] = relative[at + 2] == "1"
    assert relative[at + 3] == "0"
    fields["gprs"] = Gprs(ra_colour=int(plain[at + 5 : at + 8], 2)) if relative[at + 4] == "1" else None
    at += 9 if relative[at + 4] == "1" else 5
    fields["early_classmark_3g"] = relative[at] == "1"
    fields["si2quater"] = Si2quater(extended_bcch=plain[at + 2] == "1") if relative[at + 1] == "1" else None
    return GsmBroadcast(
        plmn=f"{h[11]}{h[10]}{h[13]}-{h[15]}{h[14]}{third}",
        ci=int(h[6:10], 16),
        lac=int(h[16:20], 16),
        mscr=control >> 7,
        att=bool(control >> 6 & 1),
        bs_ag_blks_res=control >> 3 & 7,
        combined=control & 7 == 1,
        cbq3=paging >> 5 & 3,
        bs_pa_mfrms=2 + (paging & 7),
        t3212=si3[12],
        dn_ind=bool(option >> 7),
        pwrc=bool(option >> 6 & 1),
        dtx=option >> 4 & 3,
        radio_link_timeout=option & 15,
        cell_reselect_hysteresis_db=2 * (choice >> 5),
        ms_txpwr_max_cch=choice & 31,
        acs=bool(level >> 7),
        neci=bool(level >> 6 & 1),
        rxlev_access_min=level & 63,
        max_retrans=(1, 2, 4, 7)[rach >> 6],
        tx_integer=(3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 20, 25, 32, 50)[rach >> 2 & 15],
        cell_barred=bool(rach >> 1 & 1),
        reestablishment_allowed=not rach & 1,
        access_classes_barred=int(h[34:38], 16),
        **fields,
    )
