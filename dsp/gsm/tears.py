"""Stretches of a recording in which a well-read cell is suddenly not heard: samples were lost, or the gain jumped.

Received once more by themselves they usually give the cell again, by a clock and a level of their own."""

from collections.abc import Sequence

import numpy as np

from dsp.gsm.reader import CellRead
from dsp.gsm.syncs import sync_frames_in

_LEAST_FRAMES = 32  # of a stretch: three synchronisation bursts lie in it, none of them read
_LEAST_SYNCS = 3  # read elsewhere
_LEAST_SHARE = 0.9  # of them read, where any is: a weak cell misses many anyway
_SAME_CARRIER_HZ = 500.0

Span = tuple[int, int]  # first and last sample


def unheard_stretches(cells: Sequence[CellRead], samples: int) -> list[Span]:
    """Where no part of some transmitter was read that was read well elsewhere."""
    stretches: list[Span] = []
    for cell in cells:
        spans = [_well_read(part, samples) for part in cells if _one_transmitter(cell, part)]
        frame = cell.clock.samples_per_frame
        stretches += _between([span for span in spans if span is not None], samples, least=_LEAST_FRAMES * frame)
    return _merged(stretches)


def _one_transmitter(cell: CellRead, part: CellRead) -> bool:
    return cell.bsic == part.bsic and abs(cell.carrier_hz - part.carrier_hz) < _SAME_CARRIER_HZ


def _well_read(cell: CellRead, samples: int) -> Span | None:
    frames = sync_frames_in(cell.clock, samples, cell.frame_number_at_0)
    read = np.flatnonzero(np.isin(frames, cell.sync_frames))
    if len(read) < _LEAST_SYNCS or len(read) < _LEAST_SHARE * (read[-1] - read[0] + 1):
        return None
    first, last = cell.clock.starts(frames[read[[0, -1]]])
    return int(first), int(last + cell.clock.samples_per_frame)


def _between(spans: list[Span], samples: int, *, least: float) -> list[Span]:
    """What lies before, between and after the spans."""
    if not spans:
        return []
    ends = [0, *sorted(last for _, last in spans)]
    firsts = [*sorted(first for first, _ in spans), samples]
    return [(last, first) for last, first in zip(ends, firsts, strict=True) if first - last >= least]


def _merged(stretches: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for first, last in sorted(stretches):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return merged
