"""Which channel each measured carrier is, and how far the cells stand from each other.

The receiver's oscillator may be off by half a channel and more, so a carrier alone does not tell its channel; but the
error is the same for all carriers of a look, and where the sample clock runs by the same oscillator, as in every
dongle, the cells' symbol clock shows it without any ambiguity. Where it does not, the cells' own lists of channels
decide between the two nearest placings; a cell that still contradicts its list keeps its place, and says so.
"""

from dataclasses import replace

import numpy as np

from dsp.gsm.arfcn import SPACING_HZ, nearest_channel
from dsp.gsm.look import Reception
from dsp.gsm.own_list import Listed, listed_channels

_CLOCKS_AGREE_HZ = 30e3
_MOST_ERROR_HZ = 120e3  # beyond, two placings are no longer both likely
_CLEARLY_MORE = 2  # cells: one of them may be a stranger with a copied list
MEDIAN_LOSS = 1.25  # standard deviation of a median over that of a mean


def place_on_raster(receptions: tuple[Reception, ...]) -> tuple[Reception, ...]:
    """Channel, nominal carrier and offset of each, with one common oscillator error; then each against the others."""
    common_hz = _common_error(receptions)
    placed = tuple(_place(each, common_hz) for each in receptions)
    return tuple(_against_others(each, [o for o in placed if o is not each]) for each in placed)


def _common_error(receptions: tuple[Reception, ...]) -> float:
    """The error most carriers share: as the symbol clock has it when the two agree; else within half a channel, or
    one channel further when clearly more cells then stand in their own lists."""
    errors = [each.measured_hz % SPACING_HZ for each in receptions if _near_a_band(each.measured_hz)]
    if not errors:
        return 0.0
    mean = np.exp(2j * np.pi * np.array(errors) / SPACING_HZ).mean()
    smallest = float(np.angle(mean)) / (2 * np.pi) * SPACING_HZ
    by_clock = float(np.median([-1e-6 * each.clock_ppm * each.measured_hz for each in receptions]))
    beyond = smallest + SPACING_HZ * round((by_clock - smallest) / SPACING_HZ)
    return beyond if abs(beyond - by_clock) < _CLOCKS_AGREE_HZ else _by_own_lists(receptions, smallest)


def _near_a_band(freq_hz: float) -> bool:
    """Whether a channel lies within one and a half: a bad oscillator puts the first and the last of a band outside.
    Every band's carriers are whole multiples of 200 kHz."""
    return any(nearest_channel(freq_hz + away_hz) is not None for away_hz in (-SPACING_HZ, 0.0, SPACING_HZ))


def _by_own_lists(receptions: tuple[Reception, ...], smallest: float) -> float:
    """`smallest`, or the error one channel from it."""
    listed = listed_channels(receptions)
    other = smallest - float(np.copysign(SPACING_HZ, smallest))
    if any(abs(offset) > _MOST_ERROR_HZ for offset in _offsets(receptions, other)):
        return smallest
    here, there = _in_own_lists(listed, smallest), _in_own_lists(listed, other)
    return other if there - here >= _CLEARLY_MORE or (there and not here) else smallest


def _offsets(receptions: tuple[Reception, ...], common_hz: float) -> list[float]:
    placed = [_place(each, common_hz) for each in receptions]
    return [each.carrier_offset_hz for each in placed if each.arfcn is not None]


def _in_own_lists(listed: list[Listed], common_hz: float) -> int:
    channels = [(each.arfcns, nearest_channel(each.measured_hz - common_hz)) for each in listed]
    return sum(channel is not None and channel[0] in arfcns for arfcns, channel in channels)


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
