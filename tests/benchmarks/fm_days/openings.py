"""Openings alone: evenings of ducting and sporadic E over a small town, and what of their far stations is accused.

In `innocent` they are rare and few; here there is nothing else, so that a rule can be told from luck. The town has
eight of the band's channels; it is swept without a pause, from twenty sweeps before an opening to its end.
"""

from collections import Counter
from dataclasses import dataclass, field

import msgspec
import numpy as np

from fusion.values import Level
from tests.benchmarks.fm_days.band import Band, make_band
from tests.benchmarks.fm_days.chain import SWEEP_S, Accused, Chain
from tests.benchmarks.fm_days.innocent import make_sensors
from tests.benchmarks.fm_days.life import HOUR, Act, Life

CHANNELS, BEFORE_SWEEPS, MORNING_S = 8, 20, 9 * HOUR


@dataclass
class Openings:
    """worst : by opening and channel"""

    openings: int = 0
    far: int = 0
    hours: float = 0.0
    worst: dict[tuple[int, int], Accused] = field(default_factory=dict)

    def count(self, level: Level) -> int:
        return sum(accused.level >= level for accused in self.worst.values())


def small_town(rng: np.random.Generator, *, sensors: int) -> Band:
    band = make_band(rng, sensors=sensors)
    kept = sorted({t.freq_hz for t in band.transmitters})[:CHANNELS]
    licences = tuple(each for each in band.licences.fm if each.freq_hz in kept)
    band.transmitters = [t for t in band.transmitters if t.freq_hz in kept]
    band.licences = msgspec.structs.replace(band.licences, fm=licences)
    return band


def run(act: Act, seeds: range, *, sensors: int) -> Openings:
    told = Openings()
    for seed in seeds:
        rng = np.random.default_rng((58, seed, sensors))
        band = small_town(rng, sensors=sensors)
        heard_by = make_sensors(rng, sensors)
        life, chain = Life(band, heard_by, rng), Chain(band, heard_by)
        life.settle(MORNING_S)
        _sweep(chain, life, MORNING_S + BEFORE_SWEEPS * SWEEP_S)
        seconds = act(life)
        told.openings, told.far = told.openings + 1, told.far + len(life.visitors)
        told.hours += seconds / HOUR
        for each in _sweep(chain, life, life.now_s + seconds):
            key = seed, round(each.freq_hz / 50e3)
            if key not in told.worst or each.level > told.worst[key].level:
                told.worst[key] = each
    return told


def _sweep(chain: Chain, life: Life, until_s: float) -> list[Accused]:
    accused = []
    while life.now_s < until_s:
        accused += chain.sweep(life.now_s, life.on_air)
        life.settle(life.now_s + SWEEP_S)
    return accused


def table(told: dict[str, Openings]) -> list[str]:
    rows = ["| opening | openings | hours | far stations | note | watch | high |", "|---|---|---|---|---|---|---|"]
    for name, each in told.items():
        levels = (each.count(Level.NOTE), each.count(Level.WATCH), each.count(Level.HIGH))
        rows.append(
            f"| {name} | {each.openings} | {each.hours:.1f} | {each.far} | " + " | ".join(map(str, levels)) + " |"
        )
    return rows


def explained(told: Openings) -> list[str]:
    why = Counter((a.kind, ", ".join(a.findings)) for a in told.worst.values() if a.level >= Level.WATCH)
    return [f"- {count} × {' | '.join(kind)}" for kind, count in why.most_common(20)]
