"""Where in a window FM emissions lie: by shape and power in the averaged spectrum, on any offset.

A station is a lump about 100 kHz wide that stands out of what lies on both sides of it; its neighbour 200 kHz away may
be 20 dB stronger. Whether a lump really is one FM carrier is for the demodulator to say (`dsp.fm.receive`): noise,
digital sidebands and a strong station's skirt have no constant envelope.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.spectrum import Carrier, Spectrum, noise_floor_dbfs_hz

CHANNEL_HZ = 200e3
BIN_HZ = 1500.0
LEAST_CNR_DB = 4.0
_KERNEL_HZ = 160e3  # whole width of the Hann kernel: wider than the gaps inside one station's spectrum
_LEAST_PROMINENCE = 1.6  # times the higher of the two valleys beside it: 2 dB
_EDGE_SHARE = 0.45  # of the rate: beyond lies the receiver's own filter
_EDGE_HZ = 110e3  # a station needs this much of the window on either side
_LEAST_APART_HZ = 60e3


@dataclass(frozen=True, slots=True, eq=False)
class CarrierSearch:
    carriers: tuple[Carrier, ...]  # lowest frequency first
    noise_dbfs_200k: float


def find_carriers(spectrum: Spectrum) -> CarrierSearch:
    """Lumps of at least 4 dB over the noise in 200 kHz, inside the part of the window that can be trusted."""
    floor_dbfs_hz = noise_floor_dbfs_hz(spectrum, used_share=0.85)
    noise = 10 ** (floor_dbfs_hz / 10) * CHANNEL_HZ
    excess = spectrum.power - noise / CHANNEL_HZ * spectrum.step_hz
    lumps = _smooth(np.maximum(excess, 0.0), _KERNEL_HZ / spectrum.step_hz)
    tops = [top for top in _prominent(lumps) if _inside(spectrum, top)]
    found = []
    for top in _apart(lumps, tops, _LEAST_APART_HZ / spectrum.step_hz):
        low, high = _channel(lumps, top, CHANNEL_HZ / 2 / spectrum.step_hz)
        carrier = _measure(spectrum, excess, low, high, noise)
        if carrier is not None:
            found.append(carrier)
    return CarrierSearch(tuple(found), 10 * float(np.log10(noise)))


def _smooth(power: NDArray[np.float64], width_bins: float) -> NDArray[np.float64]:
    half = max(1, round(width_bins / 2))
    kernel = 0.5 + 0.5 * np.cos(np.pi * np.arange(-half, half + 1) / (half + 1))
    return np.convolve(power, kernel / kernel.sum(), mode="same") if len(kernel) < len(power) else power


def _prominent(lumps: NDArray[np.float64]) -> list[int]:
    """Local maxima that stand out of the higher of the two valleys beside them."""
    padded = np.concatenate([[-1.0], lumps, [-1.0]])
    is_top = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]) & (lumps > 0)
    return [int(top) for top in np.flatnonzero(is_top) if _prominence(lumps, int(top)) >= _LEAST_PROMINENCE]


def _prominence(lumps: NDArray[np.float64], top: int) -> float:
    height = lumps[top]
    valleys = []
    for side in (lumps[top::-1], lumps[top:]):
        higher = np.flatnonzero(side > height)
        valleys.append(float(side[: higher[0]].min()) if len(higher) else 0.0)
    return float(height / max(*valleys, 1e-300))


def _inside(spectrum: Spectrum, top: int) -> bool:
    rate_hz = spectrum.step_hz * len(spectrum.psd_dbfs_hz)
    offset_hz = (top - len(spectrum.psd_dbfs_hz) // 2) * spectrum.step_hz
    reach_hz = min(_EDGE_SHARE * rate_hz, rate_hz / 2 - _EDGE_HZ)
    return abs(offset_hz) <= max(reach_hz, 0.1 * rate_hz)


def _apart(lumps: NDArray[np.float64], tops: list[int], least_bins: float) -> list[int]:
    kept: list[int] = []
    for top in sorted(tops, key=lambda t: -float(lumps[t])):
        if all(abs(top - other) >= least_bins for other in kept):
            kept.append(top)
    return sorted(kept)


def _channel(lumps: NDArray[np.float64], top: int, half_bins: float) -> tuple[int, int]:
    """Bins that are the station's: half a channel either side, or up to the valley before the next one."""
    reach = round(half_bins)
    low, high = max(0, top - reach), min(len(lumps), top + reach + 1)
    left, right = lumps[low : top + 1], lumps[top:high]
    higher_left, higher_right = np.flatnonzero(left > lumps[top]), np.flatnonzero(right > lumps[top])
    if len(higher_left):
        start = int(higher_left[-1])
        low += start + int(left[start:].argmin())
    if len(higher_right):
        high = top + int(right[: int(higher_right[0]) + 1].argmin()) + 1
    return low, high


def _measure(spectrum: Spectrum, excess: NDArray[np.float64], low: int, high: int, noise: float) -> Carrier | None:
    power = np.maximum(excess[low:high], 0.0)
    total = float(excess[low:high].sum())
    if total < noise * 10 ** (LEAST_CNR_DB / 10):
        return None
    freq_hz = spectrum.start_hz + spectrum.step_hz * np.arange(low, high)
    return Carrier(
        freq_hz=float((power * freq_hz).sum() / power.sum()),
        level_dbfs=10 * float(np.log10(total)),
        cnr_db=10 * float(np.log10(total / noise)),
        occupied_hz=_occupied_hz(power, spectrum.step_hz),
        occupied_26db_hz=_wide_hz(power, spectrum.step_hz),
    )


def _occupied_hz(power: NDArray[np.float64], step_hz: float) -> float:
    """Between the points with 0.5 % of the power outside on each side: ITU-R SM.443."""
    grown = np.concatenate([[0.0], np.cumsum(power)]) / power.sum()
    low, high = np.interp([0.005, 0.995], grown, np.arange(len(grown)))
    return float((high - low) * step_hz)


def _wide_hz(power: NDArray[np.float64], step_hz: float) -> float:
    above = np.flatnonzero(power >= power.max() * 10**-2.6)
    return float((above[-1] - above[0] + 1) * step_hz)
