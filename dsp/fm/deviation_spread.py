"""How the deviation of a station is spread over time, added up over looks. ITU-R SM.1268 annex 2.

Overshoot comes with the programme: one short look convicts nobody. So each look in which the deviation may be stated
leaves a histogram, noise taken off; histograms add up in any order, and the sum says how long which deviation was
exceeded. Looks in which it may not be stated leave none, and their time is not counted.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

STEP_HZ, TOP_HZ = 2500.0, 150e3
LIMIT_HZ = 75e3  # ITU-R BS.450, GB/T 4311
_FINE_HZ = 250.0
_STEPS = round(TOP_HZ / STEP_HZ)
_UNIT_S = 1e-5
_A_STEP = round(STEP_HZ / _FINE_HZ)


class DeviationSpread(msgspec.Struct, frozen=True, kw_only=True):
    """times: in units of 10 µs, how long the deviation lay in each 2.5 kHz from 0 to 150 kHz; the last lies beyond.

    Steps from the last one in use on are left out. looks: how many were added up.
    """

    times: tuple[int, ...] = ()
    looks: int = 0

    @property
    def seconds(self) -> float:
        return sum(self.times) * _UNIT_S


def fine_counts(size_hz: NDArray[np.float32]) -> NDArray[np.int64]:
    """(601,) of |deviation| in steps of 250 Hz, the last of all beyond 150 kHz."""
    most = round(TOP_HZ / _FINE_HZ)
    step = np.minimum(size_hz * np.float32(1 / _FINE_HZ), np.float32(most)).astype(np.int32)
    return np.asarray(np.bincount(step, minlength=most + 1), np.int64)


def exceeded_hz(counts: NDArray[np.int64], share: float, step_hz: float = _FINE_HZ) -> float:
    """What is exceeded that share of the time; within one step, as if it were evenly filled."""
    total = float(counts.sum())
    above = np.concatenate([np.cumsum(counts[::-1], dtype=np.float64)[::-1], [0.0]])  # at the lower edge of each step
    step = int(np.searchsorted(-above, -share * total, side="right")) - 1
    inside = (above[step] - share * total) / max(float(counts[step]), 1.0) if step < len(counts) else 0.0
    return float((step + min(max(inside, 0.0), 1.0)) * step_hz)


def spread_of(counts: NDArray[np.int64], *, seconds: float, true_hz: float, seen_hz: float) -> DeviationSpread:
    """Of one look. Noise carried the outermost from `true_hz` to `seen_hz`; all of the scale is drawn in by as much."""
    scale = true_hz / seen_hz if seen_hz > 0 else 1.0
    middle = (np.arange(len(counts)) + 0.5) / _A_STEP * scale
    coarse = np.bincount(np.minimum(middle, _STEPS).astype(np.int64), weights=counts, minlength=_STEPS + 1)
    times = np.rint(coarse * (seconds / max(float(counts.sum()), 1.0) / _UNIT_S)).astype(np.int64)
    return DeviationSpread(times=tuple(int(each) for each in np.trim_zeros(times, "b")), looks=1)


def together(a: DeviationSpread, b: DeviationSpread) -> DeviationSpread:
    """Both, in either order."""
    size = max(len(a.times), len(b.times))
    times = [sum(pair) for pair in zip(_padded(a.times, size), _padded(b.times, size), strict=True)]
    return DeviationSpread(times=tuple(times), looks=a.looks + b.looks)


def halved(spread: DeviationSpread) -> DeviationSpread:
    """For a memory that fades: each count and the looks by half."""
    return DeviationSpread(times=tuple(each // 2 for each in spread.times), looks=(spread.looks + 1) // 2)


def share_above(spread: DeviationSpread, limit_hz: float = LIMIT_HZ) -> float | None:
    """Share of the time above a multiple of 2.5 kHz; None: nothing was added up."""
    total = sum(spread.times)
    return sum(spread.times[round(limit_hz / STEP_HZ) :]) / total if total else None


def deviation_exceeded_hz(spread: DeviationSpread, share: float) -> float | None:
    """Exceeded that share of the time, to a kHz or so; None: nothing was added up, or less than ten times the share."""
    counts = np.array(spread.times, np.int64)
    if not counts.sum() or share * spread.seconds < 10 * _UNIT_S:
        return None
    return exceeded_hz(counts, share, STEP_HZ)


def _padded(times: tuple[int, ...], size: int) -> tuple[int, ...]:
    return times + (0,) * (size - len(times))
