"""Received power: campus, drives, self-test. Real recordings where they are at hand, made ones beside them.

Priors are those of `fusion.locate`; what is learnt of a receiver is learnt from the other folds, as from licensed
emitters. A transmitter indoors or off the campus is in other files than these;
equivalents are made of held-out rows: all readings lowered (walls), and transmitters outside a circle that no training
row leaves.
"""

import csv
import os
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fusion import self_test as self_test_module
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import Propagation
from fusion.self_test import self_test
from fusion.self_test_values import SelfTest
from fusion.values import Sighting
from tests.benchmarks import drives
from tests.benchmarks.bench_locate import LORA, LORA_TRUTH, error_m, holds, sighting
from tests.benchmarks.campus import AREA, FOLDS, PRIOR, Campus, learnt_of_day, learnt_within
from tests.fusion.licensed_city import DAY_NS, START_NS, LicensedCity

EVERY = int(os.environ.get("WAVEWARDEN_BENCH_EVERY", "28"))  # every so many rows of the campus is located
SEEDS = int(os.environ.get("WAVEWARDEN_BENCH_SEEDS", "6"))
BLIND = replace(PRIOR, eirp_sigma_db=12.0)
INNER_M = 700.0  # from the campus' middle: training rows, for the test of those outside


@dataclass(frozen=True)
class Row:
    error_m: float | None
    held: bool
    area_km2: float
    cpu_s: float


def located(sightings: list[Sighting], truth: tuple[float, float], prior: Propagation, learnt: Learnt) -> Row | None:
    started = time.process_time()
    fix = locate(Evidence(tuple(sightings)), prior=prior, area=AREA, time_utc_ns=0, learnt=learnt)
    spent = time.process_time() - started
    return None if fix is None else Row(error_m(fix, truth), holds(fix, truth), fix.area_km2, spent)


