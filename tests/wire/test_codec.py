import math
import time
import tracemalloc

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wire import codec, errors, messages
from wire.errors import WireError

SENSOR_MESSAGES = (
    messages.Hello(boot="a" * 32, software="0.1.0", waiting=3),
    messages.Batch(packed=b"\0\1", waiting=0),
    messages.Heartbeat(waiting=1),
    messages.TaskTaken(task="x-1"),
    messages.TaskDone(task="x-1", outcome="done"),
    messages.SnippetOffer(
        task="x-1",
        centre_hz=1e8,
        rate_hz=2.4e6,
        time_utc_ns=None,
        format="cu8",
        sample_bytes=4,
        sha256="0" * 64,
        packed_bytes=4,
    ),
    messages.SnippetPart(task="x-1", offset=0, data=b"1234"),
)
SERVER_MESSAGES = (
    messages.Welcome(credit=400, software="0.1.0"),
    messages.Ack(
        stored=(messages.Span(boot="a" * 32, first=1, last=4),),
        refused=(messages.RefusedReport(boot="a" * 32, seq=5, reason="not_finite"),),
        credit=100,
    ),
    messages.Credit(credit=1),
    messages.Task(id="x-1", centre_hz=1e8, rate_hz=2.4e6, seconds=1.0),
    messages.SnippetWanted(task="x-1", offset=4),
    messages.SnippetStored(task="x-1"),
    messages.SnippetRefused(task="x-1", reason="hash"),
    messages.Refused(reason="revoked", text="…"),
)


@pytest.mark.parametrize("message", SENSOR_MESSAGES)
def test_what_a_sensor_says_comes_back_as_it_was(message: messages.SensorSays) -> None:
    assert codec.decode_from_sensor(codec.encode(message)) == message


@pytest.mark.parametrize("message", SERVER_MESSAGES)
def test_what_a_server_says_comes_back_as_it_was(message: messages.ServerSays) -> None:
    assert codec.decode_from_server(codec.encode(message)) == message


def envelope(message: object, protocol: object = codec.PROTOCOL) -> bytes:
    return msgspec.msgpack.encode([protocol, message])


HEARTBEAT = envelope({"type": "heartbeat", "waiting": 1})
DEEP = b"\x91" * 100_000 + b"\x01"


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", errors.NotMessagePack),
        (b"\xc1", errors.NotMessagePack),
        (HEARTBEAT[:-1], errors.NotMessagePack),
        (HEARTBEAT + b"\0", errors.TrailingBytes),
        (HEARTBEAT * 2, errors.TrailingBytes),
        (envelope({"type": "nope", "waiting": 1}), errors.UnknownTag),
        (envelope({"type": "welcome", "credit": 1, "software": ""}), errors.UnknownTag),
        (envelope({"waiting": 1}), errors.BadField),
        (envelope({"type": "heartbeat", "waiting": "1"}), errors.BadField),
        (envelope({"type": "heartbeat", "waiting": math.nan}), errors.BadField),
        (envelope([1, 2]), errors.BadField),
        (envelope({"type": "heartbeat", "waiting": 1}, "1"), errors.BadField),
        (envelope({"type": "heartbeat", "waiting": 1}, 0), errors.OlderProtocol),
        (envelope({"type": "heartbeat", "waiting": 1}, codec.PROTOCOL + 1), errors.NewerProtocol),
        (envelope({"type": "something new"}, 2**64 - 1), errors.NewerProtocol),
        (DEEP, errors.WireError),
        (b"\x92\x01" + DEEP, errors.TooDeep),
        (b"\x92\x01\x83\xa4type\xa9heartbeat\xa7waiting\x01\xa1q" + DEEP, errors.TooDeep),
        (b"\x92\x01\x82\xa4type\xa5hello\xa4boot\xa2\xff\xfe", errors.NotMessagePack),
        (b"\xdd\xff\xff\xff\xff" + b"\0" * 100, errors.WireError),
    ],
)
def test_each_wrong_message_has_its_own_refusal(data: bytes, refusal: type[WireError]) -> None:
    with pytest.raises(refusal):
        codec.decode_from_sensor(data)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_both_ways_and_named(bad: float) -> None:
    task = messages.Task(id="x", centre_hz=bad, rate_hz=1.0, seconds=1.0)
    with pytest.raises(errors.NotFiniteNumber, match=r"centre_hz"):
        codec.encode(task)
    with pytest.raises(errors.NotFiniteNumber, match=r"centre_hz"):
        codec.decode_from_server(envelope(task))


