"""What the receiver reports of a channel: its errors as measured on made signals of 2 s (docs/figures.md).

Carrier: 18 Hz (the programme's doing, whatever the level), said as 12. Pilot: 0.1 mHz at 20 dB and by the noise beyond.
Injections: 3.5 Hz of the pilot and 14 Hz of RDS at 20 dB. RDS: 50 % of groups at 16 dB with 2 kHz, 1.5 dB wide. Of two
on a channel the one that is 2 dB stronger is heard: its pilot to 1.7 mHz there and 0.2 at 12 dB, 40 % of its groups
there and all from 6 dB on.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erf

from dsp.fm.deviation_spread import STEP_HZ, TOP_HZ, DeviationSpread
from dsp.fm.values import FmStation
from tests.benchmarks.fm_days.transmitter import DAY, Transmitter

NOISE_DBM, FULL_SCALE_DBM, FOUND_CNR_DB = -103.0, -25.0, 6.0
CARRIER_SIGMA_HZ, SAID_SIGMA_HZ = 18.0, 12.0
PILOT_SIGMA_20_DB_HZ, PILOT_LEAST_HZ = 1e-4, 5e-5
CAPTURE_DB, PILOT_CNR_DB, RDS_SINR_DB, RDS_WIDTH_DB = 2.0, 8.0, 16.0, 1.5
PILOT_UNDER_HZ, UNDER_SLOPE_DB = 2.5e-3, 12.7
GROUPS_A_S = 1187.5 / 104
CLEAREST_DB = 38.0  # reflections are in sinr too
USUAL_PEAK = 3.29  # of a normal swing, exceeded 0.1 % of the time


@dataclass
class Sensor:
    """place: its index into each transmitter's levels; the oscillator warms up after each start"""

    rng: np.random.Generator
    place: int
    ppm: float
    gain_db: float = 0.0
    started_s: float = 0.0
    warm_ppm: float = 2.0
    daily_ppm: float = 0.3
    deaf_db: float = 0.0

    def oscillator_ppm(self, time_s: float) -> float:
        warm = self.warm_ppm * (1.0 - math.exp(-(time_s - self.started_s) / 300.0))
        return self.ppm + warm + self.daily_ppm * math.sin(2 * math.pi * time_s / DAY)

    def hear(self, channel: Sequence[Transmitter], time_s: float, seconds: float) -> FmStation | None:
        """Of transmitters on one channel; None: nothing to be found."""
        levels = sorted(((t.level_dbm(self.place, time_s) - self.deaf_db, t) for t in channel), key=lambda x: -x[0])
        if not levels:
            return None
        level_dbm, loudest = levels[0]
        rest = sum(10 ** (level / 10) for level, _ in levels[1:])
        over_rest_db = level_dbm - 10 * math.log10(rest) if rest > 0 else 99.0
        total_dbm = 10 * math.log10(10 ** (level_dbm / 10) + rest)
        cnr_db = total_dbm - NOISE_DBM
        if cnr_db < FOUND_CNR_DB:
            return None
        unwanted = [over_rest_db, level_dbm - NOISE_DBM, CLEAREST_DB + self.rng.normal(0, 0.5)]
        sinr_db = 10 * math.log10(1.0 + 1.0 / sum(10 ** (-each / 10) for each in unwanted))
        way = _Way(seconds, sinr_db, over_rest_db, level_dbm - NOISE_DBM)
        heard = self._measured(loudest, time_s, way)
        level_dbfs = total_dbm + self.gain_db - FULL_SCALE_DBM + self.rng.normal(0, 0.1)
        return FmStation(level_dbfs=level_dbfs, cnr_db=cnr_db, sinr_db=sinr_db, seconds=seconds, **heard)

    def _measured(self, t: Transmitter, time_s: float, way: "_Way") -> dict[str, object]:
        draw, lo = self.rng.normal, 1.0 - 1e-6 * self.oscillator_ppm(time_s)
        more, captured = 10 ** ((20.0 - way.cnr_db) / 20), way.over_rest_db >= CAPTURE_DB
        found: dict[str, object] = {
            "freq_hz": t.carrier_at_hz(time_s) * lo + draw(0, CARRIER_SIGMA_HZ if captured else 250.0),
            "freq_sigma_hz": SAID_SIGMA_HZ if captured else 50.0,
            "occupied_hz": t.occupied_hz,
            "deviation_reason": "neighbour",
            "silence_share": 1.0 if t.silent else 0.05,
        }
        if way.sinr_db >= 25.0:
            deviation_hz = t.deviation_hz + draw(0, 3500.0)
            found |= {"deviation_hz": deviation_hz, "deviation_reason": None}
            found |= {"deviation_spread": _spread(deviation_hz, way.seconds)}
        if captured and t.stereo and way.cnr_db >= PILOT_CNR_DB:
            noise_hz = max(PILOT_LEAST_HZ, PILOT_SIGMA_20_DB_HZ * more) * math.sqrt(2.0 / way.seconds)
            under_hz = PILOT_UNDER_HZ * 10 ** (-way.over_rest_db / UNDER_SLOPE_DB)
            found |= {
                "pilot_hz": t.pilot_at_hz(time_s) * lo + draw(0, math.hypot(noise_hz, under_hz)),
                "pilot_deviation_hz": t.pilot_deviation_hz + draw(0, 3.5 * more + 20.0),
            }
        groups = self._groups(t, way) if captured else 0
        if t.pi is not None and groups:
            found |= {"rds_groups": groups, "pi": t.pi, "pi_groups": groups, "ps": t.ps if groups > 6 else None}
            found |= {"rds_deviation_hz": t.rds_deviation_hz + draw(0, 14.0 * more + 10.0)}
        return found

    def _groups(self, t: Transmitter, way: "_Way") -> int:
        needed_db = RDS_SINR_DB - 20 * math.log10(t.rds_deviation_hz / 2000.0)
        of_noise = 1.0 / (1.0 + math.exp(-(way.cnr_db - needed_db) / RDS_WIDTH_DB * 2.0))
        of_another = min(1.0, max(0.0, 0.39 + 0.17 * (way.over_rest_db - 2.0)))
        return int(self.rng.binomial(int(GROUPS_A_S * way.seconds), of_noise * of_another))


def _spread(deviation_hz: float, seconds: float) -> DeviationSpread:
    """As of a programme whose swing is normal: what is given is exceeded 0.1 % of the time."""
    below = erf(STEP_HZ * np.arange(1 + round(TOP_HZ / STEP_HZ)) * USUAL_PEAK / deviation_hz / math.sqrt(2.0))
    return DeviationSpread(times=tuple(np.rint(np.diff(below) * seconds * 1e5).astype(int).tolist()), looks=1)


@dataclass(frozen=True)
class _Way:
    """How the loudest of a channel arrives: over everything else together, over the others, over noise."""

    seconds: float
    sinr_db: float
    over_rest_db: float
    cnr_db: float
