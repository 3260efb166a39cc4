"""GSM time differences from made IQ through receiver, reports and world, beside the Cramér–Rao bound of the bursts."""

import time
from itertools import combinations

import numpy as np
from shapely.geometry import Point, Polygon

from dsp.gsm.bounds import bounds
from dsp.gsm.fcch import find_tone_bursts
from dsp.gsm.reader import read_cells
from dsp.gsm.slots import Window
from fusion.emitter_differences import references, with_gsm_differences
from fusion.gsm_differences import Reference, gsm_differences
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.evidence import Evidence
from fusion.locate.geo import distance_m
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.values import Emitter, Rules, World
from fusion.world import take
from recordings.gsm.spec import GsmBroadcast
from tests.dsp.gsm.made import OnAir, window
from tests.dsp.signatures.made import WEIGHTS
from tests.fusion.differences_made import ARFCNS, EARS, SUSPECT, Watch, degrees, licences, truth_s

CASES = (
    ("10 looks of 1 s, 10 dB", Watch(), 8),
    ("1 look of 1 s, 10 dB", Watch(looks=1), 6),
    ("5 looks of 1 s, 20 dB", Watch(looks=5, eb_n0_db=20.0), 3),
)


def table() -> None:
    """Errors of all pairs of four sensors that look one after the other; references at places known exactly."""
    print("\nGSM, 4 sensors with ±0.5 ppm that look one after the other, 2 references, cells ±0.04 ppm, static")
    print(
        f"{'case':26} {'pairs':>5} {'rms m':>7} {'claimed':>8} {'bound':>6} {'rms/bound':>9} {'err/sigma':>9}", end=""
    )
    print(f" {'fix error m: rms, worst':>24} {'in 95 %':>8} {'CPU s':>6}")
    for name, case, seeds in CASES:
        _print_row(name, case, [_one(_seeded(case, seed)) for seed in range(1, seeds + 1)])


def _seeded(case: Watch, seed: int) -> Watch:
    return Watch(seed=seed, looks=case.looks, seconds=case.seconds, eb_n0_db=case.eb_n0_db, echoes=case.echoes)


def _print_row(name: str, case: Watch, found: list[tuple[np.ndarray, float, bool, float]]) -> None:
    errors = np.concatenate([pairs for pairs, *_ in found])
    rms, claimed = np.sqrt(np.mean(errors**2, axis=0))
    least = bound_m(case)
    fixes = np.array([fix for _, fix, _, _ in found])
    inside = sum(within for *_, within, _ in found)
    print(f"{name:26} {len(errors):5} {rms:7.2f} {claimed:8.2f} {least:6.2f} {rms / least:9.2f}", end="")
    print(f" {np.sqrt(np.mean((errors[:, 0] / errors[:, 1]) ** 2)):9.2f}", end="")
    print(f" {np.sqrt(np.mean(fixes**2)):16.1f} {fixes.max():7.1f} {inside:4}/{len(found)}", end="")
    print(f" {np.mean([cpu for *_, cpu in found]):7.3f}", flush=True)


def _one(case: Watch) -> tuple[np.ndarray, float, bool, float]:
    """(pairs, 2) error and sigma in metres; of the fix the error, whether its region holds the truth; CPU s of both."""

    rules, world = Rules(licences=licences(), weights=WEIGHTS), World()
    for filed in case.reports():
        world = take(world, filed, rules).world
    suspect = next(e for e in world.emitters.values() if e.arfcn == ARFCNS[0])
    began = time.process_time()
    exact = [Reference(r.name, r.lat_deg, r.lon_deg, 0.0, r.arrivals) for r in _references(suspect, world, rules)]
    got = gsm_differences(suspect.arrivals, exact)
    found = with_gsm_differences(suspect, world.emitters.values(), rules)
    evidence = Evidence(differences=found.differences)
    fix = locate(evidence, prior=propagation("gsm", suspect.freq_hz), area=None, time_utc_ns=suspect.last_seen_utc_ns)
    cpu_s = time.process_time() - began
    pairs = [
        ((d.difference_s - truth_s(d.sensor_a, d.sensor_b)) * LIGHT_M_S, d.sigma_s * LIGHT_M_S) for d in got.differences
    ]
    if fix is None or fix.lat_deg is None or fix.lon_deg is None:
        return np.array(pairs).reshape(-1, 2), float("nan"), False, cpu_s
    place = degrees(SUSPECT)
    inside = any(Polygon(ring).contains(Point(place)) for ring in fix.region)
    return np.array(pairs), distance_m((fix.lat_deg, fix.lon_deg), place), inside, cpu_s


def _references(suspect: Emitter, world: World, rules: Rules) -> tuple[Reference, ...]:
    return references(suspect, world.emitters.values(), rules)


def bound_m(case: Watch) -> float:
    """Of one pair: the suspect's looks at two sensors and, beside them, the mean of two references' looks."""
    sent = GsmBroadcast(arfcn=25, plmn="460-00", bsic=20, ci=77, frame_number_at_start=4242)
    block = window([OnAir(sent)], rate_hz=1e6, seconds=case.seconds, eb_n0_db=case.eb_n0_db, seed=1)
    within = Window(block.samples, block.rate_hz)
    (cell,) = read_cells(within, find_tone_bursts(within))
    look_s = bounds(cell.known.bits, eb_n0_db=case.eb_n0_db).arrival_s
    # one after the other, a line in time has to be carried across: what that costs is part of the bound
    return look_s * LIGHT_M_S * float(np.sqrt(1.5 * _line_variance(case)))


def _line_variance(case: Watch) -> float:
    """Mean over pairs, in looks' variances, of the differences of levels of lines with one slope for all sensors.

    Each sensor has `looks` looks, its own level; the slope is common. With the carriers' prior on the slope.
    """
    n = case.looks
    rows = []
    for sensor in range(len(EARS)):
        for look in range(n):
            level = np.zeros(len(EARS) + 1)
            level[sensor], level[-1] = 1.0, (sensor * n + look) * case.seconds
            rows.append(level)
    x = np.array(rows)
    information = x.T @ x
    information[-1, -1] += (4.0 / 20.0) ** 2  # 4 ns a look against 20 ns/s of the carriers
    covariance = np.linalg.inv(information)
    pairs = list(combinations(range(len(EARS)), 2))
    return float(np.mean([covariance[a, a] + covariance[b, b] - 2 * covariance[a, b] for a, b in pairs]))
