"""Measurements of a made emitter: sensors and truth in metres on a plane, sigmas said, a seed."""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray

from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import locate
from fusion.locate.power import propagation
from fusion.values import ArrivalDifference, BearingSighting, Fix

PLANE = Plane(30.6, 114.3)
LIGHT_M_S = 299_792_458.0
GSM = propagation("gsm", 940e6)
Metres = tuple[float, float]
SQUARE: tuple[Metres, ...] = ((-3000.0, -2500.0), (3200.0, -2000.0), (2500.0, 3000.0), (-2800.0, 2600.0))
EIGHT: tuple[Metres, ...] = (*SQUARE, (0.0, -4200.0), (4300.0, 400.0), (300.0, 4000.0), (-4100.0, -300.0))


def degrees(at: Metres) -> tuple[float, float]:
    lat, lon = PLANE.to_degrees(*at)
    return float(lat), float(lon)


def difference(
    a: tuple[str, Metres],
    b: tuple[str, Metres],
    late_m: float,
    *,
    sigma_m: float,
    second: int = 0,
    place_m: float = 1.0,
) -> ArrivalDifference:
    """late_m : of b against a, in metres of light."""
    (lat_a, lon_a), (lat_b, lon_b) = degrees(a[1]), degrees(b[1])
    return ArrivalDifference(
        sensor_a=a[0],
        sensor_b=b[0],
        lat_a_deg=lat_a,
        lon_a_deg=lon_a,
        lat_b_deg=lat_b,
        lon_b_deg=lon_b,
        position_sigma_m=place_m,
        difference_s=late_m / LIGHT_M_S,
        sigma_s=sigma_m / LIGHT_M_S,
        time_utc_ns=second * 10**9,
        method="gnss",
    )


def differences(
    sensors: Sequence[Metres],
    truth: Metres,
    *,
    sigma_m: float,
    late_m: NDArray[np.float64] | None = None,
    every_pair: int = 0,
    second: int = 0,
) -> tuple[ArrivalDifference, ...]:
    """Against the first sensor; with `every_pair` of all. late_m : (s,) errors of the arrivals; sigma_m of each."""
    at = np.asarray(sensors)
    arrival = np.hypot(*(at - truth).T) + (0.0 if late_m is None else late_m)
    pairs = combinations(range(len(sensors)), 2) if every_pair else ((0, k) for k in range(1, len(sensors)))
    return tuple(
        difference(
            (f"s{a}", sensors[a]),
            (f"s{b}", sensors[b]),
            float(arrival[b] - arrival[a]),
            sigma_m=sigma_m * 2**0.5,
            second=second,
        )
        for a, b in pairs
    )


def bearing(
    sensor: str,
    at: Metres,
    azimuth_deg: float,
    *,
    sigma_deg: float | None = None,
    source: str = "device",
    second: int = 0,
    place_m: float = 5.0,
) -> BearingSighting:
    lat, lon = degrees(at)
    return BearingSighting(
        sensor=sensor,
        boot="",
        seq=second,
        time_utc_ns=second * 10**9,
        lat_deg=lat,
        lon_deg=lon,
        position_sigma_m=place_m,
        azimuth_deg=azimuth_deg % 360.0,
        sigma_deg=sigma_deg,
        source=source,
        freq_hz=940e6,
    )


def towards_deg(at: Metres, truth: Metres) -> float:
    return float(np.degrees(np.arctan2(truth[0] - at[0], truth[1] - at[1])))


def fix(measured: Iterable[ArrivalDifference | BearingSighting], **more: object) -> Fix | None:
    items = tuple(measured)
    evidence = Evidence(
        differences=tuple(m for m in items if isinstance(m, ArrivalDifference)),
        bearings=tuple(m for m in items if isinstance(m, BearingSighting)),
    )
    return locate(evidence, prior=GSM, area=None, time_utc_ns=0, **more)  # type: ignore[arg-type]


def error_m(found: Fix, truth: Metres) -> float:
    assert found.lat_deg is not None
    assert found.lon_deg is not None
    return float(np.hypot(*(np.array(PLANE.to_metres(found.lat_deg, found.lon_deg)) - truth)))


def holds(found: Fix, truth: Metres) -> bool:
    return any(shapely.Polygon(ring).contains(shapely.Point(degrees(truth))) for ring in found.region)
