import struct
from dataclasses import replace

from dsp.gsm.frame import Channel
from dsp.gsm.gsmtap import ARFCN_UNKNOWN, gsmtap_packet
from dsp.gsm.look import Block, Reception

SI3 = bytes.fromhex("49061b2bd962f220013ec8070a156009b90000e81f461b")
BLOCK = Block(857_108, Channel.BCCH, "si3", SI3, "8b57", 170.0)
CELL = Reception(
    bsic=48,
    measured_hz=947.4e6,
    arfcn=62,
    freq_hz=947.4e6,
    carrier_offset_hz=0.0,
    carrier_offset_sigma_hz=1.0,
    level_dbfs=-40.0,
    cnr_db=17.6,
    frame_number=1,
    frame_sample=0.0,
    frame_sample_sigma=None,
    clock_ppm=0.0,
    samples_per_frame=1.0,
    seconds=1.0,
    syncs=(),
    blocks=(),
    failed=(),
)


def fields(packet: bytes | None) -> tuple[int, ...]:
    assert packet is not None and len(packet) == 16 + 23
    return struct.unpack(">BBBBHbbIBBBB", packet[:16])


def test_a_system_information_goes_out_with_its_channel_frame_and_level():
    packet = gsmtap_packet(BLOCK, CELL, level_dbm=-84.4)
    assert fields(packet) == (2, 4, 1, 0, 62, -84, 18, 857_108, 1, 0, 0, 0)
    assert packet is not None and packet[16:] == SI3


def test_on_the_common_channel_of_another_slot_it_says_so():
    packet = gsmtap_packet(replace(BLOCK, channel=Channel.CCCH, timeslot=4), CELL)
    assert fields(packet) == (2, 4, 1, 4, 62, 0, 18, 857_108, 2, 0, 0, 0)


def test_512_is_marked_on_1900_and_not_on_1800_and_no_channel_is_no_channel_that_there_is():
    numbers = []
    for arfcn, freq_hz in ((512, 1930.2e6), (512, 1805.2e6), (None, 8.3e3)):
        numbers.append(fields(gsmtap_packet(BLOCK, replace(CELL, arfcn=arfcn, freq_hz=freq_hz)))[4])
    assert numbers == [0x8000 | 512, 512, ARFCN_UNKNOWN]


def test_levels_beyond_an_octet_stay_at_its_ends():
    packet = gsmtap_packet(BLOCK, replace(CELL, cnr_db=200.0), level_dbm=-170.0)
    assert fields(packet)[5:7] == (-128, 127)


def test_nothing_about_subscribers_and_nothing_empty_goes_out():
    for kind in ("paging1", "paging2", "paging3", "assignment", "assignment_extended", "assignment_reject", "refused"):
        assert gsmtap_packet(replace(BLOCK, kind=kind, octets=None, channel=Channel.CCCH), CELL) is None
    assert gsmtap_packet(replace(BLOCK, kind="fill", octets=bytes([1] + [0x2B] * 22)), CELL) is None
