"""Drives: the region holds the emitter whatever the channel, and repeats cost and tell nothing."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from fusion.locate.drive import (
    BESIDE_DB,
    BESIDE_M,
    LEAST_BESIDE_DB,
    UNEVEN_DB,
    Drive,
    own_covariance,
    shadow_covariance,
)
from fusion.locate.evidence import Evidence
from fusion.locate.fix import MOST_PLACES, merge_places
from fusion.locate.joint import locate
from fusion.locate.levels import Levels, Traits, decay_db, towards
from fusion.locate.nuisance import Sums
from fusion.values import Fix, Sighting
from tests.benchmarks.bench_locate import holds, sighting
from tests.benchmarks.drives import AREA, CHANNELS, PLANE, PRIOR, TRACKS, Channel, drive


def fix(sightings: list[Sighting]) -> Fix | None:
    return locate(Evidence(tuple(sightings)), prior=PRIOR, area=AREA, time_utc_ns=0)


@pytest.mark.parametrize("kind", TRACKS)
def test_the_region_holds_the_emitter_on_made_drives(kind):
    """Six channels of exponents 2.2 to 3.8, shadowing kept for 30 to 400 m. Of 12 three misses: one in 50 at 95 %."""
    runs = [drive(seed, kind, channel) for channel in CHANNELS for seed in range(2)]
    held = [(found := fix(sightings)) is not None and holds(found, truth) for sightings, truth in runs]
    assert sum(held) >= 10


def test_a_thousand_repeats_from_one_place_do_not_shrink_the_region():
    sightings, _ = drive(3, "one pass", Channel(3.0, 6.0, 80.0))
    heard = [s for s in sightings if s.level_dbm is not None]
    loudest = max(heard, key=lambda s: s.level_dbm or -999.0)
    once, often = fix(sightings), fix([*sightings, *[loudest] * 1000])
    assert once is not None
    assert often is not None
    assert often.area_km2 > 0.8 * once.area_km2


def test_an_hour_of_driving_becomes_few_places_and_keeps_the_close_pass():
    sightings, _ = drive(5, "streets", CHANNELS[2])
    hour = [s for _ in range(3600 // len(sightings) + 1) for s in sightings]
    places = merge_places(hour)
    assert len(places) <= MOST_PLACES
    loudest = max(s.level_dbm or -999.0 for s in sightings)
    assert max(p.level_dbm or -999.0 for p in places) > loudest - 12.0  # fading averaged out


def test_levels_near_the_receiver_s_own_noise_say_little():
    """A drive whose quieter half reads hardly more than noise."""
    sightings, _ = drive(2, "one pass", Channel(3.4, 5.0, 100.0))
    loud = [s for s in sightings if s.level_dbm is not None]
    quiet = sorted(s.level_dbm or 0.0 for s in loud)[len(loud) // 2]
    noisy = 10 * np.log10(1 + 10 ** (np.array([(s.level_dbm or 0.0) - quiet for s in loud]) / 10)) + quiet
    places = merge_places(
        Sighting(
            sensor="car",
            boot="",
            seq=i,
            time_utc_ns=i,
            lat_deg=s.lat_deg,
            lon_deg=s.lon_deg,
            position_sigma_m=5.0,
            level_dbm=float(level),
            cnr_db=float(level - quiet),
        )
        for i, (s, level) in enumerate(zip(loud, noisy, strict=True))
    )
    sure = {p.level_dbm: p.fading_db for p in places if p.level_dbm is not None}
    assert sure[min(sure)] > 2.0 * min(sure.values())


def hot_spot(seed: int) -> tuple[list[Sighting], tuple[float, float]]:
    """A car circles where shadowing of 5.7 dB (180 m) has a peak of 25 dB; the emitter is 1.2 km off."""
    rng = np.random.default_rng(seed)
    truth, turns = np.array([1_200.0, 0.0]), np.arange(0, 8 * np.pi, 0.25)
    radius = rng.uniform(30, 150, turns.size)
    up = np.column_stack([np.full(60, -300.0), np.linspace(-3_000.0, 0.0, 60)])
    track = np.vstack([up, np.column_stack([radius * np.cos(turns), radius * np.sin(turns)])])
    peak = np.exp(-np.hypot(*track.T) / 180.0)
    apart = np.hypot(track[:, None, 0] - track[:, 0], track[:, None, 1] - track[:, 1])
    left = np.exp(-apart / 180.0) - np.outer(peak, peak) + 1e-6 * np.eye(len(track))
    shadows = 25.0 * peak + 5.7 * np.linalg.cholesky(left) @ rng.normal(size=len(track))
    level = -35.0 - 29.0 * np.log10(np.hypot(*(track - truth).T) / 100.0) + shadows + rng.normal(0, 2.0, len(track))
    lat, lon = PLANE.to_degrees(*track.T)
    places = zip(lat.tolist(), lon.tolist(), level.tolist(), strict=True)
    at = PLANE.to_degrees(*truth)
    return [sighting("car", a, b, level=p, sigma_db=3.0, second=i) for i, (a, b, p) in enumerate(places)], (
        float(at[0]),
        float(at[1]),
    )


def test_a_hot_spot_of_shadowing_is_not_taken_for_the_emitter():
    """Of four standard deviations: no region of a hundred metres about it."""
    found = [(fix(sightings), truth) for sightings, truth in map(hot_spot, range(6))]
    assert sum(f is not None and holds(f, truth) for f, truth in found) >= 5


def test_the_likelihood_of_a_drive_is_that_of_one_normal_of_all_its_levels():
    """Power, exponent, uneven sides, gain, shadowing and being in sight as one covariance, beside the closed form."""
    rng, places, east_m, north_m = np.random.default_rng(1), 9, np.array([40.0, 900.0]), np.array([-30.0, 500.0])
    at = np.column_stack([np.linspace(-400, 400, places), rng.normal(0, 60, places)])
    one = np.ones(places)
    levels = Levels(
        at[:, 0], at[:, 1], rng.normal(-70, 8, places), np.zeros(places, int), 2.0 * one, Traits.unknown(3.0 * one)
    )
    prior = replace(PRIOR, decorrelation_m=(150.0,), decorrelation_shares=(1.0,))
    ((log, sums),) = Drive.of(levels, prior).sums(east_m, north_m, prior)
    ours = log + sums.plus(Sums.prior(prior, 1.0)).solved().log_evidence
    direct = []
    for e, n in zip(east_m, north_m, strict=True):
        lever = decay_db(np.array([e]), np.array([n]), *at.T)[0]
        sides = [side[0] for side in towards(np.array([e]), np.array([n]), levels)]
        beside = BESIDE_DB / (1 + ((at[:, 0] - e) ** 2 + (at[:, 1] - n) ** 2) / BESIDE_M**2)
        beside = beside if beside.max() > LEAST_BESIDE_DB else 0 * beside
        covariance = shadow_covariance(levels, 150.0, prior.usual_shadowing_db) + own_covariance(levels)
        covariance += np.diag(beside**2) + prior.eirp_sigma_db**2 + prior.exponent_sigma**2 * np.outer(lever, lever)
        covariance += UNEVEN_DB**2 * sum(np.outer(side, side) for side in sides)
        mean = prior.eirp_dbm - prior.reference_loss_db + prior.exponent * lever
        direct.append(multivariate_normal(mean, covariance).logpdf(levels.level_dbm))
    assert ours[0] - ours[1] == pytest.approx(direct[0] - direct[1], abs=1e-6)
