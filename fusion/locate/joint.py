"""One posterior from every kind of evidence: levels, time differences and bearings multiply.

A point is given only where one would not mislead; a region always.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point

from fusion.locate.arrivals import arrivals
from fusion.locate.bearing import Bearings
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.distrusted import without_distrusted
from fusion.locate.evidence import Evidence, LeftOut
from fusion.locate.geo import Floats, Plane
from fusion.locate.plausible import LatLon, checked
from fusion.locate.posterior import Box, Posterior, posterior
from fusion.locate.power import Propagation
from fusion.locate.received import Received
from fusion.locate.region import region, ring
from fusion.locate.tdoa import TimeDifference
from fusion.values import Fix

Area = tuple[float, float, float, float]  # south, west, north, east
MARGIN_M, MARGIN_SHARE = 5_000.0, 0.75
WIDE_MARGIN_M, WIDE_MARGIN_SHARE = 15_000.0, 4.0  # where no level says how far it can be
# (near the middle, within at least this, all places are alike; how fast they thin out beyond). Levels reach to the
# horizon, and most who would hear an emitter that far away stand nearer to it than ours do.
MEASURED, HEARD = (200.0, 1.0), (3_000.0, 1.25)
DRIVE_SHARED_M = (
    5.0  # a receiver's places of one drive: a satellite error that lasts, and the map the truth is read from
)
LEAST_PLACES_BY_POWER = 3  # one goes to the unknown power
MAIN_PIECE_SHARE = 0.7
INNER_VARIANCE = 1 - 0.05 / 0.95 * log(20)  # of a normal in two dimensions, cut at its 95 % ellipse


@dataclass(frozen=True, slots=True)
class Nearness:
    """What is heard is near those who hear it: beyond `scale_m` from their middle as 1/d^(2 · steepness)
    (1: distance log-uniform)."""

    east_m: float
    north_m: float
    scale_m: float
    steepness: float

    def log_density(self, east_m: Floats, north_m: Floats) -> Floats:
        squared = (east_m - self.east_m) ** 2 + (north_m - self.north_m) ** 2
        return np.asarray(-self.steepness * np.log1p(squared / self.scale_m**2))


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """All terms in one plane; what each says can be asked for one by one."""

    plane: Plane
    box: Box
    received: Received | None
    networks: tuple[TimeDifference, ...]
    bearings: Bearings | None
    nearness: Nearness | None
    left_out: tuple[LeftOut, ...]

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float = 0.0) -> Floats:
        """Of places (p,), up to a constant. cell_m : side of the cells it is averaged over."""
        logs = np.zeros(east_m.shape)
        for term in (self.received, *self.networks, self.bearings):
            if term is not None:
                logs = logs + term.log_density(east_m, north_m, cell_m)
        return logs if self.nearness is None else logs + self.nearness.log_density(east_m, north_m)

    def narrowed(self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: Floats | float) -> tuple["Joint", Floats]:
        """For use near these places, and what it says of them; `logs`: what this one says."""
        networks = []
        for network in self.networks:
            closer, logs = network.narrowed(east_m, north_m, logs, cell_m)
            networks.append(closer)
        received = None if self.received is None else self.received.narrowed(east_m, north_m, cell_m)
        return replace(self, networks=tuple(networks), received=received), logs

    @property
    def method(self) -> str:
        kinds = (("power", self.received), ("tdoa", self.networks), ("bearing", self.bearings))
        used = [name for name, term in kinds if term]
        return used[0] if len(used) == 1 else "joint"

    @property
    def sensors(self) -> frozenset[str]:
        found = set(self.received.sensors) if self.received else set()
        found |= {name for network in self.networks for name in network.arrivals.sensors}
        return frozenset(found | ({d.sensor for d in self.bearings.bearers} if self.bearings else set()))

    @property
    def equations(self) -> int:
        """How many independent things are said of the two unknowns, powers and emission times taken off."""
        power = sum(p.level_dbm is not None for p in self.received.places) if self.received else 0
        times = sum(len(network.arrivals.sensors) - 1 for network in self.networks)
        directions = self.bearings.places if self.bearings else 0
        alone = not (times or directions)
        return max(power - (LEAST_PLACES_BY_POWER - 2 if alone else 1), 0) + times + directions


def locate(
    evidence: Evidence,
    *,
    prior: Propagation,
    area: Area | None,
    time_utc_ns: int,
    learnt: Learnt = NOTHING_LEARNT,
    surveyed: Mapping[str, LatLon] | None = None,
) -> Fix | None:
    """None when nothing usable says where it is. `learnt`: of the sensors, on emitters that are known."""
    joint = joined(evidence, prior=prior, area=area, learnt=learnt, surveyed=surveyed)
    if joint is None:
        return None
    found, joint = posterior(joint, joint.box)
    return _fix(found, joint, evidence, time_utc_ns)


def joined(
    evidence: Evidence,
    *,
    prior: Propagation,
    area: Area | None,
    learnt: Learnt = NOTHING_LEARNT,
    surveyed: Mapping[str, LatLon] | None = None,
) -> Joint | None:
    """The terms, before any search. For other posteriors (particles): narrow it to where they are first."""
    usable = without_distrusted(checked(evidence, surveyed=surveyed), learnt.left_out)
    places = _places(usable.evidence)
    if not places:
        return None
    plane = Plane(*(float(v) for v in np.mean(places, axis=0)))
    received = Received.of(usable.evidence.sightings, plane, prior, learnt)
    networks, unclosed = arrivals(usable.evidence.differences, plane)
    bearings = Bearings.of(usable.evidence.bearings, plane) if usable.evidence.bearings else None
    if received is None and not networks and bearings is None:
        return None
    at_m = plane.to_metres(*np.array(places).T)
    return Joint(
        plane=plane,
        box=_box(at_m, plane, area, received),
        received=received,
        networks=tuple(TimeDifference.of(network) for network in networks),
        bearings=bearings,
        nearness=_nearness(at_m, received) if received is None or area is None else None,
        left_out=(*usable.left_out, *unclosed),
    )


def _places(evidence: Evidence) -> list[LatLon]:
    """Of all who heard it."""
    heard = [s for s in evidence.sightings if s.floor_dbm is None or s.level_dbm is not None]
    places = [(s.lat_deg, s.lon_deg) for s in heard if s.lat_deg is not None and s.lon_deg is not None]
    places += [(d.lat_a_deg, d.lon_a_deg) for d in evidence.differences]
    places += [(d.lat_b_deg, d.lon_b_deg) for d in evidence.differences]
    return places + [(b.lat_deg, b.lon_deg) for b in evidence.bearings]


def _nearness(at_m: tuple[Floats, Floats], received: Received | None) -> Nearness:
    east, north = at_m
    middle_e, middle_n = (float(v.min() + v.max()) / 2 for v in at_m)
    least_m, steepness = HEARD if received else MEASURED
    return Nearness(
        middle_e, middle_n, max(least_m, float(np.hypot(east - middle_e, north - middle_n).max())), steepness
    )


def _box(at_m: tuple[Floats, Floats], plane: Plane, area: Area | None, received: Received | None) -> Box:
    """The area that was given; else the sensors' surroundings, as far as they may have heard it."""
    if area is not None:
        south, west, north, east = area
        corners_e, corners_n = plane.to_metres(
            np.array([south, south, north, north]), np.array([west, east, west, east])
        )
        return Box(float(corners_e.min()), float(corners_n.min()), float(corners_e.max()), float(corners_n.max()))
    e, n = at_m
    reach_m, share = (received.farthest_m, MARGIN_SHARE) if received else (WIDE_MARGIN_M, WIDE_MARGIN_SHARE)
    margin = max(MARGIN_M, reach_m, share * float(max(np.ptp(e), np.ptp(n))))
    return Box(float(e.min()) - margin, float(n.min()) - margin, float(e.max()) + margin, float(n.max()) + margin)


