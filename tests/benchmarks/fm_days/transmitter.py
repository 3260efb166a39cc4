"""An FM transmitter as a receiver sees it: its oscillators, its coder, what it says, and how it fades on the way."""

import math
from dataclasses import dataclass, field

import numpy as np

DAY = 86_400.0
GROUND, TROPO, SPORADIC_E = "ground", "tropo", "sporadic_e"
FADING = {GROUND: (900.0, 0.5), TROPO: (600.0, 4.0), SPORADIC_E: (25.0, 7.0)}  # decorrelation s, sigma dB
MOST_WAVES = 8
SWELL_DB = 30.0  # until a sixth of its time has passed, and again from five sixths on


@dataclass
class Transmitter:
    """levels_dbm: at each sensor; carrier and pilot as they stand off their nominal values on the mean of a day"""

    freq_hz: float
    levels_dbm: tuple[float, ...]
    carrier_hz: float = 0.0
    pilot_mhz: float = 0.0
    carrier_wander_hz: float = 0.0
    pilot_wander_mhz: float = 0.0
    pilot_deviation_hz: float = 6750.0
    rds_deviation_hz: float = 2000.0
    deviation_hz: float = 66e3
    occupied_hz: float = 120e3
    stereo: bool = True
    pi: int | None = None
    ps: str | None = None
    silent: bool = False
    path: str = GROUND
    name: str = ""
    on: bool = True
    from_s: float = -math.inf
    until_s: float = math.inf
    hours: tuple[float, float] | None = None  # of the day, from and until; on past midnight where it ends before
    twin: "Transmitter | None" = None  # synchronised with it: one studio feeds both
    waves: tuple[tuple[float, float], ...] = field(default_factory=tuple)  # fading: period s, phase, of each sensor

    def on_air(self, time_s: float) -> bool:
        if not self.on or not self.from_s <= time_s < self.until_s:
            return False
        if self.hours is None:
            return True
        begin, end = self.hours
        hour = time_s % DAY / 3600.0
        return begin <= hour < end if begin < end else hour >= begin or hour < end

    def level_dbm(self, sensor: int, time_s: float) -> float:
        """With its fading: a sum of waves, the same whenever it is asked for."""
        sigma_db = FADING[self.path][1]
        each = len(self.waves) // len(self.levels_dbm)
        mine = self.waves[sensor * each : (sensor + 1) * each]
        swing = sum(math.sin(2 * math.pi * time_s / period + phase) for period, phase in mine)
        return self.levels_dbm[sensor] + self._swell_db(time_s) + sigma_db * swing * math.sqrt(2.0 / max(len(mine), 1))

    def _swell_db(self, time_s: float) -> float:
        """What comes from afar comes slowly and goes slowly."""
        if self.path == GROUND or not math.isfinite(self.from_s + self.until_s):
            return 0.0
        part = (time_s - self.from_s) / (self.until_s - self.from_s)
        return -SWELL_DB * (1.0 - min(1.0, 2.0 * math.sin(math.pi * min(max(part, 0.0), 1.0))))

    def carrier_at_hz(self, time_s: float) -> float:
        return self.freq_hz + self.carrier_hz + self.carrier_wander_hz * math.sin(2 * math.pi * time_s / DAY)

    def pilot_at_hz(self, time_s: float) -> float:
        return 19e3 + 1e-3 * (self.pilot_mhz + self.pilot_wander_mhz * math.sin(2 * math.pi * time_s / DAY + 1.0))


def fading(rng: np.random.Generator, path: str, sensors: int) -> tuple[tuple[float, float], ...]:
    """Periods about the decorrelation time of the path, each sensor's own."""
    decorrelation_s = FADING[path][0]
    periods = decorrelation_s * 2 * np.exp(rng.normal(0.3, 0.6, sensors * MOST_WAVES))
    phases = rng.uniform(0, 2 * math.pi, sensors * MOST_WAVES)
    return tuple((float(period), float(phase)) for period, phase in zip(periods, phases, strict=True))


def professional(rng: np.random.Generator, freq_hz: float, levels: tuple[float, ...], pi: int) -> Transmitter:
    """Most exciters are locked, most coders run by a crystal of their own."""
    locked, stereo = rng.random() < 0.6, rng.random() < 0.95
    return Transmitter(
        freq_hz=freq_hz,
        levels_dbm=levels,
        carrier_hz=float(rng.normal(0, 2.0 if locked else 200.0)),
        carrier_wander_hz=0.0 if locked else float(rng.uniform(2, 20)),
        pilot_mhz=0.0 if rng.random() < 0.25 else float(rng.normal(0, 40.0)),
        pilot_wander_mhz=float(rng.uniform(0.2, 4.0)),
        pilot_deviation_hz=float(rng.normal(6750, 250)),
        rds_deviation_hz=float(rng.uniform(1500, 3500)),
        deviation_hz=float(rng.normal(66e3, 4e3)),
        stereo=stereo,
        pi=pi if rng.random() < 0.85 else None,
        ps=f"ST{pi:04X}  ",
        waves=fading(rng, GROUND, len(levels)),
        name=f"Station {freq_hz / 1e6:.1f}",
    )
