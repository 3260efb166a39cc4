"""The cloud carried on to an instant, slice by slice, and weighed by what was heard in each."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fusion.locate.power import Propagation
from fusion.track.chance import key_of
from fusion.track.cloud import Cloud, renewed, weighed
from fusion.track.evidence import Bearings, Differences, by_bearings, by_differences, places
from fusion.track.levels import Look, by_look, faded
from fusion.track.motion import Driving, carried
from fusion.track.roads import Roads, by_roads

Floats = NDArray[np.float64]
SLICE_S = 2.0
CITY = Driving()
Instant = TypeVar("Instant", Differences, Look)
NO_ROWS = np.zeros(0)
NO_BEARINGS = Bearings(*[NO_ROWS] * len(fields(Bearings)))


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was measured since the cloud's instant; every `ago_s` is before the instant it is carried to."""

    bearings: Bearings = NO_BEARINGS
    differences: tuple[Differences, ...] = ()
    looks: tuple[Look, ...] = ()


def advanced(
    cloud: Cloud,
    seconds: float,
    evidence: Evidence,
    *,
    prior: Propagation,
    name: str,
    model: Driving = CITY,
    roads: Roads | None = None,
) -> Cloud:
    """The cloud `seconds` later. `name` : of this step, from which its chance follows."""
    slices = max(1, int(np.ceil(seconds / SLICE_S)))
    step_s = seconds / slices
    for number in range(slices):
        newest_s = seconds - (number + 1) * step_s
        cloud = replace(cloud, moving=carried(cloud.moving, step_s, key_of(name, number), model))
        cloud = replace(cloud, unknowns=faded(cloud.unknowns, cloud.mean_speed_m_s * step_s))
        cloud = _told(cloud, _between(evidence, newest_s, newest_s + step_s, last=number == slices - 1), prior)
        if roads is not None:
            cloud = weighed(cloud, by_roads(cloud.moving, step_s, roads))
        cloud = renewed(cloud, key_of(name, number, "drawn"))
    return cloud


def _told(cloud: Cloud, evidence: Evidence, prior: Propagation) -> Cloud:
    logs = np.zeros(len(cloud.weight))
    if len(evidence.bearings.ago_s):
        logs += by_bearings(cloud.moving, evidence.bearings)
    for instant in evidence.differences:
        logs += by_differences(cloud.moving, instant)
    unknowns = cloud.unknowns
    for look in evidence.looks:
        east, north = places(cloud.moving, np.array([look.ago_s]))
        more, unknowns = by_look(east[0], north[0], cloud.exponent, unknowns, look=look, prior=prior)
        logs += more
    return weighed(replace(cloud, unknowns=unknowns), logs)


def _between(evidence: Evidence, newest_s: float, oldest_s: float, *, last: bool) -> Evidence:
    """What lies in one slice, its times counted from the slice's end. The last slice takes what is newer, too."""
    least = -np.inf if last else newest_s
    return Evidence(
        _rows(evidence.bearings, least, oldest_s, newest_s),
        _instants(evidence.differences, least, oldest_s, newest_s),
        _instants(evidence.looks, least, oldest_s, newest_s),
    )


def _rows(rows: Bearings, least_s: float, most_s: float, end_s: float) -> Bearings:
    inside = (rows.ago_s >= least_s) & (rows.ago_s < most_s)
    taken = {field.name: getattr(rows, field.name)[inside] for field in fields(rows)}
    return replace(rows, **taken | {"ago_s": taken["ago_s"] - end_s})


def _instants(rows: Sequence[Instant], least_s: float, most_s: float, end_s: float) -> tuple[Instant, ...]:
    return tuple(replace(each, ago_s=each.ago_s - end_s) for each in rows if least_s <= each.ago_s < most_s)
