"""Frequency and steadiness of one FM channel: the phase step from sample to sample, and the envelope.

The envelope of an FM carrier is constant; noise, a second carrier, reflections and digital signals make it vary. What
varies, frame by frame so that fading is not held against it, says how far the carrier stands over all of them together.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FRAME_SECONDS = 1e-3
_LEAST_FRAMES = 20
_TINY = 1e-30


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """sinr_db: the carrier over everything else in its channel; None when there is no steady carrier at all.

    frame_power : (frames,) mean power of each millisecond, full scale = 1
    frame_samples: samples a frame
    """

    sinr_db: float | None
    frame_power: NDArray[np.float32]
    frame_samples: int


def discriminate(channel: NDArray[np.complex64], rate_hz: float) -> NDArray[np.float32]:
    """Deviation in Hz between neighbouring samples: (..., n) complex64 → (..., n − 1) float32, never NaN."""
    step = channel[..., 1:] * np.conj(channel[..., :-1])
    return np.asarray(np.angle(step) * np.float32(rate_hz / (2 * np.pi)), np.float32)


def measure_envelope(channel: NDArray[np.complex64], rate_hz: float) -> Envelope:
    """(n,) complex64 of at least 20 ms; shorter gives no SINR."""
    size = max(1, round(_FRAME_SECONDS * rate_hz))
    frames = len(channel) // size
    both = channel[: frames * size].view(np.float32)
    squares = both * both
    power = (squares[0::2] + squares[1::2]).reshape(frames, size)
    mean = power.mean(axis=1)
    if frames < _LEAST_FRAMES or not mean.any():
        return Envelope(None, mean, size)
    fourth = np.einsum("ij,ij->i", power, power) / size
    loud = mean > 0.01 * mean.max()
    ratio = float(np.mean(fourth[loud] / (mean[loud] ** 2 + _TINY)))
    return Envelope(_sinr_db(ratio), mean, size)


def _sinr_db(ratio: float) -> float | None:
    """From E|x|⁴ ÷ (E|x|²)²: 1 for a carrier alone, 2 for noise alone, (c² + 4c + 2) ÷ (c + 1)² for c = C/N."""
    spread = min(max(ratio - 1, 1e-6), 1.0)
    # spread (c + 1)² = 2c + 1, solved for c + 1
    rest = 1 - spread
    over = (1 + np.sqrt(rest)) / spread - 1
    return 10 * float(np.log10(over)) if rest > 1e-3 else None
