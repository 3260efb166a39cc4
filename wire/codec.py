"""Messages to bytes and back: MessagePack in a versioned envelope. Every refusal is a class of wire.errors.

The envelope is the array [protocol, message]. The protocol is read first, so that a message of another
version is refused by its number and never half understood.
"""

import math
import re
from typing import Any, TypeVar

import msgspec

from wire.errors import (
    BadField,
    NewerProtocol,
    NotFiniteNumber,
    NotMessagePack,
    OlderProtocol,
    Oversize,
    TooDeep,
    TrailingBytes,
    UnknownTag,
    WireError,
)
from wire.messages import SensorSays, ServerSays

PROTOCOL = 1
OLDEST_PROTOCOL = 1
MAX_MESSAGE_BYTES = 1 << 20

T = TypeVar("T")


class Envelope(msgspec.Struct, frozen=True, array_like=True):
    protocol: int
    message: msgspec.Raw


_encoder = msgspec.msgpack.Encoder()
_envelope = msgspec.msgpack.Decoder(Envelope)
_from_sensor: msgspec.msgpack.Decoder[SensorSays] = msgspec.msgpack.Decoder(SensorSays)
_from_server: msgspec.msgpack.Decoder[ServerSays] = msgspec.msgpack.Decoder(ServerSays)

# Every NaN and infinity of MessagePack looks like this: float64 or float32 with all exponent bits set.
# Other bytes may look like it too, so a match only says that the numbers must be looked at one by one.
_maybe_not_finite = re.compile(rb"\xcb[\x7f\xff][\xf0-\xff]|\xca[\x7f\xff][\x80-\xff]", re.DOTALL)


def encode(message: SensorSays | ServerSays, *, protocol: int = PROTOCOL) -> bytes:
    """Raises NotFiniteNumber, Oversize."""
    data = _encoder.encode((protocol, message))
    if len(data) > MAX_MESSAGE_BYTES:
        raise Oversize(size_bytes=len(data), limit_bytes=MAX_MESSAGE_BYTES)
    refuse_not_finite(message, data)
    return data


def decode_from_sensor(data: bytes, *, limit_bytes: int = MAX_MESSAGE_BYTES) -> SensorSays:
    """Raises a WireError for anything but a whole message of a known version."""
    return _decode(data, _from_sensor, limit_bytes)


def decode_from_server(data: bytes, *, limit_bytes: int = MAX_MESSAGE_BYTES) -> ServerSays:
    """Raises a WireError for anything but a whole message of a known version."""
    return _decode(data, _from_server, limit_bytes)


def check_protocol(protocol: int) -> None:
    """Raises OlderProtocol, NewerProtocol."""
    if protocol < OLDEST_PROTOCOL:
        raise OlderProtocol(theirs=protocol, oldest=OLDEST_PROTOCOL)
    if protocol > PROTOCOL:
        raise NewerProtocol(theirs=protocol, newest=PROTOCOL)


def decode_value(data: bytes | msgspec.Raw, decoder: "msgspec.msgpack.Decoder[T]") -> T:
    """One MessagePack value, finite throughout. Raises a WireError."""
    try:
        value = decoder.decode(data)
    except RecursionError:
        raise TooDeep from None
    except msgspec.ValidationError as error:
        raise _named(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, MemoryError) as error:
        raise TrailingBytes if "trailing" in str(error) else NotMessagePack(why=str(error)[:300]) from None
    refuse_not_finite(value, bytes(data))
    return value


def refuse_not_finite(value: object, data: bytes) -> None:
    """`data` is the value's MessagePack. Raises NotFiniteNumber, naming the field."""
    if _maybe_not_finite.search(data) and (where := _first_not_finite(value, "message")):
        raise NotFiniteNumber(where=where)


def _decode(data: bytes, decoder: "msgspec.msgpack.Decoder[T]", limit_bytes: int) -> T:
    if len(data) > limit_bytes:
        raise Oversize(size_bytes=len(data), limit_bytes=limit_bytes)
    envelope = decode_value(data, _envelope)
    check_protocol(envelope.protocol)
    return decode_value(envelope.message, decoder)


def _named(error: msgspec.ValidationError) -> WireError:
    """msgspec says "Invalid value 'x' - at `$.type`" of a tag it does not know."""
    text = str(error)[:300]  # a tag may be a megabyte long
    return UnknownTag(why=text) if str(error).endswith(".type`") else BadField(why=text)


def _first_not_finite(value: Any, where: str) -> str | None:
    """Path of the first number that is NaN or infinite."""
    if isinstance(value, float):
        return None if math.isfinite(value) else where
    if isinstance(value, msgspec.Struct):
        inner = [(f"{where}.{name}", getattr(value, name)) for name in value.__struct_fields__]
    elif isinstance(value, dict):
        inner = [(f"{where}.{key}", item) for key, item in value.items()]
    elif isinstance(value, (tuple, list)):
        inner = [(f"{where}[{index}]", item) for index, item in enumerate(value)]
    else:
        return None
    return next((found for name, item in inner if (found := _first_not_finite(item, name))), None)
