"""A vehicle that takes bearings every few seconds: what it says is added up exactly, and found by the search."""

import numpy as np
import pytest
import shapely
from scipy.special import logsumexp
from scipy.stats import norm

from fusion.locate.bearing import Bearings
from fusion.locate.evidence import Evidence
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.values import BearingSighting
from tests.benchmarks.moving import drives
from tests.benchmarks.moving.scenes import FREQ_HZ, PLANE, Scene, sites

GSM = propagation("gsm", FREQ_HZ)


def parked(seed: int, seconds: int = 240) -> tuple[tuple[BearingSighting, ...], np.ndarray]:
    """Eight sensors of 5° and a vehicle of 8° that drives about; one bearing in twenty is a reflection."""
    rng = np.random.default_rng(seed)
    scene = Scene(drives.parked(rng, seconds), sites(rng, 8), drives.streets(rng, seconds), rng, levels=False)
    found = [scene.bearing(name, t) for t, name in scene.looks(seconds)]
    return tuple(b for b in found if b is not None), scene.drive.at(0.0)


def test_sigma_and_bias_of_one_bearer_are_integrated_over_exactly():
    bearings, truth = parked(4)
    mine = Bearings.of([b for b in bearings if b.sensor == "car"], PLANE)
    (directions,) = mine.bearers
    assert directions.places > 20
    east_m, north_m = truth[0] + np.array([0.0, 40.0, -60.0, 900.0]), truth[1] + np.array([0.0, -30.0, 20.0, 700.0])
    e, n = east_m - directions.east_m[:, None], north_m - directions.north_m[:, None]
    off = directions.azimuth_rad[:, None] - np.arctan2(e, n)
    bearer, logs = directions.bearer, []
    for z in np.linspace(-4, 4, 41):
        sigma = directions.claimed_rad * np.exp(bearer.spread * z)
        own = sigma**2 * (1 - bearer.shared) * directions.relative[:, None]
        own = own + directions.sigma_m[:, None] ** 2 / (e**2 + n**2)
        for t in np.linspace(-4, 4, 81):
            left = np.abs((off - t * sigma * bearer.shared**0.5 + np.pi) % (2 * np.pi) - np.pi)
            share = np.where(left > np.pi / 2, bearer.mirrored, 1 - bearer.wild - bearer.mirrored)
            each = norm.pdf(np.where(left > np.pi / 2, np.pi - left, left) / np.sqrt(own)) / np.sqrt(own)
            each = np.add.reduceat(
                share * directions.part[:, None] * each, np.flatnonzero(np.diff(directions.place, prepend=-1))
            )
            logs.append(np.log(each + bearer.wild / (2 * np.pi)).sum(axis=0) - 0.5 * (z**2 + t**2))
    direct = logsumexp(logs, axis=0) + np.log(0.2 * 0.1 / (2 * np.pi))
    ours = mine.log_density(east_m, north_m)
    likely = direct > direct.max() - 6.0
    assert likely.sum() == 3
    assert ours[likely] == pytest.approx(direct[likely], abs=0.05)
    assert ours == pytest.approx(direct, abs=1.5)  # elsewhere several misfits are as good as each other


def test_beside_a_vehicle_s_many_bearings_the_region_holds_what_stands():
    """Of 8 one miss."""
    held = []
    for seed in range(8):
        bearings, truth = parked(seed)
        fix = locate(Evidence(bearings=bearings), prior=GSM, area=None, time_utc_ns=0)
        assert fix is not None
        at = shapely.Point(*(float(v) for v in PLANE.to_degrees(*truth)))
        held.append(any(shapely.Polygon(ring).contains(at) for ring in fix.region))
    assert sum(held) >= 7
