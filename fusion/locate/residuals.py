"""What each measurement says against a fix: how far it is from what would be expected there, and what it counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.bearing import Bearings, Directions, misfit_rad, right_share
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.distrusted import CLOCK
from fusion.locate.evidence import Evidence, LeftOut
from fusion.locate.joint import Joint, joined
from fusion.locate.plausible import LatLon, checked
from fusion.locate.power import Propagation, fitted_residuals
from fusion.locate.received import Received
from fusion.locate.tdoa import TimeDifference

SET_ASIDE_WEIGHT = 0.5  # less than this of its weight was left to it


@dataclass(frozen=True, slots=True)
class Residual:
    """All that one sensor measured in one place, against what a fix there would make it.

    kind   : "power" (dBm, dB), "arrival" (s: against the mean of the others), "bearing" (degrees)
    why    : of what was set aside, catalogue key locating.why.<why>; None where it counts
    """

    kind: str
    sensor: str
    unit: str
    looks: int
    lat_deg: float | None = None
    lon_deg: float | None = None
    value: float | None = None
    residual: float | None = None
    sigma: float | None = None
    weight: float = 0.0
    why: str | None = None

    @property
    def set_aside(self) -> bool:
        return self.weight < SET_ASIDE_WEIGHT


UNITS = {"power": "dB", "difference": "s", "bearing": "deg"}


def residuals(
    evidence: Evidence,
    at: LatLon,
    *,
    prior: Propagation,
    learnt: Learnt = NOTHING_LEARNT,
    surveyed: Mapping[str, LatLon] | None = None,
) -> tuple[Residual, ...]:
    """at : (lat, lon) of the fix, or of the middle of its region."""
    joint = joined(evidence, prior=prior, area=None, learnt=learnt, surveyed=surveyed)
    if joint is None:
        return ()
    east, north = (np.atleast_1d(v) for v in joint.plane.to_metres(*at))
    joint, _ = joint.narrowed(east, north, joint.log_density(east, north), 0.0)
    found = [*_powers(joint.received, east, north)] if joint.received else []
    found += _distrusted(evidence, joint, east, north, learnt)
    for network in joint.networks:
        found += _arrivals(network, joint, east, north)
    if joint.bearings:
        found += _bearings(joint.bearings, joint, east, north)
    shown = {each.sensor for each in found if each.why is not None and each.kind == "power"}
    rest = (item for item in joint.left_out if item.kind != "power" or item.sensor not in shown)
    return (*found, *map(_left_out, rest))


def _distrusted(
    evidence: Evidence, joint: Joint, east_m: np.ndarray, north_m: np.ndarray, learnt: Learnt
) -> Iterator[Residual]:
    """What the levels of sensors that the self-test left out would say against the fix. They had no part in it."""
    if joint.received is None or not learnt.left_out:
        return
    whole = Received.of(checked(evidence).evidence.sightings, joint.plane, joint.received.prior, learnt)
    for each in _powers(whole, east_m, north_m) if whole else ():
        reason = learnt.left_out.get(each.sensor)
        if reason is not None and reason != CLOCK:
            yield replace(each, weight=0.0, why=f"self_test_{reason}")


def _left_out(item: LeftOut) -> Residual:
    return Residual(kind=item.kind, sensor=item.sensor, unit=UNITS[item.kind], looks=item.times, why=item.why)


def _powers(received: Received, east_m: np.ndarray, north_m: np.ndarray) -> Iterator[Residual]:
    residual, sigma, weight = fitted_residuals(east_m, north_m, received.heard, received.prior, 0)
    heard = (place for place in received.places if place.level_dbm is not None)
    for k, place in enumerate(heard):
        yield Residual(
            kind="power",
            sensor=place.sensor,
            unit="dB",
            looks=place.looks,
            lat_deg=place.lat_deg,
            lon_deg=place.lon_deg,
            value=place.level_dbm,
            residual=float(residual[k]),
            sigma=float(sigma[k]),
            weight=float(weight[k]),
            why="level" if weight[k] < SET_ASIDE_WEIGHT else None,
        )


def _arrivals(network: TimeDifference, joint: Joint, east_m: np.ndarray, north_m: np.ndarray) -> Iterator[Residual]:
    arrivals = network.arrivals
    good = network.good_share(east_m, north_m, np.zeros(1))
    misfit = network.misfit_m(east_m, north_m)[:, 0]
    weight = np.maximum(good, 1e-6) / arrivals.sigma_m**2
    misfit = misfit - float(np.average(misfit, weights=weight))
    lat, lon = joint.plane.to_degrees(arrivals.east_m, arrivals.north_m)
    for k, sensor in enumerate(arrivals.sensors):
        yield Residual(
            kind="arrival",
            sensor=sensor,
            unit="s",
            looks=arrivals.looks[k],
            lat_deg=float(lat[k]),
            lon_deg=float(lon[k]),
            value=float(arrivals.late_m[k] / LIGHT_M_S),
            residual=float(misfit[k] / LIGHT_M_S),
            sigma=float(arrivals.sigma_m[k] / LIGHT_M_S),
            weight=float(good[k]),
            why=network.likeliest_fault(k, east_m, north_m) if good[k] < SET_ASIDE_WEIGHT else None,
        )


def _bearings(bearings: Bearings, joint: Joint, east_m: np.ndarray, north_m: np.ndarray) -> Iterator[Residual]:
    for directions in bearings.bearers:
        yield from _of_bearer(directions, joint, east_m, north_m)


def _of_bearer(d: Directions, joint: Joint, east_m: np.ndarray, north_m: np.ndarray) -> Iterator[Residual]:
    off, unsure = misfit_rad(d, east_m, north_m)
    sigma = np.sqrt(d.claimed_rad**2 * d.relative + unsure[:, 0])
    right, away = right_share(d, off[:, 0], sigma)
    lat, lon = joint.plane.to_degrees(d.east_m, d.north_m)
    for k in range(d.azimuth_rad.size):
        yield Residual(
            kind="bearing",
            sensor=d.sensor,
            unit="deg",
            looks=int(d.looks[k]),
            lat_deg=float(lat[k]),
            lon_deg=float(lon[k]),
            value=float(np.degrees(d.azimuth_rad[k]) % 360.0),
            residual=float(np.degrees(off[k, 0])),
            sigma=float(np.degrees(sigma[k])),
            weight=float(right[k]),
            why=None if right[k] >= SET_ASIDE_WEIGHT else "mirrored" if away[k] > 0.5 else "reflected",
        )
