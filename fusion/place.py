"""When to look for an emitter, with which sightings, and whether it moves."""

from collections.abc import Iterable

import msgspec
import numpy as np
from shapely.geometry import Polygon

from fusion.emitter_differences import with_gsm_differences
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.evidence import Evidence
from fusion.locate.fix import level_dbm
from fusion.locate.joint import locate
from fusion.locate.motion import Displacement, displacement
from fusion.locate.power import propagation
from fusion.track.follow import Following, cloud_fix, followed, goes
from fusion.values import Emitter, Fix, Rules, Sighting

SECOND_NS = 10**9
EVERY_NS = 5 * SECOND_NS
STATIC_WINDOW_NS = 1800 * SECOND_NS
MOVING_WINDOW_NS = 45 * SECOND_NS
STILL_AFTER_NS = 300 * SECOND_NS  # without another sign of motion
MOST_TRACK, TRACK_CORNERS = 200, 14
SUSPECT_DB = 10.0
MOST_AT_ONCE = 1


def due(emitters: Iterable[Emitter], *, now_ns: int) -> tuple[str, ...]:
    """Whom to look for now: suspects whose fix is the oldest, one at a time, so that no report waits for many.

    Licensed sites are known, and a fix costs time.
    """
    waiting = [
        (e.fix.time_utc_ns if e.fix else 0, e.id)
        for e in emitters
        if e.licensed is not True
        and any(s.finding.weight_db >= SUSPECT_DB for s in e.findings)
        and (e.fix is None or now_ns - e.fix.time_utc_ns >= EVERY_NS)
    ]
    return tuple(key for _, key in sorted(waiting)[:MOST_AT_ONCE])


def located(
    emitter: Emitter,
    rules: Rules,
    *,
    now_ns: int,
    among: Iterable[Emitter] = (),
    learnt: Learnt = NOTHING_LEARNT,
) -> Emitter:
    """The emitter with a fresh fix: while it moves by its track, else by all that was measured where it stands.

    among : the emitters there are, itself among them.  learnt : of the sensors, `fusion.calibration.learnt_for`
    """
    among = tuple(among)
    prior = propagation(emitter.service, emitter.freq_hz)
    emitter = with_gsm_differences(emitter, among, rules)
    emitter = followed(emitter, Following(prior, rules.area, learnt, rules.roads), now_ns=now_ns)
    emitter = with_motion(emitter, now_ns)
    fix = cloud_fix(emitter) if goes(emitter) else None
    if fix is None:
        fix = locate(
            window(emitter),
            prior=prior,
            area=rules.area,
            time_utc_ns=now_ns,
            learnt=learnt,
            surveyed=rules.surveyed,
        )
    if fix is None:
        return emitter
    return msgspec.structs.replace(emitter, fix=fix, track=with_track(emitter))


def window(emitter: Emitter) -> Evidence:
    """What speaks of where it is now: of a moving emitter only the latest, of one that moved what came since."""
    whole = Evidence.of(emitter)
    span_ns = MOVING_WINDOW_NS if emitter.moving else STATIC_WINDOW_NS
    since_ns = whole.newest_utc_ns - span_ns
    stood_ns = 0 if emitter.moving or emitter.moved_utc_ns is None else emitter.moved_utc_ns
    return whole.since(max(since_ns, stood_ns))


def with_motion(emitter: Emitter, now_ns: int) -> Emitter:
    """Whether the levels of standing sensors, held against each other, show it moving."""
    if emitter.fix is None or not emitter.fix.region or all(level_dbm(s) is None for s in _placed(emitter.sightings)):
        return emitter if emitter.cloud is None else _still(emitter, now_ns)
    found = _least_displacement(emitter.sightings, (middle(emitter.fix), loudest_middle(emitter.sightings)))
    if found is not None and found.certain:
        return msgspec.structs.replace(
            emitter,
            moving=True,
            displacement_m=found.metres,
            displacement_sigma_m=found.sigma_m,
            moved_utc_ns=now_ns,
        )
    return emitter if found is None and emitter.cloud is None else _still(emitter, now_ns)


def _still(emitter: Emitter, now_ns: int) -> Emitter:
    """Without a sign of motion for a while, it stands."""
    if emitter.moved_utc_ns is not None and now_ns - emitter.moved_utc_ns <= STILL_AFTER_NS:
        return emitter
    return msgspec.structs.replace(emitter, moving=False, displacement_m=None, displacement_sigma_m=None)


def _least_displacement(
    sightings: tuple[Sighting, ...], places: tuple[tuple[float, float], ...]
) -> Displacement | None:
    """How sure the motion is hardly depends on the place assumed; how far it went does: the least is claimed."""
    found = [d for lat, lon in places if (d := displacement(sightings, lat_deg=lat, lon_deg=lon)) is not None]
    return min(found, key=lambda d: (not d.certain, d.metres), default=None)


def loudest_middle(sightings: tuple[Sighting, ...]) -> tuple[float, float]:
    """(lat, lon): the middle of the places of reception, weighted by amplitude."""
    heard = [(s.lat_deg, s.lon_deg, level) for s in _placed(sightings) if (level := level_dbm(s)) is not None]
    loudest = max(level for _, _, level in heard)
    weights = [10 ** ((level - loudest) / 20) for _, _, level in heard]
    lats, lons = [lat or 0.0 for lat, _, _ in heard], [lon or 0.0 for _, lon, _ in heard]
    return float(np.average(lats, weights=weights)), float(np.average(lons, weights=weights))


def _placed(sightings: tuple[Sighting, ...]) -> tuple[Sighting, ...]:
    return tuple(s for s in sightings if s.lat_deg is not None and s.lon_deg is not None)


def middle(fix: Fix) -> tuple[float, float]:
    """(lat, lon) of the point, or of the middle of the greatest piece where no point was given."""
    if fix.lat_deg is not None and fix.lon_deg is not None:
        return fix.lat_deg, fix.lon_deg
    centre = max((Polygon(ring) for ring in fix.region), key=lambda piece: piece.area).centroid
    return float(centre.x), float(centre.y)


def with_track(emitter: Emitter) -> tuple[Fix, ...]:
    """Where a moving emitter was before: with its last fix, a region of few corners. Full, the old gets sparser."""
    last = emitter.fix
    if not emitter.moving or last is None or last.lat_deg is None or last in emitter.track[-1:]:
        return emitter.track
    track = (*emitter.track, few_corners(last))
    if len(track) <= MOST_TRACK:
        return track
    half = len(track) // 2
    return track[:half:2] + track[half:]


def few_corners(fix: Fix) -> Fix:
    return msgspec.structs.replace(fix, region=tuple(_thinned(ring) for ring in fix.region))


def _thinned(ring: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    step = -(-(len(ring) - 1) // TRACK_CORNERS)
    return (*ring[:-1:step], ring[0])
