"""Which channel each measured carrier is, and how far the cells stand from each other.

The receiver's oscillator may be off by half a channel and more, so a carrier alone does not tell its channel; but the
error is the same for all carriers of a look, and where the sample clock runs by the same oscillator, as in every
dongle, the cells' symbol clock shows it without any ambiguity.
"""

from dataclasses import replace

import numpy as np

from dsp.gsm.arfcn import SPACING_HZ, nearest_channel
from dsp.gsm.look import Reception

_CLOCKS_AGREE_HZ = 30e3
MEDIAN_LOSS = 1.25  # standard deviation of a median over that of a mean


def place_on_raster(receptions: tuple[Reception, ...]) -> tuple[Reception, ...]:
    """Channel, nominal carrier and offset of each, with one common oscillator error; then each against the others."""
    common_hz = _common_error(receptions)
    placed = tuple(_place(each, common_hz) for each in receptions)
    return tuple(_against_others(each, [o for o in placed if o is not each]) for each in placed)


def _common_error(receptions: tuple[Reception, ...]) -> float:
    """The error most carriers share: within half a channel, or as the symbol clock has it when the two agree."""
    nearest = [(each, nearest_channel(each.measured_hz)) for each in receptions]
    errors = [each.measured_hz - channel[1] for each, channel in nearest if channel is not None]
    if not errors:
        return 0.0
    mean = np.exp(2j * np.pi * np.array(errors) / SPACING_HZ).mean()
    smallest = float(np.angle(mean)) / (2 * np.pi) * SPACING_HZ
    by_clock = float(np.median([-1e-6 * each.clock_ppm * each.measured_hz for each in receptions]))
    beyond = smallest + SPACING_HZ * round((by_clock - smallest) / SPACING_HZ)
    return beyond if abs(beyond - by_clock) < _CLOCKS_AGREE_HZ else smallest


def _place(each: Reception, common_hz: float) -> Reception:
    channel = nearest_channel(each.measured_hz - common_hz)
    if channel is None:
        return each
    arfcn, freq_hz = channel
    return replace(each, arfcn=arfcn, freq_hz=freq_hz, carrier_offset_hz=each.measured_hz - freq_hz)


def _against_others(each: Reception, others: list[Reception]) -> Reception:
    references = [other for other in others if other.arfcn is not None]
    if each.arfcn is None or not references:
        return each
    own = 1e6 * each.carrier_offset_hz / each.freq_hz
    theirs = [1e6 * other.carrier_offset_hz / other.freq_hz for other in references]
    sigmas = [1e6 * other.carrier_offset_sigma_hz / other.freq_hz for other in references]
    of_median = MEDIAN_LOSS * float(np.sqrt(np.mean(np.square(sigmas)) / len(sigmas)))
    return replace(
        each,
        relative_offset_ppm=own - float(np.median(theirs)),
        relative_offset_sigma_ppm=float(np.hypot(1e6 * each.carrier_offset_sigma_hz / each.freq_hz, of_median)),
        relative_references=len(references),
    )