def test_a_single_precision_nan_is_refused_too() -> None:
    data = b"\x92\x01" + msgspec.msgpack.encode(
        {"type": "task", "id": "x", "rate_hz": 1.0, "seconds": 1.0, "centre_hz": 0}
    ).replace(b"\xa9centre_hz\x00", b"\xa9centre_hz\xca\x7f\xc0\x00\x00")
    with pytest.raises(errors.NotFiniteNumber):
        codec.decode_from_server(data)


def test_bytes_that_only_look_like_nan_are_taken() -> None:
    part = messages.SnippetPart(task="x", offset=0, data=b"\xcb\x7f\xf8\0\0\0\0\0\0" * 3)
    assert codec.decode_from_sensor(codec.encode(part)) == part


def test_an_oversize_message_is_refused_before_it_is_read() -> None:
    tracemalloc.start()
    data = b"\xdd\x01\xc9\xc3\x80" + b"\x90" * 30_000_000
    before = tracemalloc.get_traced_memory()[0]
    with pytest.raises(errors.Oversize):
        codec.decode_from_sensor(data)
    assert tracemalloc.get_traced_memory()[1] - before < 1_000_000 + len(data)
    tracemalloc.stop()
    with pytest.raises(errors.Oversize):
        codec.encode(messages.SnippetPart(task="x", offset=0, data=bytes(codec.MAX_MESSAGE_BYTES)))


def test_a_million_lists_within_the_limit_cost_little_time() -> None:
    began = time.perf_counter()
    with pytest.raises(WireError):
        codec.decode_from_sensor(b"\x92\x01\xdd\x00\x0f\x00\x00" + b"\x90" * 983_040)
    assert time.perf_counter() - began < 1.0


def test_an_unknown_field_is_skipped() -> None:
    data = envelope({"type": "heartbeat", "waiting": 1, "added_later": [1, {"a": None}]})
    assert codec.decode_from_sensor(data) == messages.Heartbeat(waiting=1)


def test_a_version_refusal_says_which_side_to_update() -> None:
    with pytest.raises(errors.OlderProtocol, match="update the sender"):
        codec.check_protocol(codec.OLDEST_PROTOCOL - 1)
    with pytest.raises(errors.NewerProtocol, match="update the receiver"):
        codec.check_protocol(codec.PROTOCOL + 1)


def test_a_refusal_of_a_megabyte_tag_is_a_short_sentence() -> None:
    with pytest.raises(errors.UnknownTag) as caught:
        codec.decode_from_sensor(envelope({"type": "x" * 1_000_000}))
    assert len(str(caught.value)) < 400


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(WireError):
        codec.decode_from_sensor(data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SENSOR_MESSAGES), st.data())
def test_a_message_with_changed_bytes_is_read_or_refused_by_name(
    message: messages.SensorSays, data: st.DataObject
) -> None:
    raw = bytearray(codec.encode(message))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        codec.encode(codec.decode_from_sensor(bytes(raw)))
    except WireError as error:
        assert error.reason != WireError.reason


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["hello", "batch", "snippet_offer", "task_done"]), st.dictionaries(st.text(), plain), st.data())
def test_well_formed_nonsense_is_refused_by_name(kind: str, fields: dict[str, object], data: st.DataObject) -> None:
    for name in ("boot", "software", "waiting", "packed", "task", "outcome"):
        fields[name] = data.draw(plain)
    try:
        codec.decode_from_sensor(envelope(fields | {"type": kind}))
    except WireError as error:
        assert error.reason != WireError.reason
