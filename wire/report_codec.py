"""Reports to bytes and back, and the packing of many into one batch."""

import re
import zlib

import msgspec

from wire.codec import MAX_MESSAGE_BYTES, PROTOCOL, check_protocol, decode_value, refuse_not_finite
from wire.errors import BadField, NotMessagePack, Oversize
from wire.messages import Item
from wire.report import Report

# room for the batch around it; one report is never cut in two
MAX_REPORT_BYTES = MAX_MESSAGE_BYTES - (1 << 14)
INT64_MAX = (1 << 63) - 1

_encoder = msgspec.msgpack.Encoder()
_report = msgspec.msgpack.Decoder(Report)
_items: msgspec.msgpack.Decoder[tuple[Item, ...]] = msgspec.msgpack.Decoder(tuple[Item, ...])
_boot = re.compile(r"[0-9a-f]{32}")


def encode_report(report: Report) -> bytes:
    """Raises NotFiniteNumber, Oversize, BadField: nothing leaves that the other side would refuse."""
    try:
        body = _encoder.encode(report)
    except (TypeError, OverflowError) as error:  # a value of a type or size that no wire knows
        raise BadField(why=str(error)) from error
    if len(body) > MAX_REPORT_BYTES:
        raise Oversize(size_bytes=len(body), limit_bytes=MAX_REPORT_BYTES)
    refuse_not_finite(report, body)
    _check_identity(report.boot, report.seq)
    return body


def decode_report(body: bytes) -> Report:
    """The report of a stored body. Raises a WireError."""
    return decode_value(body, _report)


def open_item(item: Item) -> Report:
    """The report of an item, once everything about it is right. Raises a WireError."""
    check_protocol(item.protocol)
    _check_identity(item.boot, item.seq)
    if len(item.body) > MAX_REPORT_BYTES:
        raise Oversize(size_bytes=len(item.body), limit_bytes=MAX_REPORT_BYTES)
    report = decode_report(item.body)
    if (report.boot, report.seq) != (item.boot, item.seq):
        raise BadField(why="the report inside has another boot or number than the item around it")
    return report


def pack(items: tuple[Item, ...]) -> bytes:
    return zlib.compress(_encoder.encode(items), 1)


def unpack(packed: bytes) -> tuple[Item, ...]:
    """Raises a WireError. At most one message's worth is ever unpacked."""
    return decode_value(inflate(packed, limit_bytes=MAX_MESSAGE_BYTES), _items)


def inflate(packed: bytes, *, limit_bytes: int) -> bytes:
    """Raises NotMessagePack for anything but one whole zlib stream, Oversize beyond the limit."""
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(packed, limit_bytes + 1)
    except zlib.error as error:
        raise NotMessagePack(why=str(error)) from None
    if len(data) > limit_bytes:
        raise Oversize(size_bytes=len(data), limit_bytes=limit_bytes)
    if not stream.eof or stream.unused_data:
        raise NotMessagePack(why="the packed part is cut short or followed by something else")
    return data


def make_item(boot: str, seq: int, body: bytes, *, protocol: int = PROTOCOL) -> Item:
    return Item(boot=boot, seq=seq, protocol=protocol, body=body)


def _check_identity(boot: str, seq: int) -> None:
    if not _boot.fullmatch(boot):
        raise BadField(why="boot is not 32 hex digits")
    if not 1 <= seq <= INT64_MAX:
        raise BadField(why=f"number {seq} is outside 1 … 2⁶³-1")
