"""Do two hearings of a GSM carrier show the same frame clock? True, False, or None where clocks cannot be compared."""

import math

from dsp.gsm.values import GsmCell
from dsp.signatures.frame_clock import frame_phase_ns, wrapped_ns
from wire.report import TimeSource

from fusion.times import DISCIPLINED
from fusion.values import Latest

LEAST_TOLERANCE_NS = 5e6
MOST_SIGMA_NS = 20e6
SENSOR_DRIFT = 2e-6
CELL_DRIFT = 1e-7


def same_frame_clock(old: Latest, new: Latest) -> bool | None:
    if not isinstance(old.heard, GsmCell) or not isinstance(new.heard, GsmCell):
        return None
    before, now = frame_phase_ns(old.heard), frame_phase_ns(new.heard)
    tolerance_ns = _tolerance_ns(old, new)
    if before is None or now is None or tolerance_ns is None:
        return None
    return abs(wrapped_ns(now - before)) <= tolerance_ns


def _tolerance_ns(old: Latest, new: Latest) -> float | None:
    """One sensor in one run compares with itself; two sensors compare only with sigmas that are known and small."""
    elapsed_ns = abs(_frame_time(new) - _frame_time(old))
    if old.sensor == new.sensor and old.boot == new.boot and _steady(old) and _steady(new):
        return LEAST_TOLERANCE_NS + SENSOR_DRIFT * elapsed_ns
    a, b = old.clock_sigma_ns, new.clock_sigma_ns
    if a is None or b is None or max(a, b) > MOST_SIGMA_NS:
        return None
    return max(LEAST_TOLERANCE_NS, 6 * math.hypot(a, b)) + CELL_DRIFT * elapsed_ns


def _steady(latest: Latest) -> bool:
    return latest.clock in DISCIPLINED or latest.clock is TimeSource.RECORDING


def _frame_time(latest: Latest) -> int:
    heard = latest.heard
    return (heard.frame_time_utc_ns or 0) if isinstance(heard, GsmCell) else 0
