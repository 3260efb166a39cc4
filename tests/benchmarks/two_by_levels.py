"""What levels alone could tell of two emitters on one channel, by an oracle: both places, who hears whom, the exponent
and the scatter known, against the best single place. What is left unknown in both is the power of each emitter."""

import numpy as np
from numpy.typing import NDArray

from fusion.locate.power import propagation
from tests.benchmarks.channel_scenes import FREQ_HZ, HALF_M, PLANE, Channel, channel

Floats = NDArray[np.float64]
EXPONENT, SIGMA_DB, AT_100_M = 3.2, float(np.hypot(6.0, 2.5)), 71.9  # of the scene
CELLS = 61


def advantage_nats(made: Channel) -> float:
    """Log-likelihood of the levels with two emitters where they are, less that of one where it fits best."""
    heard = [(n, s) for n, s in enumerate(made.evidence.sightings) if s.level_dbm is not None]
    who = np.array([made.hears[n] for n, _ in heard])
    level = np.array([s.level_dbm for _, s in heard], float)
    east, north = PLANE.to_metres(np.array([s.lat_deg for _, s in heard]), np.array([s.lon_deg for _, s in heard]))
    two = sum(
        float(_log_likelihood(level[who == k], at[None, :], east[who == k], north[who == k])[0])
        for k, at in enumerate(made.emitters)
    )
    axis = np.linspace(-1.5 * HALF_M, 1.5 * HALF_M, CELLS)
    places = np.column_stack([a.ravel() for a in np.meshgrid(axis, axis)])
    return two - float(_log_likelihood(level, places, east, north).max())


def _log_likelihood(level: Floats, places: Floats, east_m: Floats, north_m: Floats) -> Floats:
    """Of levels (k,) from each place (p, 2), the power integrated over."""
    prior = propagation("gsm", FREQ_HZ)
    metres = np.maximum(np.hypot(places[:, :1] - east_m, places[:, 1:] - north_m), 20.0)
    off = level - prior.eirp_dbm + AT_100_M + 10 * EXPONENT * np.log10(metres / 100.0)
    precision = len(level) / SIGMA_DB**2 + prior.eirp_sigma_db**-2.0
    first, second = off.sum(axis=1) / SIGMA_DB**2, (off**2).sum(axis=1) / SIGMA_DB**2
    constant = -0.5 * np.log(precision * prior.eirp_sigma_db**2) - len(level) * np.log(SIGMA_DB * np.sqrt(2 * np.pi))
    return np.asarray(constant - 0.5 * (second - first**2 / precision))


def table(sensors: int, seeds: range) -> None:
    found = np.array([advantage_nats(channel(seed, 2, sensors=sensors, kinds="p")) for seed in seeds])
    print("\n| two on the air, by levels, oracle against best single place | runs | nats: p10, median, p90 | > 10 |")
    print("|---|---|---|---|")
    low, middle, high = np.percentile(found, (10, 50, 90))
    print(f"| {sensors} sensors | {len(found)} | {low:.1f}, {middle:.1f}, {high:.1f} | {(found > 10).sum()} |")
