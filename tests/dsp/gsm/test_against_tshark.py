"""Our reading of rest octets beside that of tshark, which shares no line with it: real, made and chance contents."""

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from dsp.gsm.errors import BlockRefused
from dsp.gsm.message import ABOUT_SUBSCRIBERS, message_kind
from dsp.gsm.rest_octets import RestOctets3, RestOctets4
from dsp.gsm.si2quater import SystemInformation2quater
from dsp.gsm.si4 import SystemInformation4
from dsp.gsm.si5 import NeighboursInCall, SystemInformation6, read_slow_associated
from dsp.gsm.si13 import PacketOnCcch, SystemInformation13
from dsp.gsm.subscribers import SubscriberCounts, count_and_forget
from dsp.gsm.system_info import (
    Neighbours,
    SystemInformation1,
    SystemInformation3,
    SystemInformationFields,
    read_system_information,
)
from recordings.gsm.common_control import CommonControl
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.tshark import CCCH, SACCH, TSHARK, Fields, dissect

ABSENT = TSHARK is None and os.environ.get("CI") != "true"  # in CI they fail where it is not
pytestmark = [pytest.mark.needs_tshark, pytest.mark.skipif(ABSENT, reason="tshark is not installed")]

Expected = dict[str, int | list[int] | None]
HEADS = {"1": "550619", "2ter": "010603", "2quater": "050607", "3": "49061b", "4": "31061c", "13": "010600"}
_LEAST_EXTENSION = 8  # of the GPRS cell options in R99, with EGPRS: less one, as coded
REAL = {
    "1": "5506198f6a8000000000000000000000000000b9000083",
    "2ter": "01060360000000000004155010000000000aa82b2b2b2b",
    "2quater": "050607200046244000032b2b2b2b2b2b2b2b2b2b2b2b2b",
    "3": "49061b2bd962f220013ec8070a156009b90000e81f461b",
    "4": "31061c62f220013e6009b90000e81f732b2b2b2b2b2b2b",
    "13": "010600c0005847eb4a9243406284eb2b2b2b2b2b2b2b2b",
}


def _differences(fields: SystemInformationFields, shark: Fields) -> dict[str, tuple[list[int], list[int]]]:
    """Fields of which the two say different things."""
    found = {}
    for name, value in _expected(fields).items():
        ours = value if isinstance(value, list) else [] if value is None else [int(value)]
        theirs = [int(shown, 0) for shown in shark.get("gsm_a.rr." + name, [])]
        if ours != theirs:
            found[name] = (ours, theirs)
    return found


def _expected(fields: SystemInformationFields) -> Expected:
    match fields:
        case SystemInformation1(rest=rest):
            return {"nch_position": rest.nch_position, "band_indicator": rest.band_indicator == "1900"}
        case Neighbours(rest=rest) if rest is not None:
            return {"fdd_uarfcn": [*rest.utran.fdd], "tdd_uarfcn": [*rest.utran.tdd]}
        case SystemInformation2quater():
            return _of_2quater(fields)
        case SystemInformation3(rest=rest) | SystemInformation4(rest=RestOctets4() as rest):
            return _of_rest(rest)
        case SystemInformation13():
            return _of_13(fields)
    return {}


def _of_rest(rest: RestOctets3 | RestOctets4) -> Expected:
    selection = rest.selection
    more: Expected = {}
    if isinstance(rest, RestOctets3):
        more["system_information_type_2ter"] = rest.si2ter
        more["si2quater_position"] = rest.si2quater_extended
        more["early_classmark_sending"] = rest.early_classmark
    return more | {
        "cbq": selection and selection.cbq,
        "cell_reselect_offset": selection and selection.cell_reselect_offset,
        "temporary_offset": selection and selection.temporary_offset,
        "penalty_time": selection and selection.penalty_time,
        "power_offset": rest.power_offset,
        "gprs_ra_colour": rest.gprs_ra_colour,
        "si13_position": rest.si13_extended,
    }


def _of_2quater(fields: SystemInformation2quater) -> Expected:
    return {
        "ba_ind": fields.ba_ind,
        "3g_ba_ind": fields.ba_ind_3g,
        "mp_change_mark": fields.mp_change_mark,
        "si2quater_index": fields.index,
        "si2quater_count": fields.last,
        "bsic": [*fields.bsics],
        "qsearch_i": fields.qsearch_i,
        "fdd_uarfcn": [*fields.utran.fdd],
        "tdd_uarfcn": [*fields.utran.tdd],
        "serving_cell_priority_param_geran_priority": fields.priorities.geran_priority,
        "earfcn": [carrier.earfcn for carrier in fields.priorities.eutran],
    }


def _of_13(fields: SystemInformation13) -> Expected:
    marks: Expected = {
        "bcch_change_mark": fields.bcch_change_mark,
        "si_change_field": fields.si_change_field,
        "pbcch": fields.pbcch,
        "sgsnr": fields.sgsn_r99,
        "si_status_ind": fields.si_status_ind,
    }
    return marks if fields.packet is None else marks | _of_packet(fields.packet)


def _of_packet(packet: PacketOnCcch) -> Expected:
    options = packet.options
    return {
        "rac": packet.rac,
        "spgc_ccch_sup": packet.spgc_ccch_sup,
        "t3168": options.t3168_ms // 500 - 1,
        "drx_timer_max": options.drx_timer_max_s.bit_length(),
        "access_burst_type": options.access_burst_11_bits,
        "bs_cv_max": options.bs_cv_max,
        "egprs_supported": options.egprs,
        "pc_meas_chan": packet.pc_meas_chan,
        "n_avg_i": packet.n_avg_i,
    }


