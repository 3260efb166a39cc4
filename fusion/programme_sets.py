"""Emitters that carry one programme, and how many transmitters (sets) that proves.

Three sets make an offence serious and ten especially serious (Supreme People's Court and Procuratorate, interpretation
of 27 June 2017, articles 2 and 3). A transmitter that retunes is one set, so beside the number of emitters stands how
many of them were on the air at once, by a programme both carried at the same moment or by hearings within a minute.

Emitters are linked when they carried the same sound at the same time, twice; or when both run a loop and had the same
recording three times: one advert, two transmitters. Two strangers who play the same song are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pymap3d

from fusion.programme_link import link_to
from fusion.programme_loop import is_loop
from fusion.programme_values import ProgrammeLink
from fusion.values import Emitter

LEAST_TIMES, LEAST_RECORDINGS = 2, 3
HOLDS_NS = 7 * 86400 * 10**9
TOGETHER_NS = 60 * 10**9
SERIOUS_SETS, ESPECIALLY_SERIOUS_SETS = 3, 10
SAME_CHANNEL_HZ = 35e3
APART_M, APART_SIGMAS = 1000.0, 3.0
GHOST = "fm_ghost"


@dataclass(frozen=True, slots=True, eq=False)
class ProgrammeSets:
    """emitters : every unlicensed one with the programme, the judged one among them, in the order of their frequency
    links    : those of the judged emitter to others of them
    at_once  : transmitters at least, that were on the air together
    """

    emitters: tuple[Emitter, ...]
    links: tuple[ProgrammeLink, ...]
    at_once: int


def sets_of(emitter: Emitter, emitters: Mapping[str, Emitter], *, now_ns: int) -> ProgrammeSets | None:
    """None where no other carries it."""
    group, queue = {emitter.id: emitter}, [emitter]
    while queue:
        one = queue.pop()
        for link in one.programme_links:
            other = emitters.get(link.other)
            if other is not None and other.id not in group and joins(one, other, link, now_ns=now_ns):
                group[other.id] = other
                queue.append(other)
    if len(group) < 2:
        return None
    members = tuple(sorted(group.values(), key=lambda each: (each.freq_hz, each.id)))
    mine = tuple(
        link
        for link in emitter.programme_links
        if link.other in group and joins(emitter, group[link.other], link, now_ns=now_ns)
    )
    return ProgrammeSets(members, mine, _at_once(members))


def joins(a: Emitter, b: Emitter, link: ProgrammeLink, *, now_ns: int) -> bool:
    """Whether the link says that both are sets of one operator."""
    if not (_set(a) and _set(b)) or now_ns - link.last_utc_ns > HOLDS_NS or _one_transmitter(a, b):
        return False
    if link.simultaneous:
        return link.times >= LEAST_TIMES
    return link.times >= LEAST_RECORDINGS and is_loop(a.loop) and is_loop(b.loop)


def _set(emitter: Emitter) -> bool:
    """Unlicensed, and not what strong stations make inside a receiver."""
    return emitter.licensed is False and not any(s.finding.name == GHOST for s in emitter.findings)


def _one_transmitter(a: Emitter, b: Emitter) -> bool:
    """On one channel, and not known to stand at two places."""
    if abs(a.freq_hz - b.freq_hz) > SAME_CHANNEL_HZ:
        return False
    return not _far_apart(a, b)


def _far_apart(a: Emitter, b: Emitter) -> bool:
    one, two = a.fix, b.fix
    if one is None or two is None or one.covariance_m2 is None or two.covariance_m2 is None:
        return False
    if one.lat_deg is None or one.lon_deg is None or two.lat_deg is None or two.lon_deg is None:
        return False
    east, north, _ = pymap3d.geodetic2enu(two.lat_deg, two.lon_deg, 0.0, one.lat_deg, one.lon_deg, 0.0)
    variance = sum(fix.covariance_m2[0] + fix.covariance_m2[2] for fix in (one, two) if fix.covariance_m2 is not None)
    return bool((east**2 + north**2) ** 0.5 > APART_M + APART_SIGMAS * variance**0.5)


def _at_once(members: tuple[Emitter, ...]) -> int:
    """Size of a set of emitters that were all on the air with each other, found greedily: at least so many."""
    beside = {a.id: {b.id for b in members if b.id != a.id and _together(a, b)} for a in members}
    most = 1
    for start in members:
        clique = {start.id}
        for other in sorted(beside[start.id], key=lambda key: (-len(beside[key]), key)):
            if clique <= beside[other]:
                clique.add(other)
        most = max(most, len(clique))
    return most


def _together(a: Emitter, b: Emitter) -> bool:
    link = link_to(a.programme_links, b.id, simultaneous=True)
    if link is not None and link.times >= LEAST_TIMES:
        return True
    mine = [s.time_utc_ns for s in a.sightings if s.floor_dbm is None]
    theirs = [s.time_utc_ns for s in b.sightings if s.floor_dbm is None]
    return any(abs(x - y) <= TOGETHER_NS for x in mine for y in theirs)
