"""One or two emitters on one channel, and what receivers here and there have of them over a minute."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.values import ArrivalDifference, BearingSighting, Sighting

PLANE = Plane(30.6, 114.3)
FREQ_HZ, FLOOR_DBM, LIGHT_M_S = 947.4e6, -103.0, 299_792_458.0
HALF_M, APART_M = 3_000.0, 1_500.0
LOOKS = 4


@dataclass(frozen=True)
class Channel:
    """emitters : (k, 2), metres. hears : (n,), the number of the one that each sensor hears, the louder there."""

    emitters: NDArray[np.float64]
    hears: NDArray[np.int64]
    evidence: Evidence


def channel(seed: int, emitters: int, *, sensors: int, kinds: str) -> Channel:
    """kinds : of p (levels), b (bearings of 5°, some reflected, all looks of one sensor alike), t (time differences of
    30 m an arrival, one in ten an echo). Each emitter is the louder at three sensors at least."""
    rng = np.random.default_rng(seed)
    while True:
        sites, at = rng.uniform(-HALF_M, HALF_M, (sensors, 2)), rng.uniform(-0.8 * HALF_M, 0.8 * HALF_M, (emitters, 2))
        metres = np.maximum(np.hypot(sites[:, None, 0] - at[:, 0], sites[:, None, 1] - at[:, 1]), 20.0)
        levels = rng.normal(38, 6, emitters) - 71.9 - 32 * np.log10(metres / 100) + rng.normal(0, 6, metres.shape)
        hears = levels.argmax(axis=1)
        apart = emitters == 1 or np.hypot(*(at[0] - at[1])) > APART_M
        if apart and np.bincount(hears, minlength=emitters).min() >= 3:
            break
    total = 10 * np.log10((10 ** (levels / 10)).sum(axis=1)) + rng.normal(0, 2.5, sensors)
    sightings = tuple(_sighting(n, sites[n], total[n]) for n in range(sensors)) if "p" in kinds else ()
    bearings = [b for n in range(sensors) for b in _bearings(rng, n, sites[n], at[hears[n]])] if "b" in kinds else []
    times = [d for k in range(emitters) for d in _times(rng, sites, at[k], np.flatnonzero(hears == k))]
    return Channel(at, hears, Evidence(sightings, tuple(times) if "t" in kinds else (), tuple(bearings)))


def _degrees(place: NDArray[np.float64]) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(*place)
    return float(lat), float(lon)


def _sighting(n: int, site: NDArray[np.float64], level: float) -> Sighting:
    lat, lon = _degrees(site)
    heard = level > FLOOR_DBM
    return Sighting(
        sensor=f"s{n}", boot="", seq=n + 1, time_utc_ns=n, lat_deg=lat, lon_deg=lon, position_sigma_m=5.0,
        level_dbm=float(level) if heard else None, cnr_db=None, floor_dbm=None if heard else FLOOR_DBM,
        level_sigma_db=2.5,
    )  # fmt: skip


def _bearings(
    rng: np.random.Generator, n: int, site: NDArray[np.float64], to: NDArray[np.float64]
) -> list[BearingSighting]:
    lat, lon = _degrees(site)
    true = np.degrees(np.arctan2(*(to - site)))
    if rng.uniform() < 0.05:
        true = rng.uniform(0, 360)
    azimuths = [rng.uniform(0, 360) if rng.uniform() < 0.04 else true + rng.normal(0, 5) for _ in range(LOOKS)]
    return [
        BearingSighting(
            sensor=f"s{n}", boot="", seq=look + 1, time_utc_ns=look, lat_deg=lat, lon_deg=lon, position_sigma_m=5.0,
            azimuth_deg=float(azimuth % 360), sigma_deg=5.0, source="device", freq_hz=FREQ_HZ,
        )
        for look, azimuth in enumerate(azimuths)
    ]  # fmt: skip


def _times(
    rng: np.random.Generator, sites: NDArray[np.float64], at: NDArray[np.float64], who: NDArray[np.int64]
) -> list[ArrivalDifference]:
    """To the first of those that hear it."""
    late = np.where(rng.uniform(size=len(who)) < 0.1, rng.exponential(200.0, len(who)), 0.0)
    arrival = (np.hypot(*(sites[who] - at).T) + rng.normal(0, 30, len(who)) + late) / LIGHT_M_S
    places = [_degrees(sites[n]) for n in who]
    return [
        ArrivalDifference(
            sensor_a=f"s{who[0]}", sensor_b=f"s{who[i]}", lat_a_deg=places[0][0], lon_a_deg=places[0][1],
            lat_b_deg=places[i][0], lon_b_deg=places[i][1], position_sigma_m=5.0,
            difference_s=float(arrival[i] - arrival[0]), sigma_s=1.4e-7, time_utc_ns=0, method="gnss",
        )
        for i in range(1, len(who))
    ]  # fmt: skip
