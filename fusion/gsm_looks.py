"""Suspect and reference cell in one look of one sensor: the sensor's clock does to both what it does."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from dsp.gsm.frame import FRAME_SECONDS, HYPERFRAME
from fusion.locate.assumptions import LIGHT_M_S
from fusion.locate.geo import Plane
from fusion.values import FrameArrival
from wire.report import TimeSource

SAME_PLACE_M = 10.0  # a sensor that moved farther is another place of reception
MOST_PATH_S = 1e-3
AT_ONCE_NS = 3 * 10**9  # looks nearer to each other in time are one occasion
INTO_LOOK_S = 0.5  # the clock times a look's beginning; from there on the sample clock counts, with its error
MOST_CLOCK_SIGMA_NS = 300  # of a clock that is to be compared without a reference: 90 m
CELL_PPM = 0.1  # two cells against each other: 3GPP TS 45.010 §5.1, twice 0.05 ppm
UNIFORM = 1 / 12  # variance of a first path that lies anywhere within the spread
PERIOD_S = HYPERFRAME * FRAME_SECONDS
PERIOD_NS = 12_533_760_000_000

Identity = tuple[str, str, int]


def identity(arrival: FrameArrival) -> Identity:
    """The look it is of."""
    return arrival.sensor, arrival.boot, arrival.seq


@dataclass(frozen=True, slots=True)
class Reference:
    """A cell whose place is known to sigma_m: by the operator's list, or because it was located before."""

    name: str
    lat_deg: float
    lon_deg: float
    sigma_m: float
    arrivals: tuple[FrameArrival, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing, or not everything, was used."""

    reason: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """One suspect and one reference in one look of one sensor.

    other   : the reference's arrival
    apart_s : how far the suspect's clock, as received, is ahead of the reference's, less the reference's path
    """

    arrival: FrameArrival
    other: FrameArrival
    place: int
    reference: int
    apart_s: float
    own_sigma_s: float  # of the suspect's instant, common to all references of the look
    sigma_s: float  # of the reference's


def looks_of(
    suspect: Sequence[FrameArrival], references: Sequence[Reference]
) -> tuple[list[Look], list[list[FrameArrival]], list[Refused]]:
    """Every pair of suspect and reference in one look; the suspect's arrivals by place of reception."""
    beside: list[dict[Identity, FrameArrival]] = [
        {identity(a): a for a in reference.arrivals} for reference in references
    ]
    places: list[list[FrameArrival]] = []
    looks: list[Look] = []
    for arrival in sorted(suspect, key=lambda a: (a.time_utc_ns, a.sensor)):
        place = _place(places, arrival)
        for number, reference in enumerate(references):
            other = beside[number].get(identity(arrival))
            if other is not None:
                looks.append(_look(arrival, other, place, number, reference))
    unused = [r.name for k, r in enumerate(references) if not any(look.reference == k for look in looks)]
    return looks, places, [Refused("not_heard_beside", name) for name in unused]


def looks_by_clock(
    suspect: Sequence[FrameArrival],
) -> tuple[list[Look], list[list[FrameArrival]], list[Refused]]:
    """As looks_of, against the sensors' own clocks: only those that satellites discipline, to a fraction of a µs.

    A clock that the network sets is off by milliseconds, each of which is 300 km: refused by name.
    """
    places: list[list[FrameArrival]] = []
    looks: list[Look] = []
    refused: dict[str, Refused] = {}
    for arrival in sorted(suspect, key=lambda a: (a.time_utc_ns, a.sensor)):
        reason = clock_refused(arrival.time_source, arrival.time_sigma_ns)
        if reason is not None:
            refused[arrival.sensor] = Refused(reason, arrival.sensor)
            continue
        own_s = arrival.frame_number * FRAME_SECONDS - (arrival.frame_time_ns % PERIOD_NS) * 1e-9
        looks.append(
            Look(
                arrival=arrival,
                other=msgspec.structs.replace(arrival, carrier_sigma_ppm=CELL_PPM, spread_ns=0.0),
                place=_place(places, arrival),
                reference=0,
                apart_s=wrapped_s(own_s),
                own_sigma_s=_noise_s(arrival),
                sigma_s=abs(arrival.clock_ppm) * 1e-6 * INTO_LOOK_S,
            )
        )
    return looks, places, list(refused.values())


def clock_refused(source: TimeSource, sigma_ns: int | None) -> str | None:
    """Why a clock cannot be compared with another's; None where it can."""
    if source not in (TimeSource.GNSS, TimeSource.PPS):
        return f"clock_{source.value}"
    return None if sigma_ns is not None and sigma_ns <= MOST_CLOCK_SIGMA_NS else "clock_too_unsure"


def _noise_s(arrival: FrameArrival) -> float:
    """Of one look alone: what the paths' spread adds is alike in all looks."""
    return math.sqrt(max(arrival.sigma_ns**2 - UNIFORM * arrival.spread_ns**2, 1e-4)) * 1e-9


def _place(places: list[list[FrameArrival]], arrival: FrameArrival) -> int:
    for number, members in enumerate(places):
        first = members[0]
        if first.sensor == arrival.sensor and _metres(first, arrival.lat_deg, arrival.lon_deg) <= SAME_PLACE_M:
            members.append(arrival)
            return number
    places.append([arrival])
    return len(places) - 1


def _metres(arrival: FrameArrival, lat_deg: float, lon_deg: float) -> float:
    east, north = Plane(arrival.lat_deg, arrival.lon_deg).to_metres(lat_deg, lon_deg)
    return float(np.hypot(east, north))


def _look(own: FrameArrival, other: FrameArrival, place: int, number: int, reference: Reference) -> Look:
    """Both clocks read at the suspect's instant: the reference is carried there, by frames as the sensor has them."""
    between_s = (own.frame_time_ns - other.frame_time_ns) * 1e-9
    carried_s = between_s / (1 + other.clock_ppm * 1e-6)
    frames_s = (own.frame_number - other.frame_number) * FRAME_SECONDS
    path_s = _metres(other, reference.lat_deg, reference.lon_deg) / LIGHT_M_S
    return Look(
        arrival=own,
        other=other,
        place=place,
        reference=number,
        apart_s=wrapped_s(frames_s - carried_s) - path_s,
        own_sigma_s=_noise_s(own),
        sigma_s=math.hypot(_noise_s(other), abs(between_s) * other.clock_sigma_ppm * 1e-6, _timing_s(own)),
    )


def _timing_s(own: FrameArrival) -> float:
    """A sensor that is wrong about when it looked reads the line of the two clocks at the wrong place."""
    sigma_s = 1.0 if own.time_sigma_ns is None else own.time_sigma_ns * 1e-9
    return min(sigma_s, 1.0) * CELL_PPM * 1e-6


def wrapped_s(apart_s: float) -> float:
    return (apart_s + PERIOD_S / 2) % PERIOD_S - PERIOD_S / 2


def one_clock(looks: list[Look]) -> tuple[list[Look], list[Look]]:
    """Those that agree on where the two clocks stand within what paths and drift can do, and the others.

    A restart moves the clock by whole frames; so does another transmitter taken for this one. What most sensors say
    counts, and of equals the latest.
    """
    kept: list[Look] = []
    others: list[Look] = []
    for number in {look.reference for look in looks}:
        mine = [look for look in looks if look.reference == number]
        groups: list[list[Look]] = []
        for look in mine:
            group = next((g for g in groups if _agree(g[-1], look)), None)
            if group is None:
                groups.append(group := [])
            group.append(look)
        best = max(groups, key=lambda g: (len({x.arrival.sensor for x in g}), g[-1].arrival.time_utc_ns))
        kept += best
        others += [look for group in groups if group is not best for look in group]
    return kept, others


def _agree(one: Look, other: Look) -> bool:
    elapsed_s = abs(other.arrival.time_utc_ns - one.arrival.time_utc_ns) * 1e-9
    return abs(wrapped_s(other.apart_s - one.apart_s)) < MOST_PATH_S + CELL_PPM * 1e-6 * elapsed_s * 3


def whole_occasions(looks: list[Look]) -> list[Look]:
    """Without the newest while fewer places have told of it than of the one before: the rest is still to come."""
    newest, older = _occasion(looks)
    before, _ = _occasion(older)
    return older if len({look.place for look in newest}) < len({look.place for look in before}) else looks


def _occasion(looks: list[Look]) -> tuple[list[Look], list[Look]]:
    """(the newest and what is at once with it, the older ones)"""
    newest_ns = max((look.arrival.time_utc_ns for look in looks), default=0)
    is_new = [newest_ns - look.arrival.time_utc_ns < AT_ONCE_NS for look in looks]
    pairs = list(zip(looks, is_new, strict=True))
    return [look for look, new in pairs if new], [look for look, new in pairs if not new]


def span_ns(looks: list[Look]) -> int:
    times = [look.arrival.time_utc_ns for look in looks]
    return max(times) - min(times)


def newer_half(looks: list[Look]) -> list[Look] | None:
    """Without the older half of the time; None when that would leave less than two places."""
    middle_ns = max(look.arrival.time_utc_ns for look in looks) - span_ns(looks) // 2
    newer = [look for look in looks if look.arrival.time_utc_ns > middle_ns]
    if span_ns(looks) < AT_ONCE_NS or len({look.place for look in newer}) < 2:
        return None
    return newer
