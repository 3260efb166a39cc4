"""Dividing what was taken for one emitter into several, and joining them again. The elder keeps the name."""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec
import numpy as np

from fusion.channel.hypotheses import Hypothesis, given, hypotheses
from fusion.channel.places import Map, map_of
from fusion.channel.receivers import Receivers, receivers
from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.evidence import Evidence
from fusion.locate.geo import Plane
from fusion.locate.joint import Area, joined
from fusion.locate.power import Propagation
from fusion.locate.received import told
from fusion.naming import name_of
from fusion.values import Emitter

EVERY_NS = 60 * 10**9
WINDOW_NS = 600 * 10**9
LEAST_RECEIVERS = 5
JOINED_NATS = 3.0  # likelier as one by so much before two that were divided are joined again


class _Made(Protocol):
    @property
    def time_utc_ns(self) -> int: ...


def due(emitter: Emitter, now_ns: int) -> bool:
    """Time to ask again. A licensed one is where its licence says, and one that moves is followed as one."""
    asked = emitter.divided_utc_ns
    return not emitter.licensed and not emitter.moving and (asked is None or now_ns - asked >= EVERY_NS)


def divided(
    emitter: Emitter, *, prior: Propagation, area: Area | None, now_ns: int, learnt: Learnt = NOTHING_LEARNT
) -> tuple[Emitter, ...]:
    """The emitter, and those that were taken for it."""
    asked = msgspec.structs.replace(emitter, divided_utc_ns=now_ns)
    evidence = Evidence.of(emitter).since(now_ns - WINDOW_NS)
    chart = _chart(evidence, prior, area, learnt)
    if chart is None or len(chart[1].seen.telling) < LEAST_RECEIVERS:
        return (asked,)
    plane, found = chart[0], hypotheses(chart[1])[0]
    if len(found.members) == 1:
        return (asked,)
    owner = _owner(found, chart[1].seen, plane)
    parts = [_part(asked, owner, number) for number in range(len(found.members))]
    ordered = sorted(parts, key=lambda part: (_first_ns(part), -len(part.sightings)))
    return (ordered[0], *(_named(part, emitter, number, now_ns) for number, part in enumerate(ordered[1:])))


def one_after_all(
    elder: Emitter,
    younger: Emitter,
    *,
    prior: Propagation,
    area: Area | None,
    now_ns: int,
    learnt: Learnt = NOTHING_LEARNT,
) -> Emitter | None:
    """Both as the elder, where what both have is likelier of one; None where it is not."""
    both = _together(elder, younger)
    chart = _chart(Evidence.of(both).since(now_ns - WINDOW_NS), prior, area, learnt)
    if chart is None:
        return None
    seen = chart[1].seen
    theirs = {s.sensor for s in younger.sightings if s.floor_dbm is None} | {b.sensor for b in younger.bearings}
    labels = tuple(int(seen.sensors[n] in theirs) for n in seen.telling.tolist())
    one, two = given(chart[1], (0,) * len(labels)), given(chart[1], labels)
    return both if one.log_evidence > two.log_evidence + JOINED_NATS else None


def _chart(evidence: Evidence, prior: Propagation, area: Area | None, learnt: Learnt) -> tuple[Plane, Map] | None:
    joint = joined(evidence, prior=prior, area=area, learnt=learnt)
    if joint is None:
        return None
    seen = receivers(evidence, joint.plane, learnt)
    return joint.plane, map_of(seen, told(prior, learnt), joint.box)


def _owner(found: Hypothesis, seen: Receivers, plane: Plane) -> Callable[[str, float | None, float | None], int | None]:
    """Which emitter a sensor heard from a place: that of its nearest receiver; None: none of them."""
    label = {n: k for k, members in enumerate(found.members) for n in members}

    def owner(sensor: str, lat_deg: float | None, lon_deg: float | None) -> int | None:
        mine = [n for n in label if seen.sensors[n] == sensor]
        if not mine:
            return None
        if lat_deg is None or lon_deg is None or len({label[n] for n in mine}) == 1:
            return label[mine[0]]
        east, north = plane.to_metres(lat_deg, lon_deg)
        return label[min(mine, key=lambda n: float(np.hypot(seen.east_m[n] - east, seen.north_m[n] - north)))]

    return owner


def _part(emitter: Emitter, owner: Callable[[str, float | None, float | None], int | None], number: int) -> Emitter:
    """What is of one of them; a silence, and what fusion itself found, is of all."""
    sensors = {each.sensor: owner(each.sensor, None, None) for each in emitter.latest}
    return msgspec.structs.replace(
        emitter,
        sightings=tuple(
            s for s in emitter.sightings if s.floor_dbm is not None or owner(s.sensor, s.lat_deg, s.lon_deg) == number
        ),
        bearings=tuple(b for b in emitter.bearings if owner(b.sensor, b.lat_deg, b.lon_deg) == number),
        differences=tuple(
            d
            for d in emitter.differences
            if owner(d.sensor_a, d.lat_a_deg, d.lon_a_deg) == number == owner(d.sensor_b, d.lat_b_deg, d.lon_b_deg)
        ),
        latest=tuple(each for each in emitter.latest if sensors[each.sensor] in {number, None}),
        findings=tuple(f for f in emitter.findings if f.sensor is None or sensors.get(f.sensor) in {number, None}),
        arrivals=(),
        fix=None,
        cloud=None,
        track=(),
    )


def _named(part: Emitter, whole: Emitter, number: int, now_ns: int) -> Emitter:
    return msgspec.structs.replace(
        part,
        id=name_of(whole.id, "beside", number, now_ns),
        beside=whole.id,
        first_seen_utc_ns=_first_ns(part),
    )


def _first_ns(emitter: Emitter) -> int:
    made: Sequence[_Made] = (
        *(s for s in emitter.sightings if s.floor_dbm is None), *emitter.bearings, *emitter.differences
    )  # fmt: skip
    return min((each.time_utc_ns for each in made), default=emitter.last_seen_utc_ns)


def _together(elder: Emitter, younger: Emitter) -> Emitter:
    def merged(field: str) -> tuple[object, ...]:
        return tuple(sorted({*getattr(elder, field), *getattr(younger, field)}, key=lambda each: each.time_utc_ns))

    latest = {each.sensor: each for each in sorted((*elder.latest, *younger.latest), key=lambda each: each.time_utc_ns)}
    return msgspec.structs.replace(
        elder,
        sightings=merged("sightings"),
        bearings=merged("bearings"),
        differences=merged("differences"),
        latest=tuple(latest.values()),
        last_seen_utc_ns=max(elder.last_seen_utc_ns, younger.last_seen_utc_ns),
        first_seen_utc_ns=min(elder.first_seen_utc_ns, younger.first_seen_utc_ns),
    )
