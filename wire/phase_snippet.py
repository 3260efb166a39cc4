"""Stations as phases, from a sensor that was asked for them: small enough for any link. Both directions, checked."""

import math

import msgspec

from dsp.fm.phase_steps import FINEST, PhaseSteps
from wire.codec import decode_value
from wire.errors import BadField
from wire.report import Position, TimeSource

FORMAT = "phases"  # of a SnippetOffer
MOST_BYTES = 1 << 20  # unpacked
MOST_PACKED_BYTES = 256_000  # what a sensor sends at most
MOST_PARTS = 8
RATES_HZ = (100e3, 400e3)


class PhaseSnippet(msgspec.Struct, frozen=True, kw_only=True, tag="phase_snippet"):
    """What one sensor heard of several stations at once, or one after the other.

    time_utc_ns : where its parts' first_s count from, by the sensor's clock
    """

    parts: tuple[PhaseSteps, ...]
    time_utc_ns: int
    time_sigma_ns: int | None
    time_source: TimeSource
    position: Position | None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(PhaseSnippet)


def encode_phases(snippet: PhaseSnippet) -> bytes:
    return _encoder.encode(snippet)


def decode_phases(data: bytes) -> PhaseSnippet:
    """Raises a WireError for anything but phases that can be worked with."""
    snippet = decode_value(data, _decoder)
    if not 0 < len(snippet.parts) <= MOST_PARTS:
        raise BadField(why=f"{len(snippet.parts)} stations in one snippet, at most {MOST_PARTS} are taken")
    for part in snippet.parts:
        _check(part)
    return snippet


def _check(part: PhaseSteps) -> None:
    if not RATES_HZ[0] <= part.rate_hz <= RATES_HZ[1]:
        raise BadField(why=f"a rate of {part.rate_hz:g} phases/s")
    if not 1 <= part.grains <= FINEST:
        raise BadField(why=f"{part.grains} grains a turn")
    if not math.fabs(part.first_s) <= 60 or not 0 < part.freq_hz < 3e9:
        raise BadField(why=f"a station at {part.freq_hz:g} Hz that begins at {part.first_s:g} s")
