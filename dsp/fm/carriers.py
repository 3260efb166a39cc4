"""Where in a window FM emissions lie: by shape and power in the averaged spectrum, on any offset.

A station is a lump about 100 kHz wide that stands out of what lies on both sides of it; its neighbour 200 kHz away may
be 20 dB stronger. Whether a lump really is one FM carrier is for the demodulator to say (`dsp.fm.receive`): noise,
digital sidebands and a strong station's skirt have no constant envelope.
"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dsp.spectrum import Carrier, Spectrum, noise_floor_dbfs_hz

CHANNEL_HZ = 200e3
BIN_HZ = 1500.0
LEAST_CNR_DB = 4.0
_EDGE_SHARE = 0.45  # of the rate: beyond lies the receiver's own filter
_EDGE_HZ = 110e3  # a station needs this much of the window on either side
_LEAST_APART_HZ = 60e3


@dataclass(frozen=True, slots=True)
class _Sight:
    """kernel_hz: whole width of the Hann kernel. least_prominence: times the higher of the valleys beside a lump."""

    kernel_hz: float
    least_prominence: float


_BROAD = _Sight(160e3, 1.6)  # wider than the gaps inside one station's spectrum
_FINE = _Sight(80e3, 1.3)  # tells stations 100 kHz apart, and sees two in a tone that splits its own spectrum


@dataclass(frozen=True, slots=True, eq=False)
class CarrierSearch:
    carriers: tuple[Carrier, ...]  # lowest frequency first
    noise_dbfs_200k: float


def find_carriers(spectrum: Spectrum) -> CarrierSearch:
    """Lumps of at least 4 dB over the noise in 200 kHz, inside the part of the window that can be trusted."""
    return _search(spectrum, _BROAD)


def find_close_carriers(spectrum: Spectrum, *, noise_dbfs_200k: float | None = None) -> CarrierSearch:
    """With a finer eye: stations 100 kHz apart are two. One station may be two as well: each must be proved.

    noise_dbfs_200k: where the spectrum is too narrow to show it.
    """
    return _search(spectrum, _FINE, noise_dbfs_200k)


def _search(spectrum: Spectrum, sight: _Sight, noise_dbfs_200k: float | None = None) -> CarrierSearch:
    if noise_dbfs_200k is None:
        noise = 10 ** (noise_floor_dbfs_hz(spectrum, used_share=0.85) / 10) * CHANNEL_HZ
    else:
        noise = 10 ** (noise_dbfs_200k / 10)
    excess = spectrum.power - noise / CHANNEL_HZ * spectrum.step_hz
    lumps = _smooth(np.maximum(excess, 0.0), sight.kernel_hz / spectrum.step_hz)
    tops = _apart(lumps, _prominent(lumps, sight.least_prominence), _LEAST_APART_HZ / spectrum.step_hz)
    found = []
    for top, channel in zip(tops, _channels(lumps, tops, CHANNEL_HZ / 2 / spectrum.step_hz), strict=True):
        if _inside(spectrum, top) and excess[channel].sum() >= noise * 10 ** (LEAST_CNR_DB / 10):
            found.append(_measure(spectrum, excess, top, channel, noise))
    return CarrierSearch(tuple(found), 10 * float(np.log10(noise)))


def _smooth(power: NDArray[np.float64], width_bins: float) -> NDArray[np.float64]:
    half = max(1, round(width_bins / 2))
    kernel = 0.5 + 0.5 * np.cos(np.pi * np.arange(-half, half + 1) / (half + 1))
    return np.convolve(power, kernel / kernel.sum(), mode="same") if len(kernel) < len(power) else power


def _prominent(lumps: NDArray[np.float64], least: float) -> list[int]:
    """Local maxima that stand out of the higher of the two valleys beside them."""
    padded = np.concatenate([[-1.0], lumps, [-1.0]])
    is_top = (padded[1:-1] >= padded[:-2]) & (padded[1:-1] > padded[2:]) & (lumps > 0)
    return [int(top) for top in np.flatnonzero(is_top) if _prominence(lumps, int(top)) >= least]


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


def _channels(lumps: NDArray[np.float64], tops: list[int], half_bins: float) -> list[slice]:
    """Bins that are each station's: half a channel either side, or up to the valley before the next one."""
    valleys = [low + int(lumps[low : high + 1].argmin()) for low, high in itertools.pairwise(tops)]
    reach = round(half_bins)
    return [
        slice(max(left, top - reach), min(right, top + reach + 1))
        for left, top, right in zip([0, *valleys], tops, [*valleys, len(lumps)], strict=True)
    ]


def _measure(spectrum: Spectrum, excess: NDArray[np.float64], top: int, channel: slice, noise: float) -> Carrier:
    power = np.maximum(excess[channel], 0.0)
    total = float(excess[channel].sum())
    half = min(top - channel.start, channel.stop - 1 - top)  # the same on both sides, lest a valley move the middle
    around = np.arange(top - half, top + half + 1)
    weight = np.maximum(excess[around], 0.0)
    return Carrier(
        freq_hz=spectrum.start_hz + spectrum.step_hz * float((weight * around).sum() / max(weight.sum(), 1e-300)),
        level_dbfs=10 * float(np.log10(total)),
        cnr_db=10 * float(np.log10(total / noise)),
        occupied_hz=_occupied_hz(power, spectrum.step_hz),
        occupied_26db_hz=_wide_hz(power, spectrum.step_hz),
        spread_hz=_spread_hz(power, total, spectrum.step_hz),
    )


def _occupied_hz(power: NDArray[np.float64], step_hz: float) -> float:
    """Between the points with 0.5 % of the power outside on each side: ITU-R SM.443."""
    grown = np.concatenate([[0.0], np.cumsum(power)]) / power.sum()
    low, high = np.interp([0.005, 0.995], grown, np.arange(len(grown)))
    return float((high - low) * step_hz)


def _wide_hz(power: NDArray[np.float64], step_hz: float) -> float:
    above = np.flatnonzero(power >= power.max() * 10**-2.6)
    return float((above[-1] - above[0] + 1) * step_hz)


def _spread_hz(power: NDArray[np.float64], total: float, step_hz: float) -> float:
    """Lines and narrow channels side by side fill little, however far apart they lie."""
    grown = np.cumsum(np.sort(power)[::-1])
    return float((np.searchsorted(grown, 0.8 * total) + 1) * step_hz)
