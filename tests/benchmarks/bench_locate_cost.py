"""What a fix costs with eight sensors, in CPU time of one core: each kind of evidence, all together, and aircraft.

Neighbours on the same cores make every figure larger: each fix is made five times, and beside the middle of all times
stands that of the quickest ones, which is what a quiet machine would say.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fusion.locate.arrivals3d import locate_high
from tests.benchmarks.aircraft import cases
from tests.benchmarks.bench_locating import recordings
from tests.benchmarks.locating_scenarios import KINDS, Settings, made
from tests.benchmarks.locating_tables import fixed

COUNT, SEED, TIMES = 40, 3, 5
KINDS_OF_EVIDENCE = (
    ("TDOA", ("tdoa",)),
    ("power", ("power",)),
    ("bearings", ("aoa",)),
    ("TDOA and power", ("tdoa", "power")),
    ("all", ("tdoa", "aoa", "power")),
)


def fixes(settings: Settings, kinds: Sequence[str]) -> list[list[float]]:
    """CPU seconds: of each case, each time."""
    rng = np.random.default_rng(SEED)
    cases = [made(settings, rng).only(*kinds) for _ in range(COUNT)]
    return [[_spent(lambda case=case: fixed(case)) for _ in range(TIMES)] for case in cases]  # type: ignore[misc]


def aircraft(folder: Path) -> list[list[float]]:
    heard = cases(folder)[: 3 * COUNT]
    return [
        [_spent(lambda one=one, h=truth[2]: locate_high(one, height_m=h)) for _ in range(TIMES)]  # type: ignore[misc]
        for one, truth in heard
    ]


def _spent(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def row(name: str, asked_ms: float, spent: Sequence[Sequence[float]]) -> str:
    every = 1e3 * np.array(spent)
    quick, slow = np.percentile(every.min(axis=1), (50, 90))
    return f"| {name} | {len(spent)} | {asked_ms:.0f} | {quick:.1f} | {slow:.1f} | {np.median(every):.1f} |"


def main() -> None:
    print("| a fix | n | asked, ms | quickest of five: median | 90th percentile | every one: median |")
    print("|---|---|---|---|---|---|")
    for kind in ("nothing wrong", "reflections"):
        for name, kinds in KINDS_OF_EVIDENCE:
            settings = replace(KINDS[kind], sensors=(8, 8))
            print(row(f"{name}, 8 sensors, {kind}", 20.0, fixes(settings, kinds)), flush=True)
    folder = recordings() / "adsb_toa"
    if folder.is_dir():
        print(row("aircraft, 5 arrivals", 2.0, aircraft(folder)))
