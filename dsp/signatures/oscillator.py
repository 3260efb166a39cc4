"""Where the sensor's own oscillator stands, by all cells heard of late: so a cell alone in its window has references.

Each cell's usual deviation is taken out first (`carrier_memory`). It holds the cell's own and that of the window: a
tuner's synthesiser steps by some 440 Hz at 900 MHz, so that whole windows lie beside each other by up to a quarter of
a ppm, the same each time they are tuned. A cell that is new has only the window's part, as its known cells show it.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from dsp.gsm.values import GsmCell

MOST_READINGS, MOST_A_LOOK, LEAST_CELLS = 64, 6, 4
APART_NS = 20 * 10**9
RECENT_NS = 180 * 10**9
LEAST_SPAN_S, DRIFT_SIGMAS = 5.0, 3.0  # between the earlier half of the readings and the later
MOST_DRIFT_PPM_S = 0.05 / 60
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


def with_readings(old: tuple[LoReading, ...], new: Sequence[LoReading], now_ns: int) -> tuple[LoReading, ...]:
    """Of three minutes: a few of each look, one of a cell in twenty seconds, so that they tell a drift."""
    fresh = {(reading.key, reading.at_ns // APART_NS) for reading in new[:MOST_A_LOOK]}
    kept = (r for r in old if 0 <= now_ns - r.at_ns <= RECENT_NS and (r.key, r.at_ns // APART_NS) not in fresh)
    return (*kept, *new[:MOST_A_LOOK])[-MOST_READINGS:]


def oscillator(readings: Sequence[LoReading], now_ns: int, *, but: str | None = None) -> Oscillator | None:
    """By the cells other than `but`, carried on to now as it drifts.

    None with fewer than four cells, and while it warms up: a cell is not accused of what may be the receiver's.
    """
    others = [r for r in readings if r.key != but]  # oldest first
    cells = len({r.key for r in others})
    if cells < LEAST_CELLS:
        return None
    half = len(others) // 2
    early, late = _middle(others[:half], now_ns), _middle(others[half:], now_ns)
    drift = _drift(early, late, half)
    if abs(drift) > MOST_DRIFT_PPM_S:
        return None
    middle, spread, _ = _middle(others, now_ns, drift=drift)
    return Oscillator(ppm=middle, sigma_ppm=MEDIAN_TO_MEAN * spread / len(others) ** 0.5, cells=cells)


def _middle(readings: Sequence[LoReading], now_ns: int, *, drift: float = 0.0) -> tuple[float, float, float]:
    """(median ppm carried on to now, its readings' robust spread, median seconds before now)."""
    ages = [(now_ns - r.at_ns) / 1e9 for r in readings]
    carried = [r.ppm + drift * age for r, age in zip(readings, ages, strict=True)]
    middle = statistics.median(carried)
    spread = MAD_TO_SIGMA * statistics.median([abs(each - middle) for each in carried])
    return middle, spread, statistics.median(ages)


def _drift(early: tuple[float, float, float], late: tuple[float, float, float], n: int) -> float:
    """ppm a second; nought where the readings do not show one."""
    passed_s = early[2] - late[2]
    change = late[0] - early[0]
    error = MEDIAN_TO_MEAN * math.hypot(early[1], late[1]) / math.sqrt(n)
    return change / passed_s if passed_s >= LEAST_SPAN_S and abs(change) > DRIFT_SIGMAS * error else 0.0
