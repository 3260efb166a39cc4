"""A reserved code reads as unknown, and is counted by name: never silent, never a made-up value."""

import numpy as np
import pytest

from dsp.gsm.receive import receive_gsm
from dsp.gsm.reserved import reserved_fields
from dsp.gsm.system_info import read_system_information
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window

SI3 = bytes.fromhex("49061b2bd962f220013ec8070a156009b90000e81f461b")  # of a real cell


def changed(octet: int, value: int) -> bytes:
    return SI3[:octet] + bytes([value]) + SI3[octet + 1 :]


@pytest.mark.parametrize(
    ("octets", "names"),
    [
        (SI3, ()),
        (changed(6, 0xFE), ("mcc",)),
        (changed(7, 0xFA), ("mnc",)),
        (changed(10, (SI3[10] & 0xF8) | 5), ("ccch_conf",)),
        (changed(13, SI3[13] | 0x30), ("dtx",)),
    ],
)
def test_fields_with_reserved_codes_are_named(octets, names):
    assert reserved_fields(read_system_information("3", octets)) == names


def test_nothing_is_no_message():
    assert reserved_fields(None) == ()


def test_they_are_counted_in_the_look_and_the_rest_is_kept():
    broadcast = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, ci=200, raw={"3": changed(13, SI3[13] | 0x30).hex()})
    look = receive_gsm(window([OnAir(broadcast, 0.0)], rate_hz=1e6, seconds=1.0, eb_n0_db=20.0))
    blocks = [block for each in look.receptions for block in each.blocks if block.kind == "si3"]
    assert blocks
    assert all(block.reserved == ("dtx",) for block in blocks)
    assert dict(look.refused) == {"ReservedCode": len(blocks)}
    assert np.isfinite(look.seconds)
