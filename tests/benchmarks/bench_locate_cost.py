"""What a fix costs with eight sensors, in CPU time of one core: each kind of evidence, all together, and aircraft."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fusion.locate.arrivals3d import locate_high
from tests.benchmarks.aircraft import cases
from tests.benchmarks.bench_locating import recordings
from tests.benchmarks.locating_scenarios import KINDS, Settings, made
from tests.benchmarks.locating_tables import run

COUNT, SEED = 100, 3
KINDS_OF_EVIDENCE = (
    ("TDOA", ("tdoa",)),
    ("power", ("power",)),
    ("bearings", ("aoa",)),
    ("TDOA and power", ("tdoa", "power")),
    ("all", ("tdoa", "aoa", "power")),
)


def fixes(settings: Settings, kinds: Sequence[str]) -> list[float]:
    """CPU seconds of each."""
    rng = np.random.default_rng(SEED)
    found = [run(made(settings, rng).only(*kinds), peer=False) for _ in range(COUNT)]
    return [each.cpu_s for each in found if each is not None]


def aircraft(folder: Path) -> list[float]:
    spent = []
    for heard, truth in cases(folder)[: 3 * COUNT]:
        started = time.process_time()
        locate_high(heard, height_m=truth[2])
        spent.append(time.process_time() - started)
    return spent


def row(name: str, asked_ms: float, spent: Sequence[float]) -> str:
    low, middle, high = 1e3 * np.percentile(spent, (10, 50, 90))
    return (
        f"| {name} | {len(spent)} | {asked_ms:.0f} | {middle:.1f} | {1e3 * np.mean(spent):.1f} | {low:.1f}–{high:.1f} |"
    )


def main() -> None:
    print("| a fix | n | asked, ms | median | mean | 10–90 % |\n|---|---|---|---|---|---|")
    for kind in ("nothing wrong", "reflections"):
        for name, kinds in KINDS_OF_EVIDENCE:
            settings = replace(KINDS[kind], sensors=(8, 8))
            print(row(f"{name}, 8 sensors, {kind}", 20.0, fixes(settings, kinds)), flush=True)
    folder = recordings() / "adsb_toa"
    if folder.is_dir():
        print(row("aircraft, 5 arrivals", 2.0, aircraft(folder)))
