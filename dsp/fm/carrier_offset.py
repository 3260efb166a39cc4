"""Where a carrier would rest without its programme: its offset against the middle of the channel, with a true sigma.

The mean deviation of a second or two is not it. A limiter that holds down one side of a lopsided programme shifts the
mean, by 30 to 200 Hz, and the more the louder it is. So means over a third of a second are taken, quiet ones count for
most, and their line against the power of the programme is followed down to no programme at all. Where the power hardly
varies (a tone) the line leads nowhere, and the mean, shifted as little as limiters do, counts instead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_STEP_S = 1e-3
_FRAME_S, _HOP_S = 0.3, 0.05
_INDEPENDENT_S = 0.15  # Hann frames closer than this say the same
_LEAST_S = 0.9  # six frames that are independent, about
_FLOOR_HZ = 100.0  # RMS of programme under which no frame counts for more
_DRAWN_IN = 0.25  # of what the line took off the mean: how well a line describes it
_STEADY = 0.02  # of its power: a tone; music varies by a third
_USUAL_SHIFT = 0.015  # of the RMS deviation, how far a limiter shifts the mean
_OFFSET_BINS = slice(2, 8)  # of the transform beside zero: under the lowest programme frequency, 30 Hz, from 0.3 s on


@dataclass(frozen=True, slots=True)
class CarrierOffset:
    """Of the carrier against the middle of the channel, and its own error."""

    offset_hz: float
    sigma_hz: float


def carrier_offset(mpx_hz: NDArray[np.float32], rate_hz: float) -> CarrierOffset:
    """mpx_hz: (n,) deviation as the discriminator gives it. Under a tenth of a second sigma is infinite."""
    size = max(1, round(rate_hz * _STEP_S))
    steps = mpx_hz[: len(mpx_hz) // size * size].reshape(-1, size).mean(axis=1, dtype=np.float64)
    if len(steps) < 32:
        return CarrierOffset(float(np.mean(mpx_hz)), float("inf"))
    mean = _mean(steps)
    return mean if len(steps) * _STEP_S < _LEAST_S else _at_rest(steps, mean)


def _mean(steps: NDArray[np.float64]) -> CarrierOffset:
    """Under a Hann window; its sigma from the density just above zero frequency.

    Programme is cut off below 30 Hz, so what is found at a few Hz is what also disturbs the mean.
    """
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(len(steps)) + 0.5) / len(steps))
    bins = np.fft.rfft((steps - np.median(steps)) * window / window.sum())
    sigma_hz = float(np.sqrt(np.mean(np.abs(bins[_OFFSET_BINS]) ** 2)))
    return CarrierOffset(float(np.median(steps) + bins[0].real), sigma_hz)


def _at_rest(steps: NDArray[np.float64], mean: CarrierOffset) -> CarrierOffset:
    means, squares = _frames(steps - mean.offset_hz)
    if squares.std() < _STEADY * squares.mean():
        return CarrierOffset(mean.offset_hz, float(np.hypot(mean.sigma_hz, _USUAL_SHIFT * np.sqrt(squares.mean()))))
    weight = 1 / (squares + _FLOOR_HZ**2)
    sides = np.stack([np.ones_like(means), squares / max(float(squares.mean()), 1.0)], axis=1)
    covariance = np.linalg.pinv((sides * weight[:, None]).T @ sides)
    rest_hz, slope = covariance @ (sides.T @ (weight * means))
    left = means - sides @ np.array([rest_hz, slope])
    independent = len(means) * _HOP_S / _INDEPENDENT_S
    scatter = float(np.sum(weight * left**2)) / max(independent - 4, 1.0) * (_HOP_S / _INDEPENDENT_S)  # Student's n − 2
    chance = float(np.sqrt(max(covariance[0, 0] * scatter * _INDEPENDENT_S / _HOP_S, 0.0)))
    sigma_hz = float(np.hypot(chance, _DRAWN_IN * rest_hz))
    return CarrierOffset(mean.offset_hz + float(rest_hz), sigma_hz)


def _frames(steps: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(frames,) mean of each and mean square about it, under Hann windows that overlap."""
    size, hop = round(_FRAME_S / _STEP_S), round(_HOP_S / _STEP_S)
    window = np.hanning(size + 2)[1:-1]
    window /= window.sum()
    rows = np.lib.stride_tricks.sliding_window_view(steps, size)[::hop]
    means = rows @ window
    return means, np.maximum((rows * rows) @ window - means**2, 0.0)
