"""Reports in, emitters with their places out: one run over a record, without cases or alerts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from fusion.calibration import learnt_for
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Floats
from fusion.locate.joint import joined, locate
from fusion.locate.plausible import LatLon, checked
from fusion.locate.posterior import posterior
from fusion.locate.power import propagation
from fusion.locate.residuals import Residual, residuals
from fusion.measured import Measured, labelled, with_measured, without_emitter
from fusion.place import located, middle, window
from fusion.planner import Advice, Seeker, advise
from fusion.retrace import retraced
from fusion.roads import Roads
from fusion.values import Emitter, FiledReport, Rules, World
from fusion.world import take

Streets = Sequence[tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Located:
    """An emitter with its last fix, what each measurement says against it, and the reports that heard it.

    evidence, learnt : what the fix rests on
    """

    emitter: Emitter
    residuals: tuple[Residual, ...]
    reports: tuple[tuple[str, str, int], ...]  # (sensor, boot, seq)
    evidence: Evidence
    learnt: Learnt


def world_of(reports: Iterable[FiledReport], rules: Rules) -> World:
    world = World()
    for filed in reports:
        world = take(world, filed, rules).world
    return world


def locate_record(reports: Sequence[FiledReport], measured: Iterable[Measured], rules: Rules) -> tuple[Located, ...]:
    """Emitters of the reports, with what was measured of them besides; then those that only measurements know."""
    world, left = with_measured(world_of(reports, rules), measured)
    alone = labelled((*left, *without_emitter(reports, world)))
    return (*locate_all(world, rules), *(locate_whole(emitter, rules) for emitter in alone))


def locate_all(world: World, rules: Rules) -> tuple[Located, ...]:
    """Every emitter, suspected or not, looked for once more at the end of the record; in the order of frequency.

    A suspect was followed while it was heard; another is followed now where more than levels says where it was.
    """
    found, others = [], world.emitters.values()
    for emitter in sorted(others, key=lambda e: (e.service, e.freq_hz, e.id)):
        learnt = learnt_for(emitter, others, rules)
        placed = located(emitter, rules, now_ns=emitter.last_seen_utc_ns, among=others, learnt=learnt)
        if emitter.cloud is None and not emitter.licensed and (placed.bearings or placed.differences):
            placed = _followed_late(placed, learnt, rules)
        found.append(_told(placed, window(placed), learnt, rules.surveyed))
    return tuple(found)


def _followed_late(placed: Emitter, learnt: Learnt, rules: Rules) -> Emitter:
    """It stands unless all that is remembered of it shows it moving: a cloud begun at the end has seen nothing yet."""
    standing = msgspec.structs.replace(placed, moving=None, moved_utc_ns=None, cloud=None)
    prior, now_ns = propagation(placed.service, placed.freq_hz), placed.last_seen_utc_ns
    evidence, seen = window(standing), rules.surveyed
    fix = locate(evidence, prior=prior, area=rules.area, time_utc_ns=now_ns, learnt=learnt, surveyed=seen)
    return retraced(msgspec.structs.replace(standing, fix=fix), rules)


def locate_whole(emitter: Emitter, rules: Rules) -> Located:
    """One of which only measurements are known. Where it stands, all of them count, however long ago they were made."""
    evidence = Evidence.of(emitter)
    prior = propagation(emitter.service, emitter.freq_hz)
    now_ns = emitter.last_seen_utc_ns
    fix = locate(evidence, prior=prior, area=rules.area, time_utc_ns=now_ns, surveyed=rules.surveyed)
    found = retraced(msgspec.structs.replace(emitter, fix=fix), rules)
    return _told(found, window(found) if found.track else evidence, NOTHING_LEARNT, rules.surveyed)


def advice(found: Located, rules: Rules, seeker: Seeker, streets: Streets | None = None) -> Advice | None:
    """Where to drive next; None where nothing says where the emitter is. `streets`: (lat, lon) of each."""
    emitter = found.emitter
    if emitter.fix is None or not emitter.fix.region:
        return None
    prior = propagation(emitter.service, emitter.freq_hz)
    joint = joined(found.evidence, prior=prior, area=rules.area, learnt=found.learnt, surveyed=rules.surveyed)
    if joint is None:
        return None
    roads = None if streets is None else Roads.of([joint.plane.to_metres(lat, lon) for lat, lon in streets])
    cells, joint = posterior(joint, joint.box)
    return advise(cells, joint, area_km2=emitter.fix.area_km2, seeker=seeker, roads=roads)


def explained(emitter: Emitter, among: Iterable[Emitter], rules: Rules) -> Located:
    """The fix it has, with what each measurement says against it."""
    return _told(emitter, window(emitter), learnt_for(emitter, among, rules), rules.surveyed)


def _told(emitter: Emitter, evidence: Evidence, learnt: Learnt, surveyed: Mapping[str, LatLon]) -> Located:
    """With the residuals against the fix, where there is one."""
    heard = [(s.sensor, s.boot, s.seq) for s in emitter.sightings if s.floor_dbm is None]
    heard += [(b.sensor, b.boot, b.seq) for b in emitter.bearings]
    heard += [report for d in emitter.differences for report in d.reports]
    reports = tuple(dict.fromkeys(report for report in heard if report[2]))
    if emitter.fix is None or not emitter.fix.region:
        return Located(emitter, _left_out(evidence, surveyed), reports, evidence, learnt)
    prior = propagation(emitter.service, emitter.freq_hz)
    against = residuals(evidence, middle(emitter.fix), prior=prior, learnt=learnt, surveyed=surveyed)
    return Located(emitter, against, reports, evidence, learnt)


def _left_out(evidence: Evidence, surveyed: Mapping[str, LatLon]) -> tuple[Residual, ...]:
    """Without a fix nothing can be compared, but what was refused is told."""
    return tuple(
        Residual(kind=item.kind, sensor=item.sensor, unit="", looks=item.times, why=item.why)
        for item in checked(evidence, surveyed=surveyed).left_out
    )
