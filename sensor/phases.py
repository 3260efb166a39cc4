"""Stations of a look as phases, for a server that compares them with other sensors'."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from dsp.fm.phase_window import OutsideWindow, cut, phase_window
from dsp.iq import IqBlock
from wire.phase_snippet import MOST_PACKED_BYTES, PhaseSnippet, encode_phases
from wire.report import Position, TimeSource

LEAST_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class HeardBy:
    """Of the sensor: its clock and its place."""

    time_source: TimeSource
    time_sigma_ns: int | None
    position: Position | None


def phases_at(
    block: IqBlock, stations_hz: Sequence[float], *, at_utc_ns: int, seconds: float, heard_by: HeardBy
) -> PhaseSnippet | None:
    """What of the moment asked for lies in this look, or what comes next after it.

    None: the look is another window's, has no time, or is over before. Raises SignalError.
    """
    if block.time_utc_ns is None:
        return None
    end_ns = block.time_utc_ns + round(block.seconds * 1e9)
    if end_ns < at_utc_ns + LEAST_SECONDS * 1e9:
        return None
    part = cut(block, begin_utc_ns=at_utc_ns, seconds=seconds)
    assert part.time_utc_ns is not None
    try:
        parts = phase_window(part, stations_hz)
    except OutsideWindow:
        return None
    snippet = PhaseSnippet(
        parts=parts,
        time_utc_ns=part.time_utc_ns,
        time_sigma_ns=heard_by.time_sigma_ns,
        time_source=heard_by.time_source,
        position=heard_by.position,
    )
    packed = len(zlib.compress(encode_phases(snippet), 1))
    if packed <= MOST_PACKED_BYTES or seconds <= LEAST_SECONDS:
        return snippet
    fits_s = 0.95 * seconds * MOST_PACKED_BYTES / packed
    return phases_at(block, stations_hz, at_utc_ns=at_utc_ns, seconds=fits_s, heard_by=heard_by)
