"""Phases on the wire: what comes is what was sent, and what cannot be phases is refused."""

import msgspec
import pytest

from dsp.fm.phase_steps import PhaseSteps
from wire.errors import BadField, NotFiniteNumber, WireError
from wire.messages import Task
from wire.phase_snippet import PhaseSnippet, decode_phases, encode_phases
from wire.report import TimeSource

PART = PhaseSteps(
    freq_hz=98.1e6, rate_hz=150e3, first_s=0.0, grains=40, carrier_hz=12.0, steps=b"\x00\x01\xff" * 100, sinr_db=12.0
)
SNIPPET = PhaseSnippet(parts=(PART,), time_utc_ns=1, time_sigma_ns=5_000_000, time_source=TimeSource.NTP, position=None)


def test_a_snippet_comes_back_as_it_went() -> None:
    assert decode_phases(encode_phases(SNIPPET)) == SNIPPET


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"rate_hz": 0.0}, BadField),
        ({"rate_hz": float("nan")}, NotFiniteNumber),
        ({"grains": 0}, BadField),
        ({"first_s": 1e9}, BadField),
        ({"freq_hz": -1.0}, BadField),
    ],
)
def test_numbers_that_no_sensor_sends_are_refused(fields: dict[str, float], error: type[WireError]) -> None:
    parts = (msgspec.structs.replace(PART, **fields),)
    with pytest.raises(error):
        decode_phases(encode_phases(msgspec.structs.replace(SNIPPET, parts=parts)))


def test_hostile_bytes_are_refused() -> None:
    with pytest.raises(WireError):
        decode_phases(b"\xc1 nonsense")
    with pytest.raises(BadField):
        decode_phases(encode_phases(msgspec.structs.replace(SNIPPET, parts=(PART,) * 9)))
    with pytest.raises(BadField):
        decode_phases(encode_phases(msgspec.structs.replace(SNIPPET, parts=())))


def test_a_sensor_of_an_earlier_version_understands_the_rest_of_such_a_task() -> None:
    """Unknown fields are skipped: it listens, and sends neither samples nor phases."""

    class OldTask(msgspec.Struct, frozen=True, kw_only=True, tag="task"):
        id: str
        centre_hz: float
        rate_hz: float
        seconds: float
        snippet: bool = False

    new = Task(id="a", centre_hz=98e6, rate_hz=2.4e6, seconds=1.2, stations_hz=(98e6, 98.3e6), at_utc_ns=5)
    old = msgspec.msgpack.decode(msgspec.msgpack.encode(new), type=OldTask)
    assert (old.id, old.snippet) == ("a", False)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(old), type=Task).stations_hz == ()
