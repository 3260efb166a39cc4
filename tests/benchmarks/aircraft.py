"""Times of arrival of aircraft messages at five GPS-timed sensors (LocaRDS), against the position the aircraft sent.

A check of the solver over hundreds of kilometres. The height is told, as it is in the published results beside it.
"""

import csv
import json
import time
from pathlib import Path

import numpy as np
import pymap3d
import shapely

from fusion.locate.arrivals3d import Arrival, HighFix, locate_high

SIGMA_S = 100e-9  # of a GPS-timed receiver's stamp, half of it the receiver's own


def cases(folder: Path) -> list[tuple[list[Arrival], tuple[float, float, float]]]:
    sensors = {r["serial"]: r for r in _rows(folder / "sensors.csv")}
    found = []
    for file in sorted(folder.glob("set_*.csv")):
        for row in _rows(file):
            heard = [_arrival(sensors[str(s)], at_ns) for s, at_ns, _ in json.loads(row["measurements"])]
            found.append((heard, (float(row["latitude"]), float(row["longitude"]), float(row["geoAltitude"]))))
    return found


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _arrival(sensor: dict[str, str], at_ns: int) -> Arrival:
    lat, lon, height = (float(sensor[name]) for name in ("latitude", "longitude", "height"))
    return Arrival(sensor["serial"], lat, lon, height, at_ns * 1e-9, SIGMA_S)


def error_m(found: HighFix, truth: tuple[float, float, float]) -> float:
    east, north, _ = pymap3d.geodetic2enu(found.lat_deg, found.lon_deg, truth[2], *truth)
    return float(np.hypot(east, north))


def holds(found: HighFix, truth: tuple[float, float, float]) -> bool:
    return any(shapely.Polygon(ring).contains(shapely.Point(truth[:2])) for ring in found.region)


def table(folder: Path) -> None:
    print(
        "| aircraft, 5 arrivals | n | median m (≤ 61) | p90 m (≤ 240) | > 1 km | > 5 km, region false | coverage "
        "| CPU ms |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, told in (("height told", True), ("height not told", False)):
        errors, inside, spent = [], [], []
        for heard, truth in cases(folder):
            started = time.process_time()
            found = locate_high(heard, height_m=truth[2] if told else None)
            spent.append(time.process_time() - started)
            assert found is not None
            errors.append(error_m(found, truth))
            inside.append(holds(found, truth))
        error, held = np.array(errors), np.array(inside)
        print(
            f"| {name} | {error.size} | {np.median(error):.1f} | {np.percentile(error, 90):.0f} "
            f"| {np.sum(error > 1e3)} | {np.sum((error > 5e3) & ~held)} of {np.sum(error > 5e3)} "
            f"| {100 * held.mean():.1f} | {1e3 * np.mean(spent):.2f} |"
        )
