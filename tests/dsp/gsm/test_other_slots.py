"""Common control channels on time slots 2, 4 and 6."""

import pytest

from dsp.gsm.cell import CellMemory
from dsp.gsm.frame import BLOCK_STARTS, Channel
from dsp.gsm.receive import receive_gsm
from recordings.gsm.spec import GsmBroadcast
from recordings.gsm.system_information import system_information
from recordings.gsm.transmitter import GsmTransmitter
from recordings.transmitter import BroadcastError
from tests.dsp.gsm.made import OnAir, window


def _cell(channels: int) -> GsmBroadcast:
    return GsmBroadcast(
        arfcn=25, plmn="460-00", bsic=21, ci=200, ccch_channels=channels, paging_per_s=20.0, symbol_offset=99.3
    )


@pytest.mark.parametrize(("channels", "ccch_conf"), [(2, 2), (3, 4), (4, 6)])
def test_every_common_control_channel_that_is_announced_is_read(channels: int, ccch_conf: int) -> None:
    cell = _cell(channels)
    look = receive_gsm(window([OnAir(cell, 4321.0)], rate_hz=5e5, seconds=1.2, eb_n0_db=12.0))
    (reception,) = look.receptions
    (described,) = CellMemory().describe(look)
    assert described.ccch_conf == ccch_conf and reception.blocks_failed == 0
    sent = GsmTransmitter(cell, seed=1).control_slots
    assert {block.timeslot for block in reception.blocks} == set(sent)
    for timeslot, slot in sent.items():
        blocks = [block for block in reception.blocks if block.timeslot == timeslot]
        numbers = [block.frame_number for block in blocks]
        possible = {n for n in range(numbers[0], numbers[-1] + 1) if n % 51 in BLOCK_STARTS}
        assert set(numbers) == possible and len(numbers) >= 48
        for block in blocks:
            octets = slot.blocks(block.frame_number // 51)[block.frame_number % 51]
            assert (block.octets or octets) == octets
            assert block.channel is (Channel.BCCH if block.frame_number % 51 == 2 else Channel.CCCH)
    places = [block.place for block in reception.blocks]
    assert places == sorted(set(places))
    assert described.paging is not None and described.paging.blocks_read > 43 * channels


def test_a_channel_announced_and_not_sent_is_neither_read_nor_failed() -> None:
    raw = {"3": system_information(_cell(2), "3").hex()}
    lonely = GsmBroadcast(arfcn=25, plmn="460-00", bsic=21, raw=raw)
    look = receive_gsm(window([OnAir(lonely)], rate_hz=5e5, seconds=1.2, eb_n0_db=12.0))
    (described,) = CellMemory().describe(look)
    assert described.ccch_conf == 2
    assert {block.timeslot for block in look.receptions[0].blocks} == {0} and look.receptions[0].blocks_failed == 0


def test_a_long_block_has_none_of_them_twice() -> None:
    look = receive_gsm(window([OnAir(_cell(2))], rate_hz=4e5, seconds=3.4, eb_n0_db=12.0))
    places = [block.place for block in look.receptions[0].blocks]
    assert places == sorted(set(places)) and look.receptions[0].blocks_failed == 0
    assert sum(timeslot == 2 for _, timeslot in places) >= 140


@pytest.mark.parametrize(("channels", "combined"), [(0, False), (5, False), (2, True)])
def test_channels_that_cannot_be_are_not_sent(channels: int, combined: bool) -> None:
    with pytest.raises(BroadcastError):
        GsmTransmitter(GsmBroadcast(plmn="460-00", ccch_channels=channels, combined=combined), seed=1)