def campus(folder: Path) -> None:
    data = Campus.read(folder)
    rows = range(5, len(data.fold), EVERY)
    print("\n| campus, five folds | asked | peer | n | median m | p90 m | truth in 95 % region | km² | CPU ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    noise = data.noise_dbm(np.ones(len(data.fold), bool))
    _say("strongest receiver", "", "230 / 608", _points(data, rows, strongest))
    _say("strongest above its own noise", "", "", _points(data, rows, lambda d, i: strongest_cnr(d, i, noise)))
    _say("weighted centroid (amplitude)", "", "282 / 666", _points(data, rows, centroid))
    _say("log distance, n = 3, blind grid", "", "316 / 732", _points(data, rows, log_distance))
    _say("blind", "≤ 230", "230", _ours(data, rows, blind=True))
    _say("calibrated, power unknown", "≤ 160 / 380, 92–98 %", "171 / 407, 91 %", _ours(data, rows))
    _say("… other rows", "", "", _ours(data, range(EVERY // 2 + 5, len(data.fold), EVERY)))
    single = replace(data, fold=np.random.default_rng(2).integers(0, FOLDS, len(data.fold)))
    _say("… folds of single rows", "", "", _ours(single, rows))
    for lower in (10.0, 25.0):
        _say(f"… and {lower:.0f} dB of walls", "coverage kept", "263 / 484, 92 %", _ours(data, rows, lower_db=lower))
    middle = np.median(data.truth, axis=0)
    far = np.hypot(*(data.truth - middle).T) > INNER_M
    outside = [i for i in rows if far[i]]
    _say("… transmitter where none was learnt", "coverage kept", "356 / 868, 94 %", _ours(data, outside, within=~far))


def _ours(
    data: Campus,
    rows: Iterable[int],
    *,
    blind: bool = False,
    lower_db: float = 0.0,
    within: NDArray[np.bool_] | None = None,
) -> list[Row]:
    """lower_db : off all readings; what falls under a receiver's noise is not heard. within : rows to learn from."""
    learnt_by: dict[tuple[int, str], tuple[Learnt, NDArray[np.float64]]] = {}
    found = []
    for i in rows:
        key = int(data.fold[i]), str(data.day[i])
        if key not in learnt_by:
            learnt_by[key] = learnt_of_day(data, *key) if within is None else learnt_within(data, *key, within)
        learnt, noise = learnt_by[key]
        seen = data.sightings(i, noise, as_cnr=blind, lower_db=lower_db)
        row = located(seen, data.degrees(i), BLIND if blind else PRIOR, NOTHING_LEARNT if blind else learnt)
        found += [row] if row is not None else []
    return found


def _points(data: Campus, rows: Iterable[int], method: Callable[[Campus, int], tuple[float, float]]) -> list[Row]:
    return [Row(float(np.hypot(*(np.array(method(data, i)) - data.truth[i]))), False, np.nan, 0.0) for i in rows]


def strongest(data: Campus, i: int) -> tuple[float, float]:
    k = int(np.nanargmax(data.level_dbm[i]))
    return float(data.east_m[i, k]), float(data.north_m[i, k])


def strongest_cnr(data: Campus, i: int, noise_dbm: NDArray[np.float64]) -> tuple[float, float]:
    k = int(np.nanargmax(data.level_dbm[i] - noise_dbm))
    return float(data.east_m[i, k]), float(data.north_m[i, k])


def centroid(data: Campus, i: int) -> tuple[float, float]:
    weight = np.nan_to_num(10 ** (data.level_dbm[i] / 20))
    return tuple(float(np.nansum(v * weight) / weight.sum()) for v in (data.east_m[i], data.north_m[i]))  # type: ignore[return-value]


def log_distance(data: Campus, i: int) -> tuple[float, float]:
    """Robust fit of one power and exponent 3 to all receivers, on a 40 m grid."""
    there = ~np.isnan(data.level_dbm[i])
    east, north = (a.ravel() for a in np.meshgrid(np.arange(-1800, 1900, 40.0), np.arange(-1750, 1500, 40.0)))
    away = np.hypot(east[:, None] - data.east_m[i, there], north[:, None] - data.north_m[i, there])
    left = data.level_dbm[i, there] + 30 * np.log10(np.maximum(away, 20.0))
    left = np.abs(left - np.median(left, axis=1, keepdims=True))
    best = int(np.argmin(left.sum(axis=1)))
    return float(east[best]), float(north[best])


def _say(name: str, asked: str, peer: str, rows: list[Row]) -> None:
    errors = [r.error_m for r in rows if r.error_m is not None]
    middle, p90 = np.percentile(errors, [50, 90]) if errors else (np.nan, np.nan)
    ours = not np.isnan(rows[0].area_km2)
    held = f"{np.mean([r.held for r in rows]):.3f}" if ours else ""
    area = f"{np.median([r.area_km2 for r in rows]):.2f}" if ours else ""
    cpu = f"{1e3 * np.mean([r.cpu_s for r in rows]):.0f}" if ours else ""
    print(
        f"| {name} | {asked} | {peer} | {len(rows)} | {middle:.0f} | {p90:.0f} | {held} | {area} | {cpu} |", flush=True
    )


def lora(folder: Path) -> None:
    print("\n| real drive (car) | asked m | error m | truth in 95 % region | km² (asked < 0.5) | CPU ms |")
    print("|---|---|---|---|---|---|")
    rows = list(csv.DictReader((folder / "lora_car.csv").read_text(encoding="utf-8").splitlines()))
    for column, asked in (("ED RSSI", "≤ 87"), ("GW RSSI", "≤ 59")):
        heard = [(float(r["Latitude"]), float(r["Longitude"]), float(r[column])) for r in rows if r[column]]
        drive = [sighting("car", a, b, level=p, sigma_db=8.0, second=i) for i, (a, b, p) in enumerate(heard)]
        started = time.process_time()
        fix = locate(Evidence(tuple(drive)), prior=LORA, area=None, time_utc_ns=0)
        spent = 1e3 * (time.process_time() - started)
        if fix is not None:
            off = error_m(fix, LORA_TRUTH)
            told = "–" if off is None else f"{off:.0f}"
            print(f"| {column} | {asked} | {told} | {holds(fix, LORA_TRUTH)} | {fix.area_km2:.3f} | {spent:.0f} |")


def fm_drive(folder: Path) -> None:
    """Level of a broadcast carrier along a drive, a plane taken off: how large the shadowing is, how long it stays."""
    places, levels = [], []
    for line in (folder / "drive_fm_98.9MHz.txt").read_text(encoding="utf-8").splitlines():
        parts = line.split(",")
        if len(parts) < 10 or not parts[0].startswith("$GPGGA") or not parts[2]:
            continue
        lat, lon = (float(v[: v.index(".") - 2]) + float(v[v.index(".") - 2 :]) / 60 for v in (parts[2], parts[4]))
        places.append((lat, -lon if parts[5] == "W" else lon))
        levels.append(float(line.split()[-1]))
    level = np.array(levels)
    east, north = Plane(*places[0]).to_metres(*np.array(places).T)
    design = np.column_stack([np.ones_like(east), east, north])
    left = level - design @ np.linalg.lstsq(design, level, rcond=None)[0]
    apart = np.hypot(east[:, None] - east, north[:, None] - north)
    products = np.outer(left, left) / left.var()
    alike = {m: products[(apart > 0.7 * m) & (apart < 1.3 * m)].mean() for m in (10, 30, 100, 300, 1000)}
    print(f"\nFM carrier along a drive, {level.size} levels: sigma {left.std():.1f} dB about a plane; alike at")
    print(", ".join(f"{m} m: {value:.2f}" for m, value in alike.items()))


def made_drives() -> None:
    print(
        "\n| made drives, the solver told nothing | n | truth in 95 % region (asked 0.90–0.99) | median km² | CPU ms |"
    )
    print("|---|---|---|---|---|")
    for kind in drives.TRACKS:
        rows = [_made(seed, kind, channel) for channel in drives.CHANNELS for seed in range(SEEDS)]
        found = [r for r in rows if r is not None]
        held, area = np.mean([r.held for r in found]), np.median([r.area_km2 for r in found])
        cpu = 1e3 * np.mean([r.cpu_s for r in found])
        print(f"| {kind}, six channels | {len(found)} | {held:.3f} | {area:.1f} | {cpu:.0f} |", flush=True)


def _made(seed: int, kind: str, channel: drives.Channel) -> Row | None:
    sightings, truth = drives.drive(seed, kind, channel)
    started = time.process_time()
    fix = locate(Evidence(tuple(sightings)), prior=drives.PRIOR, area=drives.AREA, time_utc_ns=0)
    spent = time.process_time() - started
    return None if fix is None else Row(error_m(fix, truth), holds(fix, truth), fix.area_km2, spent)


Fault = Callable[[LicensedCity, np.random.Generator], None]


def _elsewhere(city: LicensedCity, rng: np.random.Generator) -> None:
    city.change(2, says=tuple(float(v) for v in rng.uniform(-8_000, 8_000, 2)))


def _carried(city: LicensedCity, rng: np.random.Generator) -> None:
    box, (east, north) = city.boxes[2], (float(v) for v in rng.uniform(-5_000, 5_000, 2))
    city.change(2, east_m=east, north_m=north, says=(box.east_m, box.north_m))


FAULTS: dict[str, Fault] = {
    "carried elsewhere": _carried,
    "GPS says elsewhere": _elsewhere,
    "antenna gone (−25 dB)": lambda city, _: city.change(2, gain_db=city.boxes[2].gain_db - 25.0),
    "levels made up": lambda city, _: city.change(2, makes_up=lambda rng: float(rng.uniform(-100.0, -40.0))),
    "always −50 dBm": lambda city, _: city.change(2, makes_up=lambda _: -50.0),
    "clock 5 µs late": lambda city, _: city.change(2, late_s=5e-6),
}


def self_tests() -> None:
    self_test_module.MOST_LOCATED = 0
    out, judged = Counter[str](), 0
    for seed in range(2 * SEEDS):
        for shadowing_db in (6.0, 8.0):
            size = {"sensors": 6 + seed % 4, "cells": 10 + seed % 15}
            for test in _nights(LicensedCity(seed, shadowing_db=shadowing_db, **size), [None, None]):
                judged += len(test.sensors)
                out.update(test.left_out.values())
    print(f"\nHealthy sensors left out: {sum(out.values())} of {judged} sensor-nights {dict(out) or ''}")
    print("\n| fault in the second and third night | cities | found, as | others left out | back after two good |")
    print("|---|---|---|---|---|")
    for name, fault in FAULTS.items():
        _say_fault(name, fault)


def _say_fault(name: str, fault: Fault) -> None:
    found, others, back = Counter[str](), 0, 0
    for seed in range(SEEDS):
        city = LicensedCity(1_000 + seed)
        well = city.boxes[2]
        rng = np.random.default_rng(seed)

        def ill(c: LicensedCity, rng: np.random.Generator = rng) -> None:
            fault(c, rng)

        def mended(c: LicensedCity, well: object = well) -> None:
            c.boxes[2] = well  # type: ignore[call-overload]

        tests = _nights(city, [None, ill, None, mended, None])
        found[tests[2].left_out.get("s2", "not found")] += 1
        others += sum(sensor != "s2" for test in tests for sensor in test.left_out)
        back += "s2" not in tests[-1].left_out
    told = ", ".join(f"{why} {count}" for why, count in found.items())
    print(f"| {name} | {SEEDS} | {told} | {others} | {back} of {SEEDS} |", flush=True)


def _nights(city: LicensedCity, changes: list[Callable[[LicensedCity], None] | None]) -> list[SelfTest]:
    found: list[SelfTest] = []
    for night, change in enumerate(changes):
        if change is not None:
            change(city)
        now_ns = START_NS + night * DAY_NS
        before = found[-1] if found else None
        test = self_test(city.emitters(night), city.rules, now_ns=now_ns, before=before)
        assert test is not None
        found.append(test)
    return found


def main() -> None:
    warnings.simplefilter("ignore", RuntimeWarning)  # all-NaN columns of receivers that were away
    default = Path(__file__).resolve().parents[2].parent / "shared" / "recordings"
    folder = Path(os.environ.get("WAVEWARDEN_RECORDINGS") or default) / "locating"
    if folder.is_dir():
        campus(folder)
        lora(folder)
        fm_drive(folder)
    made_drives()
    self_tests()


if __name__ == "__main__":
    main()
