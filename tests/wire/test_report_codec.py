import math
import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wire.made import BOOT, make_cell, make_report
from wire import errors
from wire.codec import MAX_MESSAGE_BYTES, PROTOCOL
from wire.report_codec import (
    MAX_REPORT_BYTES,
    decode_report,
    encode_report,
    inflate,
    make_item,
    open_item,
    pack,
    unpack,
)


def test_a_report_comes_back_as_it_was() -> None:
    report = make_report()
    assert decode_report(encode_report(report)) == report


def test_a_batch_comes_back_as_it_was() -> None:
    items = tuple(make_item(BOOT, seq, encode_report(make_report(seq=seq))) for seq in (1, 2, 9))
    assert unpack(pack(items)) == items
    assert [open_item(item).seq for item in items] == [1, 2, 9]


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_nan_anywhere_in_a_report_is_refused_both_ways(bad: float) -> None:
    cell = msgspec.structs.replace(make_cell(), relative_offset_ppm=bad)
    report = msgspec.structs.replace(make_report(), heard=(cell,))
    with pytest.raises(errors.NotFiniteNumber, match=r"heard\[0\]\.relative_offset_ppm"):
        encode_report(report)
    with pytest.raises(errors.NotFiniteNumber):
        open_item(make_item(BOOT, 1, msgspec.msgpack.encode(report)))


@pytest.mark.parametrize(
    ("boot", "seq"), [("", 1), ("G" * 32, 1), (BOOT.upper(), 1), (BOOT + "\n", 1), (BOOT, 0), (BOOT, -1), (BOOT, 2**63)]
)
def test_an_identity_that_no_sensor_makes_is_refused(boot: str, seq: int) -> None:
    report = msgspec.structs.replace(make_report(), boot=boot, seq=seq)
    with pytest.raises(errors.BadField):
        encode_report(report)
    with pytest.raises(errors.BadField):
        open_item(make_item(boot, seq, msgspec.msgpack.encode(report)))


def test_an_item_that_names_another_report_than_it_holds_is_refused() -> None:
    with pytest.raises(errors.BadField):
        open_item(make_item(BOOT, 2, encode_report(make_report(seq=1))))


def test_an_item_of_another_protocol_is_refused_by_version() -> None:
    body = encode_report(make_report())
    with pytest.raises(errors.NewerProtocol):
        open_item(make_item(BOOT, 1, body, protocol=PROTOCOL + 1))
    with pytest.raises(errors.OlderProtocol):
        open_item(make_item(BOOT, 1, body, protocol=0))


def test_a_report_that_no_message_can_carry_is_refused_where_it_is_made() -> None:
    with pytest.raises(errors.Oversize):
        encode_report(msgspec.structs.replace(make_report(), software="x" * MAX_REPORT_BYTES))


def test_an_unknown_kind_of_heard_thing_is_an_unknown_tag() -> None:
    body = encode_report(make_report()).replace(b"gsm_cell", b"lte_cell")
    with pytest.raises(errors.UnknownTag):
        decode_report(body)


def test_a_bomb_is_refused_at_one_message() -> None:
    bomb = zlib.compress(bytes(300_000_000), 9)
    assert len(bomb) < MAX_MESSAGE_BYTES
    with pytest.raises(errors.Oversize):
        unpack(bomb)


@pytest.mark.parametrize("packed", [b"", b"x", zlib.compress(b"abc")[:-1], zlib.compress(b"abc") + b"x"])
def test_a_packed_part_that_is_not_whole_is_refused(packed: bytes) -> None:
    with pytest.raises(errors.NotMessagePack):
        inflate(packed, limit_bytes=100)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_report_with_changed_bytes_is_read_or_refused_by_name(data: st.DataObject) -> None:
    raw = bytearray(encode_report(make_report()))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        encode_report(open_item(make_item(BOOT, 1, bytes(raw))))
    except errors.WireError as error:
        assert error.reason != errors.WireError.reason


@pytest.mark.parametrize("value", [object(), 1 << 70])
def test_a_value_that_no_wire_knows_is_refused_by_name(value: object) -> None:
    finding = msgspec.structs.replace(make_report().findings[0], evidence={"odd": value})  # type: ignore[dict-item]
    with pytest.raises(errors.BadField):
        encode_report(msgspec.structs.replace(make_report(), findings=(finding,)))
