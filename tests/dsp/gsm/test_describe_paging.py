"""What a cell reports of its common channels: sums over the blocks of one look, by kind and cause."""

import msgspec
import pytest

from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import Channel
from dsp.gsm.look import Block
from dsp.gsm.sorting import block_of
from dsp.gsm.values import PagingCounts
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information
from tests.dsp.gsm.test_cell import _look

ASSIGNED = "2d063f00" + "4a6000"  # a dedicated channel, not hopping
SENT = (
    "15062100" + "01f0",  # paging that names nobody
    "25062100" + "05f412345678",
    "2d062200" + "1234567812345678",
    "4d062400" + "12345678" * 4,
    "31062100" + "082926070000000000",
    ASSIGNED + "0500aa" + "0000",  # 0000: location update
    ASSIGNED + "1500aa" + "0000",  # 0001: location update where NECI is 0
    ASSIGNED + "8500aa" + "0000",
    ASSIGNED + "e500aa" + "0000",
    ASSIGNED + "a500aa" + "0000",
    ASSIGNED + "c500aa" + "0000",
    "2d063f10" + "4a7000" + "7800aa" + "0000",  # packet
    "4d063a00" + "0500aa05" + "8000ab0a" * 3,  # rejected: two requests, 5 s and 10 s
    "01" + "2b" * 22,  # fill
)


def _ccch(octets: str) -> Block:
    whole = bytes.fromhex(octets)
    return block_of(57, Channel.CCCH, bytearray(whole + b"\x2b" * (23 - len(whole))), quality=9.0)


@pytest.mark.parametrize(("neci", "updates"), [(False, 2), (True, 1), (None, 1)])
def test_every_kind_is_counted_once_and_causes_follow_neci(neci: bool | None, updates: int) -> None:
    """NECI not heard: only what is a location update whatever it is."""
    blocks = [_ccch(octets) for octets in SENT]
    assert all(block.refusal is None and block.kind != "refused" for block in blocks)
    if neci is not None:
        si3 = system_information(GsmBroadcast(arfcn=25, neci=neci), "3")
        blocks.append(block_of(104, Channel.BCCH, bytearray(si3), quality=9.0))
    (cell,) = CellMemory().describe(_look(*blocks))
    assert cell.paging == PagingCounts(
        blocks_read=len(SENT),
        imsi=1,
        tmsi=7,
        no_identity=1,
        assignments=7,
        assignments_location_update=updates,
        assignments_hopping=0,
        groups=0,
        assignments_packet=1,
        assignments_answer=1,
        assignments_call=1,
        assignments_emergency=1,
        assignments_reestablishment=1,
        assignments_rejected=2,
        rejected_wait_s=15,
    )


def test_nothing_of_an_identity_reaches_the_description() -> None:
    blocks = [_ccch(octets) for octets in SENT[:5]]
    assert all(block.octets is None for block in blocks)
    (cell,) = CellMemory().describe(_look(*blocks))
    said = msgspec.json.encode(cell)
    assert b"12345678" not in said and b"2926070000" not in said


def test_counts_of_an_earlier_version_are_read_as_not_counted() -> None:
    old = {"type": "paging", "blocks_read": 3, "imsi": 0, "tmsi": 2, "no_identity": 1, "assignments": 0}
    old |= {"assignments_location_update": 0, "assignments_hopping": 0}
    counts = msgspec.convert(old, PagingCounts)
    assert counts.tmsi == 2 and counts.assignments_rejected is None
