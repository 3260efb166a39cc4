"""Positions from power: does the 95 % region hold the truth, how large is it, how far off is the point.

Made data: the solver does not know the exponent, the shadowing, the power. Real data: `bench_locate_power`.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import Propagation, propagation
from fusion.values import Fix, Sighting

PLANE = Plane(30.6, 114.3)
FREQ_HZ = 940e6
SIDE_M = 10_000.0
FLOOR_DBM = -103.0
GAIN_SIGMA_DB = 2.5
DECORRELATION_M = 150.0


@dataclass(frozen=True)
class Outcome:
    covered: bool
    area_km2: float
    error_m: float | None  # None: no point was given
    cpu_s: float


def sighting(
    sensor: str,
    lat: float,
    lon: float,
    *,
    level: float | None,
    sigma_db: float | None,
    second: int,
    floor_dbm: float = FLOOR_DBM,
) -> Sighting:
    return Sighting(
        sensor=sensor,
        boot="",
        seq=second,
        time_utc_ns=second * 10**9,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=5.0,
        level_dbm=level,
        cnr_db=None,
        floor_dbm=floor_dbm if level is None else None,
        level_sigma_db=sigma_db,
    )


def outcome(
    sightings: list[Sighting],
    truth: tuple[float, float],
    area: tuple[float, float, float, float] | None,
    prior: Propagation,
) -> Outcome | None:
    started = time.process_time()
    fix = locate(Evidence(tuple(sightings)), prior=prior, area=area, time_utc_ns=0)
    spent = time.process_time() - started
    if fix is None:
        return None
    return Outcome(holds(fix, truth), fix.area_km2, error_m(fix, truth), spent)


def holds(fix: Fix, truth: tuple[float, float]) -> bool:
    return any(shapely.Polygon(ring).contains(shapely.Point(truth)) for ring in fix.region)


def error_m(fix: Fix, truth: tuple[float, float]) -> float | None:
    if fix.lat_deg is None or fix.lon_deg is None:
        return None
    return float(np.hypot(*Plane(*truth).to_metres(fix.lat_deg, fix.lon_deg)))


def row(name: str, outcomes: Iterable[Outcome | None]) -> str:
    found = [o for o in outcomes if o is not None]
    errors = [o.error_m for o in found if o.error_m is not None]
    middle, p90 = (np.percentile(errors, 50), np.percentile(errors, 90)) if errors else (float("nan"),) * 2
    area_km2 = np.median([o.area_km2 for o in found])
    return (
        f"| {name} | {len(found)} | {np.mean([o.covered for o in found]):.3f} | {area_km2:.2f} "
        f"| {len(errors) / len(found):.2f} | {middle:.0f} | {p90:.0f} | {1e3 * np.mean([o.cpu_s for o in found]):.0f} |"
    )


HEAD = (
    "| case | n | truth in 95 % region | median area km² | with a point | median error m | p90 m | CPU ms |\n"
    "|---|---|---|---|---|---|---|---|"
)


# ------------------------------------------------------------------------------------------------ made data


def made(rng: np.random.Generator, *, fixed: int, drive: int, sigma_db: float, exponent: float) -> Outcome | None:
    """`fixed` sensors anywhere, one that drives past `drive` points, an emitter anywhere inside."""
    places = rng.uniform(-0.35 * SIDE_M, 0.35 * SIDE_M, (fixed, 2))
    names = [f"s{i}" for i in range(fixed)]
    if drive:
        along = np.linspace(-1, 1, drive)[:, None] * rng.uniform(0.15, 0.4) * SIDE_M
        heading = rng.uniform(0, 2 * np.pi)
        track = rng.uniform(-0.2 * SIDE_M, 0.2 * SIDE_M, 2) + along * [np.cos(heading), np.sin(heading)]
        places, names = np.vstack([places, track]), names + ["car"] * drive
    truth = rng.uniform(-0.35 * SIDE_M, 0.35 * SIDE_M, 2)
    levels = made_levels(rng, places, names, truth, sigma_db=sigma_db, exponent=exponent)
    lat, lon = PLANE.to_degrees(places[:, 0], places[:, 1])
    sightings = [
        sighting(name, float(a), float(b), level=float(p) if p > FLOOR_DBM else None, sigma_db=GAIN_SIGMA_DB, second=i)
        for i, (name, a, b, p) in enumerate(zip(names, lat, lon, levels, strict=True))
    ]
    half = SIDE_M / 2
    (south, north), (west, east) = PLANE.to_degrees(np.array([-half, half]), np.array([-half, half]))
    at_lat, at_lon = PLANE.to_degrees(*truth)
    return outcome(
        sightings,
        (float(at_lat), float(at_lon)),
        (float(south), float(west), float(north), float(east)),
        propagation("gsm", FREQ_HZ),
    )


def made_levels(
    rng: np.random.Generator,
    places: NDArray[np.float64],
    names: list[str],
    truth: NDArray[np.float64],
    *,
    sigma_db: float,
    exponent: float,
) -> NDArray[np.float64]:
    """Log distance, shadowing correlated between places, one gain error a sensor, fading."""
    distance = np.maximum(np.hypot(*(places - truth).T), 20.0)
    apart = np.hypot(places[:, None, 0] - places[:, 0], places[:, None, 1] - places[:, 1])
    root = np.linalg.cholesky(np.exp(-apart / DECORRELATION_M) + 1e-9 * np.eye(len(places)))
    gains = {name: rng.normal(0, GAIN_SIGMA_DB) for name in dict.fromkeys(names)}
    at_100_m = 20 * np.log10(4 * np.pi * 100.0 * FREQ_HZ / 299_792_458.0)
    expected = rng.normal(38.0, 8.0) - at_100_m - 10 * exponent * np.log10(distance / 100.0)
    return np.asarray(
        expected
        + sigma_db * root @ rng.normal(size=len(places))
        + [gains[n] for n in names]
        + rng.normal(0, 1.5, len(places))
    )


def made_table(trials: int) -> list[tuple[str, list[Outcome | None]]]:
    table = []
    for name, fixed, drive in (("4 fixed", 4, 0), ("5 fixed", 5, 0), ("8 fixed", 8, 0), ("4 fixed and a car", 4, 24)):
        for sigma_db in (4.0, 6.0, 8.0):
            rng = np.random.default_rng(7)
            runs = [
                made(rng, fixed=fixed, drive=drive, sigma_db=sigma_db, exponent=rng.uniform(2.7, 3.7))
                for _ in range(trials)
            ]
            table.append((f"{name}, shadowing {sigma_db:.0f} dB", runs))
    return table


# of the real drive in bench_locate_power: neither the power nor the offset of the receiver is known
LORA = Propagation(freq_hz=915e6, eirp_dbm=0.0, eirp_sigma_db=30.0)
LORA_TRUTH = (-21.7788416, -43.3733624)


def main() -> None:
    print(HEAD)
    for name, runs in made_table(100):
        print(row(name, runs), flush=True)
