"""What both kinds of made programme are built from. Arrays are mono, (n,) float32, at AUDIO_RATE_HZ."""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

AUDIO_RATE_HZ = 38_000.0
EDGE_S = 0.012  # silence at both ends of a stretch, so that filters ring out inside it

Sound = NDArray[np.float32]


def seconds(samples: int) -> float:
    return samples / AUDIO_RATE_HZ


def place(whole: Sound, part: Sound, start: int, gain: float) -> None:
    """Add a part into the whole, cut where it does not fit."""
    end = min(start + len(part), len(whole))
    if start < end:
        whole[start:end] += np.float32(gain) * part[: end - start]


def rise_and_fall(n: int, *, rise_s: float, fall_s: float) -> Sound:
    """An envelope from 0 up to 1 and back to 0."""
    t = np.arange(n, dtype=np.float32) / np.float32(AUDIO_RATE_HZ)
    up = np.clip(t / np.float32(rise_s), 0, 1)
    down = np.clip((seconds(n) - t) / np.float32(fall_s), 0, 1)
    envelope: Sound = np.sin(np.pi / 2 * np.minimum(up, down)).astype(np.float32) ** 2
    return envelope


def resonate(source: Sound, formants_hz: NDArray[np.float64], widths_hz: NDArray[np.float64]) -> Sound:
    """Through one resonance after the other, each with a gain of 1 at zero frequency."""
    radius = np.exp(-np.pi * widths_hz / AUDIO_RATE_HZ)
    a1 = -2 * radius * np.cos(2 * np.pi * formants_hz / AUDIO_RATE_HZ)
    a2 = radius**2
    zero, one = np.zeros_like(a1), np.ones_like(a1)
    sections = np.stack([1 + a1 + a2, zero, zero, one, a1, a2], axis=-1)
    return np.asarray(sosfilt(sections, source), np.float32)


def silence_edges(stereo: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2, n) with its first and last moments faded to nothing."""
    n = stereo.shape[-1]
    edge = int(EDGE_S * AUDIO_RATE_HZ)
    ramp = np.clip((np.minimum(np.arange(n), np.arange(n)[::-1]) - edge / 2) / (edge / 2), 0, 1)
    return stereo * ramp.astype(np.float32)