def _fields(kind: str, block: bytes) -> SystemInformationFields:
    fields = read_system_information(kind, block)
    assert fields is not None
    return fields


def test_messages_of_a_real_cell_read_alike(tmp_path: Path) -> None:
    blocks = {kind: bytes.fromhex(octets) for kind, octets in REAL.items()}
    for (kind, block), shark in zip(blocks.items(), dissect(list(blocks.values()), tmp_path), strict=True):
        assert _differences(_fields(kind, block), shark) == {}, kind


def _by_chance(kind: str, rng: np.random.Generator) -> bytes:
    """Rest octets with few or many bits set, against nothing or against the padding."""
    bits = rng.random(160) < rng.choice([0.15, 0.3, 0.5, 0.7])
    if rng.random() < 0.5:
        bits ^= np.unpackbits(np.full(20, 0x2B, np.uint8)).astype(bool) & (rng.random(160) < 0.9)
    return bytes.fromhex(HEADS[kind]) + np.packbits(bits).tobytes()


def _is_known(kind: str, block: bytes, names: set[str], shark: Fields) -> bool:
    """Where we differ on purpose: tshark names reserved codes; takes 0x64 for a cell broadcast channel where the
    pseudo length leaves no room for one; reads an extension beyond its stated length."""
    extension = int(shark.get("gsm_a.rr.extension_length", ["99"])[0])
    return (
        (kind == "1" and names == {"nch_position"})
        or (kind == "4" and block[13] in (0x64, 0x72))
        or (kind == "13" and extension < _LEAST_EXTENSION)
    )


@pytest.mark.parametrize("kind", HEADS)
def test_contents_by_chance_read_alike(kind: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    blocks = [_by_chance(kind, rng) for _ in range(120)]
    alike, purpose = 0, 0
    for block, shark in zip(blocks, dissect(blocks, tmp_path), strict=True):
        try:
            fields = read_system_information(kind, block)
        except BlockRefused:
            continue
        if fields is None or "_ws.malformed" in shark or "_ws.malformed.expert" in shark:
            continue
        different = _differences(fields, shark)
        if _is_known(kind, block, set(different), shark):
            purpose += bool(different)
            continue
        assert different == {}, block.hex()
        alike += 1
    assert alike >= 15 and purpose <= 12, (alike, purpose)


def test_messages_of_the_slow_associated_channel_read_alike(tmp_path: Path) -> None:
    cell = GsmBroadcast(arfcn=25, plmn="310-260", lac=0x1234, ci=99, neighbour_arfcns=(3, 70), ncc_permitted=0x5A)
    blocks = [system_information(cell, kind) for kind in ("5", "6")]
    five, six = (read_slow_associated(block) for block in blocks)
    shark_five, shark_six = dissect(blocks, tmp_path, channel=SACCH)
    assert five[0] == "5" and isinstance(five[1], NeighboursInCall) and five[1].arfcns == (3, 70)
    assert shark_five["gsm_a.rr.ba_ind"] == [str(five[1].ba_ind)]
    assert six[0] == "6" and isinstance(six[1], SystemInformation6)
    assert int(shark_six["gsm_a.bssmap.cell_ci"][0], 0) == six[1].ci == 99
    assert int(shark_six["gsm_a.lac"][0], 0) == six[1].area.lac == 0x1234
    assert shark_six["gsm_a.rr.radio_link_timeout"] == [str(six[1].radio_link_timeout)]
    assert (six[1].area.mcc, six[1].area.mnc, six[1].ncc_permitted) == ("310", "260", 0x5A)


def test_paging_and_assignments_are_counted_as_tshark_counts_them(tmp_path: Path) -> None:
    """Of a busy made cell: identities by type, assignments by kind, hopping."""
    cell = GsmBroadcast(arfcn=25, paging_per_s=80.0, paging_imsi_share=0.1, assignments_per_s=8.0, hopping_share=0.5)
    causes = ("location_update", "paging_answer", "originating", "emergency", "packet")
    channel = CommonControl(msgspec.structs.replace(cell, assignment_causes=causes), seed=4)
    blocks = [channel.block(51 * k + 6, k % 9) for k in range(200)]
    kinds = Counter[str]()
    for block, shark in zip(blocks, dissect(blocks, tmp_path, channel=CCCH), strict=True):
        kind = message_kind(block)
        counts = count_and_forget(kind, bytearray(block)) if kind in ABOUT_SUBSCRIBERS else SubscriberCounts()
        assert counts == _as_tshark_counts(shark, counts), block.hex()
        kinds[kind] += 1
    assert all(kinds[kind] > 5 for kind in ("paging1", "paging2", "paging3", "assignment")), kinds


def _as_tshark_counts(shark: Fields, counts: SubscriberCounts) -> SubscriberCounts:
    """`counts` with everything replaced of which tshark has an opinion."""
    types = shark.get("gsm_a.ie.mobileid.type", [])
    kinds = shark.get("gsm_a.rr.dedicated_mode_or_tbf", [])
    return replace(
        counts,
        imsi=types.count("1"),
        tmsi=types.count("4") + len(shark.get("gsm_a.tmsi", [])),
        no_identity=types.count("0"),
        assignments=len(kinds),
        assignments_packet=kinds.count("1"),
        assignments_hopping=shark.get("gsm_a.rr.hopping_channel", []).count("1"),
        emergencies=sum(0xA0 <= int(ra) < 0xC0 for ra in shark.get("gsm_a.rr.ra", [])),
    )
