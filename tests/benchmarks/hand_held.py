"""Bearings taken by hand with a directional antenna (149 MHz, three to five a case), against surveyed positions.

The map's grid is taken for a plane whose north is true north, as the data's own evaluation does. One observer; each
case is located by itself, so that nothing of one case is known to the next.
"""

import csv
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.values import BearingSighting

PLANE = Plane(48.35, -53.97)
ORIGIN_M = (279_000.0, 5_359_600.0)
FREQ_HZ = 149e6


@dataclass(frozen=True)
class HandHeld:
    error_m: float
    covered: bool
    point: bool
    area_km2: float
    cpu_s: float


def cases(folder: Path) -> list[tuple[tuple[BearingSighting, ...], tuple[float, float]]]:
    """(bearings, east and north of the truth) of every case whose position was surveyed."""
    truths = {(r["Date"], r["Collar"]): _metres(r) for r in _rows(folder / "vhf_bearings_truth1.csv")}
    found: dict[tuple[str, str], list[BearingSighting]] = {}
    for number, row in enumerate(_rows(folder / "vhf_bearings_observer1.csv")):
        key = (row["Date"], row["Frequency"])
        if key in truths and row["Azimuth"]:
            found.setdefault(key, []).append(_bearing(row, number))
    return [(tuple(bearings), truths[key]) for key, bearings in found.items()]


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _metres(row: dict[str, str]) -> tuple[float, float]:
    return float(row["Easting"]) - ORIGIN_M[0], float(row["Northing"]) - ORIGIN_M[1]


def _bearing(row: dict[str, str], number: int) -> BearingSighting:
    lat, lon = PLANE.to_degrees(*_metres(row))
    return BearingSighting(
        sensor=row["Observer"] or "observer",
        boot="",
        seq=number,
        time_utc_ns=number * 10**9,
        lat_deg=float(lat),
        lon_deg=float(lon),
        position_sigma_m=5.0,
        azimuth_deg=float(row["Azimuth"]),
        sigma_deg=None,
        source="person",
        freq_hz=FREQ_HZ,
    )


def located(bearings: tuple[BearingSighting, ...], truth_m: tuple[float, float]) -> HandHeld:
    started = time.process_time()
    prior = propagation("gsm", FREQ_HZ)  # of levels, of which there are none
    fix = locate(Evidence(bearings=bearings), prior=prior, area=None, time_utc_ns=0)
    spent = time.process_time() - started
    assert fix is not None
    pieces = [shapely.Polygon(ring) for ring in fix.region]
    middle = pieces[0].representative_point()
    at = (fix.lat_deg, fix.lon_deg) if fix.lat_deg is not None and fix.lon_deg is not None else (middle.x, middle.y)
    truth = shapely.Point(*(float(v) for v in PLANE.to_degrees(*truth_m)))
    error = float(np.hypot(*(np.array(PLANE.to_metres(*at)) - truth_m)))
    covered = any(piece.contains(truth) for piece in pieces)
    return HandHeld(error, covered, fix.lat_deg is not None, fix.area_km2, spent)


def von_mises_m(bearings: tuple[BearingSighting, ...]) -> tuple[float, float]:
    """Where the cosines of the misfits add up to most (Lenth 1981), to 10 m, within 1.5 km."""
    axis = np.arange(-1500.0, 1500.0, 10.0)
    east, north = (a.ravel() for a in np.meshgrid(axis, axis))
    cosines = np.zeros(east.size)
    for b in bearings:
        at_e, at_n = PLANE.to_metres(b.lat_deg, b.lon_deg)
        cosines += np.cos(np.radians(b.azimuth_deg) - np.arctan2(east - at_e, north - at_n))
    best = int(np.argmax(cosines))
    return float(east[best]), float(north[best])


def table(folder: Path) -> None:
    found = [located(*case) for case in cases(folder)]
    error = [each.error_m for each in found]
    peer = [float(np.hypot(*np.subtract(von_mises_m(bearings), truth))) for bearings, truth in cases(folder)]
    print(
        "| hand-held bearings | n | median m (≤ 110) | p90 m (≤ 290) | coverage (≥ 88 %) | with a point | km² "
        "| CPU ms |"
    )
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| 149 MHz, one observer | {len(found)} | {np.median(error):.0f} | {np.percentile(error, 90):.0f} "
        f"| {100 * np.mean([e.covered for e in found]):.0f} | {np.mean([e.point for e in found]):.2f} "
        f"| {np.median([e.area_km2 for e in found]):.3f} | {1e3 * np.mean([e.cpu_s for e in found]):.1f} |"
    )
    print(f"| von Mises (Lenth 1981) | {len(peer)} | {np.median(peer):.0f} | {np.percentile(peer, 90):.0f} | | | | |")
