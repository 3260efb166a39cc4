"""Channel coding against an implementation of somebody else's: libosmocoding, as Debian has it."""

import ctypes
import ctypes.util
import os

import numpy as np
import pytest
from numpy.typing import NDArray

from dsp.gsm.sch import SyncInformation, decode_sync, encode_syncs
from dsp.gsm.xcch import coded_order, decode_blocks, encode_blocks
from recordings.gsm.coding import code_blocks, code_sch

pytestmark = pytest.mark.needs_osmocom
BLOCKS = 60
_BURST_BITS = 116
_SURE = 127


@pytest.fixture(scope="module")
def osmo() -> ctypes.CDLL:
    """libosmocoding: Debian's package libosmocoding0. Required in CI."""
    name = ctypes.util.find_library("osmocoding") or "libosmocoding.so.0"
    try:
        return ctypes.CDLL(name)
    except OSError:
        if os.environ.get("CI") == "true":
            pytest.fail("libosmocoding is required in CI")
        pytest.skip("libosmocoding is not installed")


def _messages() -> NDArray[np.uint8]:
    """Random ones, and those at the edges of what can be sent."""
    rng = np.random.default_rng(45_003)
    random = rng.integers(0, 256, (BLOCKS - 3, 23), np.uint8)
    return np.concatenate([random, np.full((1, 23), 0x2B, np.uint8), np.zeros((1, 23), np.uint8), ~random[:1]])


def _osmo_encoded(osmo: ctypes.CDLL, octets: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(4, 116) bits: 57, the stealing flags, 57."""
    bits = (ctypes.c_uint8 * (4 * _BURST_BITS))()
    assert osmo.gsm0503_xcch_encode(bits, octets.tobytes()) == 0
    return np.frombuffer(bytes(bits), np.uint8).reshape(4, _BURST_BITS)


def _osmo_decoded(osmo: ctypes.CDLL, soft: NDArray[np.int8]) -> bytes | None:
    """23 octets from (4, 116) soft bits, 127 for a sure 0; None when the FIRE check fails."""
    octets, errors, total = (ctypes.c_uint8 * 23)(), ctypes.c_int(), ctypes.c_int()
    wrong = osmo.gsm0503_xcch_decode(octets, soft.tobytes(), ctypes.byref(errors), ctypes.byref(total))
    return None if wrong else bytes(octets)


def _data(bursts: NDArray[np.generic]) -> NDArray[np.generic]:
    """(..., 4, 114) without the stealing flags."""
    return np.concatenate([bursts[..., :57], bursts[..., 59:]], axis=-1)


def _with_flags(data: NDArray[np.int8]) -> NDArray[np.int8]:
    flags = np.full((*data.shape[:-1], 2), -_SURE, np.int8)
    return np.concatenate([data[..., :57], flags, data[..., 57:]], axis=-1)


def test_blocks_are_coded_bit_for_bit_as_libosmocoding_codes_them(osmo: ctypes.CDLL) -> None:
    octets = _messages()
    theirs = np.stack([_osmo_encoded(osmo, each) for each in octets])
    assert (code_blocks(octets) == theirs).all()  # the maker of recordings, stealing flags too
    assert (encode_blocks(octets) == _data(theirs)).all()  # the receiver's own


def test_blocks_that_libosmocoding_codes_are_read(osmo: ctypes.CDLL) -> None:
    octets = _messages()
    theirs = _data(np.stack([_osmo_encoded(osmo, each) for each in octets]))
    read, good = decode_blocks(coded_order(1 - 2.0 * theirs.astype(np.float32)))
    assert good.all() and (read == octets).all()


def test_libosmocoding_reads_what_the_maker_codes(osmo: ctypes.CDLL) -> None:
    octets = _messages()
    soft = np.where(code_blocks(octets) == 1, -_SURE, _SURE).astype(np.int8)
    assert [_osmo_decoded(osmo, each) for each in soft] == [each.tobytes() for each in octets]


def test_in_noise_what_both_read_is_the_same_and_neither_reads_more_than_a_few_that_the_other_misses(
    osmo: ctypes.CDLL,
) -> None:
    """At −0.5 dB about half of the blocks pass; eight-bit soft bits cost libosmocoding nearly nothing."""
    octets = np.repeat(_messages(), 5, axis=0)
    rng = np.random.default_rng(6)
    sent = 1 - 2.0 * encode_blocks(octets)
    soft = (sent + 0.79 * rng.standard_normal(sent.shape)).astype(np.float32)
    read, good = decode_blocks(coded_order(soft))
    quantised = _with_flags(np.clip(np.rint(soft * 32), -127, 127).astype(np.int8))
    theirs = [_osmo_decoded(osmo, each) for each in quantised]
    they_read = np.array([each is not None for each in theirs])
    for row, other in enumerate(theirs):
        assert not good[row] or read[row].tobytes() == octets[row].tobytes()
        assert other is None or other == octets[row].tobytes()
    assert 0.2 < good.mean() < 0.9 and (good != they_read).mean() < 0.06
    assert good.mean() > they_read.mean() - 0.02


def _sync_octets(bsic: int, frame_number: int) -> bytes:
    """3GPP TS 44.018 §9.1.30 by its octets: BBBBBBTT TTTTTTTT TSSSSSRR .......R."""
    t1, t2, t3 = frame_number // 1326, frame_number % 26, (frame_number % 51 - 1) // 10
    return bytes([bsic << 2 | t1 >> 9, t1 >> 1 & 255, (t1 & 1) << 7 | t2 << 2 | t3 >> 1, t3 & 1])


def _said(rng: np.random.Generator) -> list[SyncInformation]:
    numbers = 51 * rng.integers(0, 53_248, 40) + rng.choice([1, 11, 21, 31, 41], 40)
    return [SyncInformation(int(b), int(n)) for b, n in zip(rng.integers(0, 64, 40), numbers, strict=True)]


def test_synchronisation_bursts_are_coded_and_read_as_libosmocoding_does(osmo: ctypes.CDLL) -> None:
    said = _said(np.random.default_rng(9))
    theirs = np.empty((len(said), 78), np.uint8)
    for row, each in zip(theirs, said, strict=True):
        bits, octets = (ctypes.c_uint8 * 78)(), _sync_octets(each.bsic, each.frame_number)
        assert osmo.gsm0503_sch_encode(bits, octets) == 0
        row[:] = np.frombuffer(bytes(bits), np.uint8)
        soft = np.where(row == 1, -_SURE, _SURE).astype(np.int8).tobytes()
        back = (ctypes.c_uint8 * 4)()
        assert osmo.gsm0503_sch_decode(back, soft) == 0 and bytes(back) == octets
        data = np.unpackbits(np.frombuffer(octets, np.uint8), bitorder="little")[:25]
        assert (code_sch(data) == row).all()
    assert (encode_syncs(said) == theirs).all()
    assert decode_sync(1 - 2.0 * theirs.astype(np.float32)) == said
