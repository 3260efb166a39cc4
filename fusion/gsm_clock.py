"""Do two hearings of a GSM carrier show the same frame clock? True, False, or None where clocks cannot be compared.

Two sensors compare only with sigmas that are known and small. One sensor compares with itself, but its own clock may
step (a correction, a recording that begins again): a step moves all its cells alike and is found from them together.
With one cell alone the two cannot be told apart, and nothing is said.
"""

import math
from collections.abc import Iterable

from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import frame_phase_ns, wrapped_ns
from fusion.times import DISCIPLINED
from fusion.values import Latest
from wire.report import TimeSource

LEAST_TOLERANCE_NS = 5e6
MOST_SIGMA_NS = 20e6
SENSOR_DRIFT = 2e-6
CELL_DRIFT = 1e-7


def own_jump_ns(old: Latest, new: Latest) -> float | None:
    """By how much the frame clock moved between two hearings of one sensor in one run."""
    if old.sensor != new.sensor or old.boot != new.boot or not (_steady(old) and _steady(new)):
        return None
    before, now = _phase_ns(old), _phase_ns(new)
    return None if before is None or now is None else wrapped_ns(now - before)


def clock_step_ns(jumps_ns: Iterable[float]) -> float | None:
    """The step of the sensor's own clock that most of its cells' jumps agree on; None with fewer than two cells."""
    jumps = list(jumps_ns)
    if len(jumps) < 2:
        return None
    alike = {jump: sum(abs(wrapped_ns(other - jump)) < LEAST_TOLERANCE_NS for other in jumps) for jump in jumps}
    return min(alike, key=lambda jump: (-alike[jump], abs(jump)))


def same_frame_clock(old: Latest, new: Latest, step_ns: float | None) -> bool | None:
    jump = own_jump_ns(old, new)
    if jump is not None:
        if step_ns is None:
            return None
        return abs(wrapped_ns(jump - step_ns)) <= LEAST_TOLERANCE_NS + SENSOR_DRIFT * _elapsed_ns(old, new)
    before, now = _phase_ns(old), _phase_ns(new)
    tolerance_ns = _tolerance_ns(old, new)
    if before is None or now is None or tolerance_ns is None:
        return None
    return abs(wrapped_ns(now - before)) <= tolerance_ns


def _tolerance_ns(old: Latest, new: Latest) -> float | None:
    a, b = old.clock_sigma_ns, new.clock_sigma_ns
    if a is None or b is None or max(a, b) > MOST_SIGMA_NS or TimeSource.RECORDING in (old.clock, new.clock):
        return None
    return max(LEAST_TOLERANCE_NS, 6 * math.hypot(a, b)) + CELL_DRIFT * _elapsed_ns(old, new)


def _phase_ns(latest: Latest) -> float | None:
    return frame_phase_ns(latest.heard) if isinstance(latest.heard, GsmCell) else None


def _steady(latest: Latest) -> bool:
    return latest.clock in DISCIPLINED or latest.clock is TimeSource.RECORDING


def _elapsed_ns(old: Latest, new: Latest) -> int:
    return abs(new.time_utc_ns - old.time_utc_ns)
