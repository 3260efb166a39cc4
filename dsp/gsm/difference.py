"""By how much one cell's frames arrive after another's: what locates a transmitter without synchronised receivers.

Both are heard by one sample clock. Counted in their own frames its error drops out, for base stations keep theirs to
0.05 ppm (3GPP TS 45.010 §5.1).
"""

from dataclasses import dataclass

import numpy as np

from dsp.gsm.frame import FRAME_SECONDS
from dsp.gsm.look import Reception


@dataclass(frozen=True, slots=True)
class FrameLag:
    """seconds : from half a frame before to half a frame after."""

    seconds: float
    sigma_s: float


def frame_lag(one: Reception, other: Reception) -> FrameLag | None:
    """Of `other` after `one`, frame start to frame start; None when an arrival has no sigma.

    Both of one look. Taken in the middle between them, where what neither knows of its frame's length weighs least.
    """
    at = (one.frame_sample + other.frame_sample) / 2
    first, second = _sigma_s(one, at), _sigma_s(other, at)
    if first is None or second is None:
        return None
    frames = _frames(one, at) - _frames(other, at)
    return FrameLag((frames - round(frames)) * FRAME_SECONDS, float(np.hypot(first, second)))


def _frames(each: Reception, at: float) -> float:
    """Since the start of its frame."""
    return (at - each.frame_sample) / each.samples_per_frame


def _sigma_s(each: Reception, at: float) -> float | None:
    if each.frame_sample_sigma is None:
        return None
    by_length = _frames(each, at) * (each.samples_per_frame_sigma or 0.0)
    return float(np.hypot(each.frame_sample_sigma, by_length)) / each.samples_per_frame * FRAME_SECONDS
