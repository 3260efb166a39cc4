"""Modulation power over any 60 s, as ITU-R BS.412 asks for it: put together from looks that follow on each other.

The power of the multiplex, averaged over any 60 s, shall not exceed that of a sine of ±19 kHz deviation (0 dBr). A look
is shorter than that; it leaves the mean square of each of its seconds and where they begin by the receiver's running
count of samples. Looks without a gap between them are one run; a value is stated only from a run of 60 s.
"""

import math
from collections.abc import Iterator

import msgspec

WINDOW_S = 60.0
REFERENCE_HZ = 19e3
_GAP_S = 0.02
_MOST_STEPS = 240  # of the run that is kept: a minute of the shortest looks


class ModulationStep(msgspec.Struct, frozen=True, array_like=True):
    """A second or so: when it began by the receiver's count, how long it was, and its mean square deviation."""

    begin_s: float
    seconds: float
    square_hz2: float


class ModulationMinute(msgspec.Struct, frozen=True, kw_only=True):
    """run: the last unbroken steps, no more than a minute of them. most_dbr: of any 60 s that were whole so far."""

    run: tuple[ModulationStep, ...] = ()
    most_dbr: float | None = None

    @property
    def reason(self) -> str | None:
        """Why nothing is stated."""
        return "short" if self.most_dbr is None else None


def and_then(before: ModulationMinute, after: ModulationMinute) -> ModulationMinute:
    """`after` is later; where it does not follow on, its own run begins."""
    run, most = before.run, max(_known(before.most_dbr, after.most_dbr), default=None)
    for step in after.run:
        follows = run and abs(step.begin_s - _end_s(run[-1])) <= _GAP_S
        run = (*run, step) if follows else (step,)
        run, power_dbr = _whole(run)
        most = max(_known(most, power_dbr), default=None)
    return ModulationMinute(run=run[-_MOST_STEPS:], most_dbr=most)


def _whole(run: tuple[ModulationStep, ...]) -> tuple[tuple[ModulationStep, ...], float | None]:
    """Cut to the shortest end of the run that fills the window, and its power; the run as it is while it does not."""
    while len(run) > 1 and _end_s(run[-1]) - run[1].begin_s >= WINDOW_S - _GAP_S:
        run = run[1:]
    seconds = sum(step.seconds for step in run)
    if seconds < WINDOW_S - _GAP_S:
        return run, None
    square = sum(step.square_hz2 * step.seconds for step in run) / seconds
    return run, power_dbr(square)


def power_dbr(square_hz2: float) -> float:
    """Of a mean square deviation, against a sine of 19 kHz."""
    return 10 * math.log10(max(2 * square_hz2, 1.0) / REFERENCE_HZ**2)


def _end_s(step: ModulationStep) -> float:
    return step.begin_s + step.seconds


def _known(*values: float | None) -> Iterator[float]:
    return (value for value in values if value is not None)
