"""Many channels out of one wide window at once, at any rate, by Fourier transforms of overlapping stretches.

Overlap-save: each stretch is transformed once; each channel takes its own bins, weighs them with its filter and
transforms back to as many samples as the new rate has in the stretch.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from dsp.channel_plan import TOGETHER, Band, StretchPlan, rate_ratio
from dsp.errors import BadRate, BlockTooShort, SignalError

_LARGEST_COMMON = 1 << 12  # of several rate changes: then each is done by itself


class BadPassband(SignalError):
    def __init__(self, *, pass_hz: float, stop_hz: float, out_rate_hz: float) -> None:
        super().__init__(
            f"a pass band of {pass_hz:g} Hz with a stop band from {stop_hz:g} Hz does not fit {out_rate_hz:g} samples/s"
        )
        self.pass_hz, self.stop_hz, self.out_rate_hz = pass_hz, stop_hz, out_rate_hz


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """samples : (k, m) complex64, one row an offset; sample j lies at time j / rate_hz of the input."""

    samples: NDArray[np.complex64]
    rate_hz: float


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """samples : (m,) complex64; sample j lies at time j / rate_hz of the input."""

    samples: NDArray[np.complex64]
    rate_hz: float


def channelise(
    samples: NDArray[np.complex64],
    rate_hz: float,
    *,
    offsets_hz: Sequence[float],
    out_rate_hz: float,
    pass_hz: float,
    stop_hz: float,
) -> Channels:
    """Channels of half-width pass_hz around each offset from the middle of the window, mixed to zero.

    What lies beyond stop_hz of a channel is STOP_DB below it, folded or not. The output rate is the ratio of whole
    numbers nearest to what was asked for, exact for every rate in use; Channels.rate_hz says it.
    Raises BadPassband, BadRate, BlockTooShort.
    """
    bands = [Band(offset_hz, out_rate_hz, pass_hz, stop_hz) for offset_hz in offsets_hz]
    _check(samples, rate_hz, bands or [Band(0.0, out_rate_hz, pass_hz, stop_hz)])
    ratio = rate_ratio(out_rate_hz, rate_hz)
    out = np.empty((len(bands), _length(len(samples), ratio)), np.complex64)
    _fill(samples, rate_hz, bands, list(out))
    return Channels(out, rate_hz * float(ratio))


def channelise_bands(samples: NDArray[np.complex64], rate_hz: float, bands: Sequence[Band]) -> tuple[Channel, ...]:
    """As `channelise`, each channel with a width and a rate of its own; the window is transformed once for all."""
    _check(samples, rate_hz, bands)
    ratios = [rate_ratio(band.out_rate_hz, rate_hz) for band in bands]
    out = [np.empty(_length(len(samples), ratio), np.complex64) for ratio in ratios]
    together = math.lcm(*(ratio.denominator for ratio in ratios)) <= _LARGEST_COMMON
    for some in [set(ratios)] if together else [{ratio} for ratio in set(ratios)]:
        chosen = [i for i, ratio in enumerate(ratios) if ratio in some]
        _fill(samples, rate_hz, [bands[i] for i in chosen], [out[i] for i in chosen])
    return tuple(Channel(row, rate_hz * float(ratio)) for row, ratio in zip(out, ratios, strict=True))


def _check(samples: NDArray[np.complex64], rate_hz: float, bands: Sequence[Band]) -> None:
    for band in bands:
        if not 0 < band.pass_hz < band.stop_hz or band.stop_hz + band.pass_hz > band.out_rate_hz:
            raise BadPassband(pass_hz=band.pass_hz, stop_hz=band.stop_hz, out_rate_hz=band.out_rate_hz)
        if not rate_hz >= 2 * band.pass_hz:
            raise BadRate(rate_hz=rate_hz, least_hz=2 * band.pass_hz)
    if not len(samples):
        raise BlockTooShort(have=0, need=1)


def _length(count: int, ratio: Fraction) -> int:
    return -(-count * ratio.numerator // ratio.denominator)


def _fill(
    samples: NDArray[np.complex64], rate_hz: float, bands: Sequence[Band], out: Sequence[NDArray[np.complex64]]
) -> None:
    """All bands from stretches of one length."""
    if not bands:
        return
    plan = StretchPlan.of(rate_hz, bands)
    tuned = [plan.tune(band) for band in bands]
    for first in range(0, len(samples), plan.step * TOGETHER):
        spectra = scipy.fft.fft(plan.stretches(samples, first), axis=1, overwrite_x=True)
        for row, channel in zip(out, tuned, strict=True):
            first_out = first // channel.down * channel.up
            piece = channel.extract(spectra, first)[: len(row) - first_out]
            row[first_out : first_out + len(piece)] = piece
