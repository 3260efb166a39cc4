"""Following a suspect from fix to fix: its cloud carried on, whether it moves, and where the cloud says it is.

Standing and moving are told apart by the cloud's own way: it has moved once its place now and its place a minute or
two ago lie further apart than both together are unsure.
"""

from dataclasses import dataclass, replace

import msgspec
import numpy as np

from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Floats, Plane
from fusion.locate.joint import Area, Joint, joined
from fusion.locate.posterior import Posterior, posterior, shares
from fusion.locate.power import Propagation
from fusion.locate.received import told
from fusion.locate.region import ring
from fusion.track.chance import key_of
from fusion.track.cloud import Cloud, begun
from fusion.track.filter import advanced
from fusion.track.gather import measured
from fusion.track.keep import kept, unpacked
from fusion.track.roads import Roads
from fusion.track.shape import Shape, shape
from fusion.values import Emitter, Fix, StoredCloud, TrackMark

SECOND_NS = 10**9
LATE_NS = SECOND_NS  # reports may come so late: the cloud stays so far behind what was heard last
LOST_NS = 180 * SECOND_NS  # after so long without a word it may be anywhere
BEGIN_WINDOW_NS = 45 * SECOND_NS
BEGIN_SPREAD_M = 60.0
LEVELS_COUNT = 0.3
MARK_NS = 60 * SECOND_NS
SURELY_PARKED = 0.7
LEAST_M, LEAST_SIGMAS = 200.0, 4.2
FASTEST_M_S = 45.0  # what seems faster was thought to be elsewhere by mistake


@dataclass(frozen=True, slots=True)
class Following:
    """What a step of following is told besides the emitter."""

    prior: Propagation
    area: Area | None = None
    learnt: Learnt = NOTHING_LEARNT
    roads: Roads | None = None


def followed(emitter: Emitter, told_by: Following, *, now_ns: int) -> Emitter:
    """With its cloud carried to now; nothing changes where nothing says where it is."""
    until_ns = min(now_ns, Evidence.of(emitter).newest_utc_ns) - LATE_NS
    stored = emitter.cloud
    if stored is None or until_ns - stored.time_utc_ns > LOST_NS:
        return _begun(emitter, told_by, until_ns)
    if until_ns <= stored.time_utc_ns:
        return emitter
    plane, cloud = Plane(stored.lat_deg, stored.lon_deg), unpacked(stored)
    evidence = measured(
        emitter, plane, after_ns=stored.time_utc_ns, until_ns=until_ns, speed_m_s=cloud.mean_speed_m_s,
        learnt=told_by.learnt,
    )  # fmt: skip
    cloud = advanced(
        cloud,
        (until_ns - stored.time_utc_ns) / 1e9,
        evidence,
        prior=told_by.prior,
        name=f"{emitter.id}/{until_ns}",
        roads=told_by.roads,
    )
    after = kept(cloud, time_utc_ns=until_ns, origin=(stored.lat_deg, stored.lon_deg), mark=stored.mark)
    return _moved(msgspec.structs.replace(emitter, cloud=after), cloud)


def _begun(emitter: Emitter, told_by: Following, until_ns: int) -> Emitter:
    recent = Evidence.of(emitter).since(until_ns - BEGIN_WINDOW_NS).until(until_ns)  # what is newer it hears after
    joint = joined(recent, prior=told_by.prior, area=told_by.area, learnt=told_by.learnt)
    if joint is None or joint.equations < 1:
        return emitter
    found, joint = posterior(joint, joint.box)
    plane = joint.plane if told_by.roads is None else told_by.roads.plane
    east_m, north_m = plane.to_metres(*joint.plane.to_degrees(found.east_m, found.north_m))
    cloud = begun(
        replace(found, east_m=east_m, north_m=north_m, probability=_told_once(found, joint)),
        told(told_by.prior, told_by.learnt),
        key_of(emitter.id, until_ns),
        spread_m=BEGIN_SPREAD_M,
    )
    stored = kept(cloud, time_utc_ns=until_ns, origin=(plane.lat_deg, plane.lon_deg), mark=_mark(cloud, until_ns))
    return msgspec.structs.replace(emitter, cloud=stored)


def _told_once(found: Posterior, joint: Joint) -> Floats:
    """The posterior with little of what the levels said: their shadowing holds on, and the cloud will hear it again."""
    if joint.received is None:
        return found.probability
    levels = joint.received.log_density(found.east_m, found.north_m)
    return shares(np.log(np.maximum(found.probability, 1e-300)) - (1 - LEVELS_COUNT) * levels)


def _mark(cloud: Cloud, time_utc_ns: int) -> TrackMark:
    east, north = cloud.mean_m
    return TrackMark(time_utc_ns=time_utc_ns, east_m=east, north_m=north, covariance_m2=cloud.covariance_m2)


