"""Where the sensor's oscillator stands, by the pilots and carriers of all stations heard of late.

A sensor whose crystal is fast by x ppm reads every pilot and every carrier low by x ppm, so what all stations have in
common is the sensor's and what one has alone is its own. Pilots are read to 0.01 ppm in a look of two seconds, carriers
only to 0.2 ppm: the programme moves them.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from dsp.fm.values import FmStation
from dsp.signatures.oscillator import LoReading

PILOT_HZ = 19e3
RASTER_HZ = 50e3
RECENT_NS = 180 * 10**9
MOST_READINGS = 128
LEAST_STATIONS = 2
LEAST_SIGMA_PPM = 0.02
DRIFT_PPM_S = 0.005  # of an oscillator that warms up
MAD_TO_SIGMA, MEDIAN_TO_MEAN = 1.4826, 1.2533


@dataclass(frozen=True, slots=True)
class Common:
    """What all stations read too high by."""

    ppm: float
    sigma_ppm: float
    stations: int


AT_FIRST = Common(ppm=0.0, sigma_ppm=0.3, stations=0)  # as it stands then, all is measured by it; it may still warm up


def carrier_ppm(station: FmStation) -> float:
    """Off the nearest multiple of 50 kHz."""
    channel_hz = RASTER_HZ * round(station.freq_hz / RASTER_HZ)
    return 1e6 * (station.freq_hz - channel_hz) / channel_hz


def pilot_ppm(station: FmStation) -> float | None:
    return None if station.pilot_hz is None else 1e6 * (station.pilot_hz - PILOT_HZ) / PILOT_HZ


def with_readings(old: tuple[LoReading, ...], new: Sequence[LoReading], now_ns: int) -> tuple[LoReading, ...]:
    """One of a station: the latest."""
    fresh = {reading.key for reading in new}
    kept = (each for each in old if each.key not in fresh and 0 <= now_ns - each.at_ns <= RECENT_NS)
    return (*kept, *new)[-MOST_READINGS:]


def common(readings: Sequence[LoReading], now_ns: int, *, but: str) -> Common | None:
    """By the stations other than `but`, those of this look where they are enough; None with fewer than two."""
    others = [reading for reading in readings if reading.key != but and 0 <= now_ns - reading.at_ns <= RECENT_NS]
    of_now = [reading for reading in others if reading.at_ns == now_ns]
    used = of_now if len(of_now) >= LEAST_STATIONS else others
    if len(used) < LEAST_STATIONS:
        return None
    middle = statistics.median([reading.ppm for reading in used])
    spread = MAD_TO_SIGMA * statistics.median([abs(reading.ppm - middle) for reading in used])
    age_s = statistics.median([(now_ns - reading.at_ns) / 1e9 for reading in used])
    error = MEDIAN_TO_MEAN * spread / len(used) ** 0.5
    return Common(middle, max(LEAST_SIGMA_PPM, math.hypot(error, DRIFT_PPM_S * age_s)), len(used))