def _fix(found: Posterior, joint: Joint, evidence: Evidence, time_utc_ns: int) -> Fix:
    shared_m = DRIVE_SHARED_M if joint.received is not None and joint.received.heard.moved.any() else 0.0
    pieces = region(found, shared_m=shared_m)
    main = _main(found, pieces)
    point = None if main is None or joint.equations < 2 else main.middle_m
    lat_lon = joint.plane.to_degrees(*point) if point is not None else None
    eirp = _eirp(joint, point)
    return Fix(
        time_utc_ns=time_utc_ns,
        method=joint.method,
        lat_deg=float(lat_lon[0]) if lat_lon else None,
        lon_deg=float(lat_lon[1]) if lat_lon else None,
        covariance_m2=_covariance(main, shared_m) if main is not None and point is not None else None,
        region=tuple(ring(piece, joint.plane) for piece in pieces.geoms),
        area_km2=float(pieces.area) / 1e6,
        sensors=len(joint.sensors),
        sightings=sum(p.looks for p in joint.received.places) if joint.received else 0,
        differences=len(evidence.differences) if joint.networks else 0,
        bearings=len(evidence.bearings) if joint.bearings else 0,
        estimated_eirp_dbm=eirp[0] if eirp else None,
        estimated_eirp_sigma_db=eirp[1] if eirp else None,
    )


def _eirp(joint: Joint, point: tuple[float, float] | None) -> tuple[float, float] | None:
    if point is None or joint.received is None:
        return None
    at = joint.received.likelihood(np.array([point[0]]), np.array([point[1]]))
    return float(at.eirp_dbm[0]), float(np.sqrt(at.eirp_variance_db2[0]))


def _main(found: Posterior, pieces: MultiPolygon) -> Posterior | None:
    """What lies in the likeliest piece; None when it does not hold nearly all, or its middle lies beside it."""
    piece = pieces.geoms[0]
    inside = shapely.contains_xy(piece, found.east_m, found.north_m)
    if float(found.probability[inside].sum()) < MAIN_PIECE_SHARE:
        return None
    main = found.within(inside)
    return main if piece.contains(Point(main.middle_m)) else None


def _covariance(main: Posterior, shared_m: float) -> tuple[float, float, float]:
    """About its middle, of the normal whose inner 95 % spreads like this."""
    ee, en, nn = main.covariance_m2
    east, north = (m - p for m, p in zip(main.mean_m, main.middle_m, strict=True))
    inner = (ee + east**2, en + east * north, nn + north**2)
    own_ee, own_en, own_nn = (value / INNER_VARIANCE for value in inner)
    return own_ee + shared_m**2, own_en, own_nn + shared_m**2