def _moved(emitter: Emitter, cloud: Cloud) -> Emitter:
    """Held against the mark; a new mark is set every minute, unless the old one is the surer."""
    stored = emitter.cloud
    if stored is None or stored.mark is None:
        return emitter
    new, old = _mark(cloud, stored.time_utc_ns), stored.mark
    gone, unsure = _apart(new, old)
    age_ns = new.time_utc_ns - old.time_utc_ns
    if gone - 2 * unsure > FASTEST_M_S * age_ns / 1e9:
        return _marked(emitter, stored, new)
    if gone <= LEAST_M or gone <= LEAST_SIGMAS * unsure:
        stale = age_ns >= MARK_NS and (_spread_m(new) <= _spread_m(old) or age_ns >= 5 * MARK_NS)
        return _marked(emitter, stored, new) if stale else emitter
    emitter = _marked(emitter, stored, new) if age_ns >= MARK_NS else emitter
    return msgspec.structs.replace(
        emitter, moving=True, displacement_m=gone, displacement_sigma_m=unsure, moved_utc_ns=new.time_utc_ns
    )


def _marked(emitter: Emitter, stored: StoredCloud, mark: TrackMark) -> Emitter:
    return msgspec.structs.replace(emitter, cloud=msgspec.structs.replace(stored, mark=mark))


def _apart(a: TrackMark, b: TrackMark) -> tuple[float, float]:
    """(metres, sigma along the line between them)"""
    east, north = a.east_m - b.east_m, a.north_m - b.north_m
    metres = float(np.hypot(east, north))
    ee, en, nn = (x + y for x, y in zip(a.covariance_m2, b.covariance_m2, strict=True))
    # of the least sigma that puts the two apart: Mahalanobis
    apart = float(np.array([east, north]) @ np.linalg.solve(np.array([[ee, en], [en, nn]]), np.array([east, north])))
    return metres, metres / max(apart, 1e-12) ** 0.5


def _spread_m(mark: TrackMark) -> float:
    return float(np.sqrt(mark.covariance_m2[0] + mark.covariance_m2[2]))


def goes(emitter: Emitter) -> bool:
    """It was seen to move; or, of what drives about, bearings or times are followed and it may not be parked.

    A broadcaster stands on a roof until it is seen to move: all that was ever measured of it counts.
    """
    if emitter.moving or emitter.cloud is None or emitter.service == "fm":
        return bool(emitter.moving)
    recent = Evidence.of(emitter).since(emitter.cloud.time_utc_ns - BEGIN_WINDOW_NS)
    if not recent.bearings and not recent.differences:
        return False
    return unpacked(emitter.cloud).parked < SURELY_PARKED


def cloud_fix(emitter: Emitter) -> Fix | None:
    """Where the cloud says it is."""
    stored = emitter.cloud
    if stored is None:
        return None
    cloud = unpacked(stored)
    return _fix(shape(cloud), stored, cloud, emitter)


def _fix(found: Shape, stored: StoredCloud, cloud: Cloud, emitter: Emitter) -> Fix:
    plane = Plane(stored.lat_deg, stored.lon_deg)
    lat, lon = plane.to_degrees(*found.mean_m)
    recent = Evidence.of(emitter).since(stored.time_utc_ns - BEGIN_WINDOW_NS)
    sensors = {s.sensor for s in recent.sightings if s.floor_dbm is None} | {b.sensor for b in recent.bearings}
    sensors |= {name for d in recent.differences for name in (d.sensor_a, d.sensor_b)}
    power = cloud.unknowns.mean_db[:, 0]
    eirp = float(cloud.weight @ power) if recent.sightings else None
    pointed = found.in_one_piece
    return Fix(
        time_utc_ns=stored.time_utc_ns,
        method="track",
        lat_deg=float(lat) if pointed else None,
        lon_deg=float(lon) if pointed else None,
        covariance_m2=found.covariance_m2 if pointed else None,
        region=tuple(ring(piece, plane) for piece in found.region.geoms),
        area_km2=float(found.region.area) / 1e6,
        sensors=len(sensors),
        sightings=len(recent.sightings),
        differences=len(recent.differences),
        bearings=len(recent.bearings),
        estimated_eirp_dbm=eirp if pointed else None,
        estimated_eirp_sigma_db=_eirp_sigma_db(cloud, eirp) if pointed and eirp is not None else None,
    )


def _eirp_sigma_db(cloud: Cloud, eirp_dbm: float) -> float:
    between = float(cloud.weight @ (cloud.unknowns.mean_db[:, 0] - eirp_dbm) ** 2)
    return float(np.sqrt(cloud.unknowns.covariance_db2[0, 0] + between))
