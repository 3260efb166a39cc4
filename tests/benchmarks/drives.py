"""Made drives: a car or a person passes an emitter somewhere; nothing of the channel is told to the solver.

Log distance with an exponent of its own, shadowing with a decorrelation of its own (exponential), fading that is new
every ten metres, a receiver that is not calibrated and hears nothing under its floor, a level a second.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion.locate.geo import Plane
from fusion.locate.power import propagation
from fusion.values import Sighting

Floats = NDArray[np.float64]
PLANE = Plane(30.6, 114.3)
FREQ_HZ = 940e6
STEP_M = 10.0
FLOOR_DBM = -105.0
SIDE_M = 6_000.0
AREA = (30.546, 114.237, 30.654, 114.363)  # 12 km square
PRIOR = propagation("gsm", FREQ_HZ)


@dataclass(frozen=True)
class Channel:
    exponent: float
    shadowing_db: float
    way_m: float
    fading_db: float = 4.5


CHANNELS = (
    Channel(2.2, 4.0, 30.0),
    Channel(2.6, 8.0, 400.0),
    Channel(3.0, 6.0, 80.0),
    Channel(3.4, 9.0, 200.0),
    Channel(3.8, 7.0, 120.0),
    Channel(3.2, 3.0, 300.0),
)


def straight(rng: np.random.Generator) -> Floats:
    """One road of 2 to 5 km, past the emitter's quarter. (k, 2), every STEP_M."""
    return _line(rng.uniform(-800, 800, 2), rng.uniform(0, 2 * np.pi), rng.uniform(2_000, 5_000))


def there_and_back(rng: np.random.Generator) -> Floats:
    out = straight(rng)
    return np.vstack([out, out[::-1] + rng.normal(0, 4.0, 2)])


def streets(rng: np.random.Generator) -> Floats:
    """A walk or a drive that turns at corners, often back to where it was."""
    at, heading, legs = rng.uniform(-1_000, 1_000, 2), rng.uniform(0, 2 * np.pi), []
    for _ in range(int(rng.integers(8, 20))):
        length = rng.uniform(100, 500)
        leg = at + np.arange(0, length, STEP_M)[:, None] * [np.cos(heading), np.sin(heading)]
        legs.append(leg)
        at, heading = leg[-1], heading + rng.choice([-1, 1, 0, 2]) * np.pi / 2 + rng.normal(0, 0.15)
    return np.vstack(legs)


TRACKS: dict[str, Callable[[np.random.Generator], Floats]] = {
    "one pass": straight,
    "both directions": there_and_back,
    "streets": streets,
}


def _line(middle: Floats, heading: float, length_m: float) -> Floats:
    along = np.arange(-length_m / 2, length_m / 2, STEP_M)[:, None]
    return np.asarray(middle + along * [np.cos(heading), np.sin(heading)])


def levels(rng: np.random.Generator, track: Floats, truth: Floats, channel: Channel) -> Floats:
    """(k,) dBm; the receiver's own gain is wrong by 6 dB (one sigma)."""
    distance = np.hypot(np.hypot(*(track - truth).T), 15.0)
    at_100_m = 20 * np.log10(4 * np.pi * 100.0 * FREQ_HZ / 299_792_458.0)
    sent = rng.normal(38.0, 9.0) + rng.normal(0.0, 6.0) - at_100_m
    fading = rng.normal(0, channel.fading_db, len(track))
    expected = sent - 10 * channel.exponent * np.log10(distance / 100.0)
    return np.asarray(expected + _shadows(rng, track, channel) + fading)


def _shadows(rng: np.random.Generator, track: Floats, channel: Channel) -> Floats:
    apart = np.hypot(track[:, None, 0] - track[:, 0], track[:, None, 1] - track[:, 1])
    covariance = np.exp(-apart / channel.way_m) + 1e-6 * np.eye(len(track))
    return np.asarray(channel.shadowing_db * np.linalg.cholesky(covariance) @ rng.normal(size=len(track)))


def drive(seed: int, kind: str, channel: Channel) -> tuple[list[Sighting], tuple[float, float]]:
    """A drive on which it was heard, and the emitter's (lat, lon): up to 1.5 km beside the middle."""
    rng = np.random.default_rng([seed, sorted(TRACKS).index(kind), round(channel.exponent * 10)])
    while True:
        track, truth = TRACKS[kind](rng), rng.uniform(-1_500, 1_500, 2)
        level = levels(rng, track, truth, channel)
        if (level > FLOOR_DBM).sum() >= 5:
            break
    lat, lon = PLANE.to_degrees(*track.T)
    at = PLANE.to_degrees(*truth)
    places = zip(lat, lon, level, strict=True)
    return [_sighting(i, float(a), float(b), float(p)) for i, (a, b, p) in enumerate(places)], (
        float(at[0]),
        float(at[1]),
    )


def _sighting(second: int, lat_deg: float, lon_deg: float, level_dbm: float) -> Sighting:
    heard = level_dbm > FLOOR_DBM
    return Sighting(
        sensor="car",
        boot="",
        seq=second,
        time_utc_ns=second * 10**9,
        lat_deg=lat_deg,
        lon_deg=lon_deg,
        position_sigma_m=5.0,
        level_dbm=level_dbm if heard else None,
        cnr_db=None,
        floor_dbm=None if heard else FLOOR_DBM,
        level_sigma_db=6.0,
    )
