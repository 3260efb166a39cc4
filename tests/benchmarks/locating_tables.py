"""Errors, coverage and cost over made cities: against the bound where nothing is wrong, against robust least squares
where something is."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.values import Fix
from tests.benchmarks.locating_scenarios import FREQ_HZ, KINDS, PLANE, Case, Settings, made
from tests.benchmarks.robust_least_squares import fix_m

HALF_SIDE_M = 16_000.0
PRIOR = propagation("gsm", FREQ_HZ)


@dataclass(frozen=True)
class Run:
    """One case. error_m : of the point, or of the middle of the likeliest piece where none was given."""

    covered: bool
    point: bool
    error_m: float
    area_km2: float
    bound_m: float
    cpu_s: float
    soft_m: float = float("nan")
    cauchy_m: float = float("nan")
    told_m: float = float("nan")  # told what is wrong, and so without it


def runs(settings: Settings, kinds: Sequence[str], *, seed: int, count: int, peer: bool) -> list[Run]:
    rng = np.random.default_rng(seed)
    found = [run(made(settings, rng).only(*kinds), peer=peer) for _ in range(count)]
    return [each for each in found if each is not None]


def run(case: Case, *, peer: bool) -> Run | None:
    started = time.process_time()
    fix = fixed(case)
    spent = time.process_time() - started
    if fix is None:
        return None
    pieces = [shapely.Polygon(ring) for ring in fix.region]
    soft, cauchy = (_peer_m(case, loss) if peer else float("nan") for loss in ("soft_l1", "cauchy"))
    return Run(
        any(piece.contains(shapely.Point(case.truth)) for piece in pieces),
        fix.lat_deg is not None,
        _error_m(fix, case),
        fix.area_km2,
        case.bound_m,
        spent,
        soft,
        cauchy,
        _told_m(case) if peer else float("nan"),
    )


def fixed(case: Case) -> Fix | None:
    (south, north), (west, east) = PLANE.to_degrees(np.array([-1, 1]) * HALF_SIDE_M, np.array([-1, 1]) * HALF_SIDE_M)
    area = (float(south), float(west), float(north), float(east))
    return locate(case.evidence, prior=PRIOR, area=area, time_utc_ns=0)


def _error_m(fix: Fix, case: Case) -> float:
    middle = shapely.Polygon(fix.region[0]).representative_point()
    at = (fix.lat_deg, fix.lon_deg) if fix.lat_deg is not None and fix.lon_deg is not None else (middle.x, middle.y)
    return float(np.hypot(*Plane(*case.truth).to_metres(*at)))


def _told_m(case: Case) -> float:
    """Of the same solver, when what is wrong is taken away beforehand. Nothing left: not a number."""
    fix = fixed(case.without_wrong)
    return float("nan") if fix is None else _error_m(fix, case)


def _peer_m(case: Case, loss: str) -> float:
    found = fix_m(case.evidence, PLANE, half_side_m=HALF_SIDE_M, loss=loss)
    return float(np.hypot(*(np.array(found) - case.truth_m)))


def against_the_bound(count: int, seed: int = 1) -> None:
    print("| inside the network, nothing wrong | n | RMSE m | bound m | ratio (≤ 1.10) | coverage (93–97 %) | CPU ms |")
    print("|---|---|---|---|---|---|---|")
    for name, kinds in (("TDOA", ("tdoa",)), ("AoA", ("aoa",)), ("hybrid", ("tdoa", "aoa", "power"))):
        for sensors in (4, 6, 8):
            settings = Settings(sensors=(sensors, sensors))
            print(bound_row(f"{name}, {sensors} sensors", runs(settings, kinds, seed=seed, count=count, peer=False)))


def bound_row(name: str, found: Sequence[Run]) -> str:
    error, limit = np.array([r.error_m for r in found]), np.array([r.bound_m for r in found])
    ratio = np.sqrt(np.mean((error / limit) ** 2))
    return (
        f"| {name} | {len(found)} | {np.sqrt(np.mean(error**2)):.1f} | {np.sqrt(np.mean(limit**2)):.1f} | {ratio:.3f} "
        f"| {100 * np.mean([r.covered for r in found]):.1f} | {1e3 * np.mean([r.cpu_s for r in found]):.1f} |"
    )


def of_every_kind(count: int, seed: int = 2) -> None:
    print(
        "| what is wrong | evidence | n | coverage (90–99 %) | point | median m | p90 m | told what | soft L1 | Cauchy "
        "| km² | CPU ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for name, settings in KINDS.items():
        for label, kinds in (("TDOA", ("tdoa",)), ("AoA", ("aoa",)), ("all", ("tdoa", "aoa", "power"))):
            print(kind_row(name, label, runs(settings, kinds, seed=seed, count=count, peer=True)), flush=True)


def kind_row(name: str, label: str, found: Sequence[Run]) -> str:
    keys = {"o": "error_m", "t": "told_m", "s": "soft_m", "c": "cauchy_m"}
    middle = {short: np.nanpercentile([getattr(r, key) for r in found], (50, 90)) for short, key in keys.items()}
    return (
        f"| {name} | {label} | {len(found)} | {100 * np.mean([r.covered for r in found]):.1f} "
        f"| {np.mean([r.point for r in found]):.2f} | {middle['o'][0]:.0f} | {middle['o'][1]:.0f} "
        f"| {middle['t'][0]:.0f} / {middle['t'][1]:.0f} "
        f"| {middle['s'][0]:.0f} / {middle['s'][1]:.0f} | {middle['c'][0]:.0f} / {middle['c'][1]:.0f} "
        f"| {np.median([r.area_km2 for r in found]):.3f} | {1e3 * np.mean([r.cpu_s for r in found]):.1f} |"
    )
