"""A pirate on a free channel by how strongly it arrives, on a quiet day and during an opening of sporadic E: when is it
more than a note? One sensor that sweeps a small town, as in `openings`.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from fusion.values import Level
from tests.benchmarks.fm_days.chain import SWEEP_S, Chain
from tests.benchmarks.fm_days.innocent import make_sensors
from tests.benchmarks.fm_days.life import Life, sporadic_e
from tests.benchmarks.fm_days.openings import BEFORE_SWEEPS, MORNING_S, small_town
from tests.benchmarks.fm_days.receiver import NOISE_DBM
from tests.benchmarks.fm_days.transmitter import GROUND, Transmitter, fading

CNRS_DB = ((8.0, 12.0), (13.0, 18.0), (21.0, 30.0), (30.0, 44.0), (46.0, 55.0))
QUIET_S, OPEN_S = 900.0, 2700.0
NEAR_HZ = 60e3


@dataclass
class Watched:
    """after_s : of each trial, until watch or more; infinite: never. open : during an opening"""

    cnr_db: tuple[float, float]
    open: bool
    after_s: list[float] = field(default_factory=list)


def run(seeds: range) -> list[Watched]:
    found = [Watched(cnr_db, False) for cnr_db in CNRS_DB] + [Watched(cnr_db, True) for cnr_db in CNRS_DB[2:]]
    for n, each in enumerate(found):
        each.after_s = [_trial(each, np.random.default_rng((61, seed, n))) for seed in seeds]
    return found


def _trial(of: Watched, rng: np.random.Generator) -> float:
    band = small_town(rng, sensors=1)
    heard_by = make_sensors(rng, 1)
    life, chain = Life(band, heard_by, rng), Chain(band, heard_by)
    life.settle(MORNING_S)
    if of.open:
        sporadic_e(life)
    pirate = _pirate(of, band.free_hz, rng, MORNING_S + BEFORE_SWEEPS * SWEEP_S + float(rng.uniform(0, SWEEP_S)))
    while life.now_s < pirate.from_s + (OPEN_S if of.open else QUIET_S):
        accused = chain.sweep(life.now_s, [*life.on_air, pirate])
        mine = [a for a in accused if abs(a.freq_hz - pirate.freq_hz) < NEAR_HZ and a.time_s > pirate.from_s]
        if any(each.level >= Level.WATCH for each in mine):
            return min(each.time_s for each in mine) - pirate.from_s
        life.settle(life.now_s + SWEEP_S)
    return math.inf


def _pirate(of: Watched, free_hz: list[float], rng: np.random.Generator, on_s: float) -> Transmitter:
    return Transmitter(
        freq_hz=free_hz[int(rng.integers(len(free_hz)))],
        levels_dbm=(NOISE_DBM + float(rng.uniform(*of.cnr_db)),),
        carrier_hz=float(rng.normal(0, 800.0)),
        stereo=False,
        waves=fading(rng, GROUND, 1),
        from_s=on_s,
        name="pirate",
    )


def table(found: list[Watched]) -> list[str]:
    rows = ["| CNR, dB | opening | n | watch | median s | slowest s |", "|---|---|---|---|---|---|"]
    for each in found:
        came = sorted(s for s in each.after_s if math.isfinite(s))
        of, minutes = len(each.after_s), (OPEN_S if each.open else QUIET_S) / 60
        times = f"{came[len(came) // 2]:.0f} | {came[-1]:.0f}" if came else "– | –"
        when = "yes" if each.open else "no"
        rows.append(
            f"| {each.cnr_db[0]:.0f} to {each.cnr_db[1]:.0f} | {when} | {of} "
            f"| {100 * len(came) / of:.0f} % in {minutes:.0f} min | {times} |"
        )
    return rows
