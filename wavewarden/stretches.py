"""A recording of any length in stretches that fit into memory, and may overlap so that nothing is lost between two.

A GSM block lies whole in one stretch or in the other: it lasts 17 ms. What is heard twice is known by when it came.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from dsp.iq import IqBlock
from recordings.read import Capture, Recording

STRETCH_S = 2.0  # one piece of dsp.gsm.receive: longer ones would only be divided there
OVERLAP_S = 0.1  # of GSM
LATE_S = 2e-3  # how far the start of a block may lie before the stretch it is whole in: rounding, and echoes


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """block : with the overlap; samples from `settled` on come again in the next one
    since_s : from the beginning of the recording to the block's first sample
    share : of the recording that is done with it
    new_clock : its samples are not counted on from those of the stretch before
    """

    block: IqBlock
    settled: float
    since_s: float
    share: float
    new_clock: bool
    dbm_at_full_scale: float | None


def stretches(recording: Recording) -> Iterator[Stretch]:
    """As GSM is received."""
    return stretches_of(recording, stretch_s=STRETCH_S, overlap_s=OVERLAP_S)


def stretches_of(recording: Recording, *, stretch_s: float, overlap_s: float) -> Iterator[Stretch]:
    total_s, before_s = max(recording.seconds, 1e-9), 0.0
    for run in _runs(recording):
        for first, end, last in _edges(run, stretch_s):
            read_to = run.samples if last else min(run.samples, end + round(overlap_s * run.rate_hz))
            block = recording.read(run, first, read_to - first)
            late = 0.0 if last else LATE_S * run.rate_hz
            yield Stretch(
                block=block,
                settled=float("inf") if last else run.first_sample + end - late,
                since_s=before_s + first / run.rate_hz,
                share=(before_s + end / run.rate_hz) / total_s,
                new_clock=first == 0,
                dbm_at_full_scale=run.dbm_at_full_scale,
            )
        before_s += run.seconds


def _edges(run: Capture, stretch_s: float) -> list[tuple[int, int, bool]]:
    """First sample and end of each stretch, and whether it is the last; the last may be half as long again."""
    step = max(1, round(stretch_s * run.rate_hz))
    firsts = [*range(0, max(run.samples - step // 2, 1), step), run.samples]
    return [(first, end, end == run.samples) for first, end in pairwise(firsts)]


def _runs(recording: Recording) -> list[Capture]:
    """The captures, those put together that only a note in the recording divides."""
    bytes_each = recording.stored_as.bytes_per_sample
    runs: list[Capture] = []
    for capture in recording.captures:
        before = runs[-1] if runs else None
        if before is not None and _goes_on(before, capture, bytes_each):
            runs[-1] = replace(before, samples=before.samples + capture.samples)
        else:
            runs.append(capture)
    return runs


def _goes_on(before: Capture, capture: Capture, bytes_each: int) -> bool:
    same = (before.centre_hz, before.rate_hz, before.gain_db, before.dbm_at_full_scale) == (
        capture.centre_hz,
        capture.rate_hz,
        capture.gain_db,
        capture.dbm_at_full_scale,
    )
    in_file = capture.first_byte == before.first_byte + before.samples * bytes_each
    return (
        same and in_file and capture.first_sample == before.first_sample + before.samples and _no_jump(before, capture)
    )


def _no_jump(before: Capture, capture: Capture) -> bool:
    """Whether the recorded times agree that nothing was left out; a note without a time says nothing against it."""
    due_ns = before.time_of(before.samples)
    if due_ns is None or capture.time_utc_ns is None:
        return True
    return abs(capture.time_utc_ns - due_ns) < 1e9 * LATE_S
