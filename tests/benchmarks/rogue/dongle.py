"""A dongle and its computer: windows of GSM 900, the oscillator, the clock, and what one look is."""

import math
from dataclasses import dataclass, field

import numpy as np

from dsp.gsm.values import GsmCell
from wire.report import TimeSource

START_NS = 1_790_000_000 * 10**9 // (86_400 * 10**9) * (86_400 * 10**9)  # second 0 is midnight
NOISE_DBM = -113.0
WINDOW_HZ, DWELL_S, TUNE_S = 1.6e6, 2.0, 0.35
BAND_HZ = (930e6, 960.0e6)
WINDOWS = math.ceil((BAND_HZ[1] - BAND_HZ[0]) / WINDOW_HZ)
SWEEP_S = WINDOWS * (DWELL_S + TUNE_S)  # 45 s


@dataclass(frozen=True)
class Look:
    """What was heard in one window, at `time_s`, between `swept_hz`."""

    time_s: float
    swept_hz: tuple[float, float]
    cells: tuple[GsmCell, ...]


@dataclass
class Lo:
    """The dongle's oscillator: far off, warming up, following the temperature of the day.

    grid_ppm : by how much the tuner's synthesiser misses each window's centre; its steps are about 440 Hz
    """

    ppm: float
    grid_ppm: tuple[float, ...] = (0.0,) * WINDOWS
    warm_ppm: float = 3.0
    day_ppm: float = 1.5
    started_s: float = 0.0

    def at(self, time_s: float, window: int) -> float:
        warming = self.warm_ppm * math.exp(-max(time_s - self.started_s, 0.0) / 900.0)
        return self.ppm + self.grid_ppm[window] + warming + self.day_ppm * math.sin(2 * math.pi * time_s / 86_400.0)


@dataclass
class Clock:
    """The computer's clock. With GNSS it is right; without, it drifts and is set now and then.

    steps : (since second, seconds) by which it was set
    """

    gnss: bool
    drift_ppm: float = 0.0
    steps: list[tuple[float, float]] = field(default_factory=list)

    def error_s(self, time_s: float) -> float:
        if self.gnss:
            return 0.0
        return 1e-6 * self.drift_ppm * time_s + sum(step for since, step in self.steps if time_s >= since)

    @property
    def source(self) -> TimeSource:
        return TimeSource.GNSS if self.gnss else TimeSource.SYSTEM

    @property
    def sigma_ns(self) -> int:
        return 1_100_000 if self.gnss else 500_000_000


def new_lo(rng: np.random.Generator) -> Lo:
    return Lo(float(rng.normal(0, 20)), tuple(float(p) for p in rng.uniform(-0.235, 0.235, WINDOWS)))


def window_hz(window: int) -> tuple[float, float]:
    low_hz = BAND_HZ[0] + window * WINDOW_HZ
    return low_hz, low_hz + WINDOW_HZ
