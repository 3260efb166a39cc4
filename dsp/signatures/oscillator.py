"""Where the sensor's own oscillator stands, by all cells heard of late: so a cell alone in its window has references.

Each cell's usual deviation is taken out first (`carrier_memory`). It holds the cell's own and that of the window: a
tuner's synthesiser steps by some 440 Hz at 900 MHz, so that whole windows lie beside each other by up to a quarter of
a ppm, the same each time they are tuned. A cell that is new has only the window's part, as its known cells show it.
"""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from dsp.gsm.values import GsmCell

MOST_READINGS, LEAST_CELLS = 32, 4
RECENT_NS = 180 * 10**9
MOST_SIGMA_PPM = 0.03
MAD_TO_SIGMA, MEDIAN_TO_MEAN = 1.4826, 1.2533  # the latter: how much worse a median is than a mean


class LoReading(msgspec.Struct, frozen=True, array_like=True):
    key: str  # of the cell
    at_ns: int
    ppm: float  # of its carrier, by the sensor's oscillator, what is usual for it taken out


@dataclass(frozen=True, slots=True)
class Oscillator:
    ppm: float
    sigma_ppm: float
    cells: int


def carrier_ppm(cell: GsmCell) -> float:
    return 1e6 * cell.carrier_offset_hz / cell.freq_hz


def carrier_sigma_ppm(cell: GsmCell) -> float:
    return 1e6 * cell.carrier_offset_sigma_hz / cell.freq_hz


def with_readings(old: tuple[LoReading, ...], new: Iterable[LoReading], now_ns: int) -> tuple[LoReading, ...]:
    """The newest of each cell, for three minutes."""
    fresh = {reading.key: reading for reading in new}
    kept = (r for r in old if r.key not in fresh and 0 <= now_ns - r.at_ns <= RECENT_NS)
    return (*kept, *fresh.values())[-MOST_READINGS:]


def oscillator(readings: Sequence[LoReading], *, but: str | None = None) -> Oscillator | None:
    """By the cells other than `but`; None with fewer than four."""
    ppm = [reading.ppm for reading in readings if reading.key != but]
    if len(ppm) < LEAST_CELLS:
        return None
    middle = statistics.median(ppm)
    spread = MAD_TO_SIGMA * statistics.median([abs(each - middle) for each in ppm])
    return Oscillator(ppm=middle, sigma_ppm=MEDIAN_TO_MEAN * spread / len(ppm) ** 0.5, cells=len(ppm))
