"""Stations of a look as phases, for a server that compares them with other sensors'."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from dsp.fm.phase_steps import PhaseSteps
from dsp.fm.phase_window import OutsideWindow, cut, phase_window
from dsp.iq import IqBlock
from sensor.in_turn import since_s
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
    snippet = _snippet(parts, part.time_utc_ns, heard_by)
    fits_s = _fitting_s(snippet, seconds)
    if fits_s >= seconds:
        return snippet
    return phases_at(block, stations_hz, at_utc_ns=at_utc_ns, seconds=fits_s, heard_by=heard_by)


def phases_in_turn(
    blocks: Sequence[IqBlock], stations_hz: Sequence[float], *, seconds: float, heard_by: HeardBy
) -> PhaseSnippet:
    """One station of each block, all counted from the first block's first sample. Raises SignalError."""
    began_ns = blocks[0].time_utc_ns or 0
    parts = [
        phase_window(_shortened(block, seconds), (freq_hz,), first_s=since_s(blocks[0], block))[0]
        for block, freq_hz in zip(blocks, stations_hz, strict=True)
    ]
    snippet = _snippet(tuple(parts), began_ns, heard_by)
    fits_s = _fitting_s(snippet, seconds)
    if fits_s >= seconds:
        return snippet
    return phases_in_turn(blocks, stations_hz, seconds=fits_s, heard_by=heard_by)


def _shortened(block: IqBlock, seconds: float) -> IqBlock:
    return cut(block, begin_utc_ns=block.time_utc_ns or 0, seconds=seconds)


def _snippet(parts: tuple[PhaseSteps, ...], time_utc_ns: int, heard_by: HeardBy) -> PhaseSnippet:
    return PhaseSnippet(
        parts=parts,
        time_utc_ns=time_utc_ns,
        time_sigma_ns=heard_by.time_sigma_ns,
        time_source=heard_by.time_source,
        position=heard_by.position,
    )


def _fitting_s(snippet: PhaseSnippet, seconds: float) -> float:
    """How much of each part a link is asked to carry; as much as there is when that is little."""
    packed = len(zlib.compress(encode_phases(snippet), 1))
    if packed <= MOST_PACKED_BYTES or seconds <= LEAST_SECONDS:
        return seconds
    return 0.95 * seconds * MOST_PACKED_BYTES / packed
