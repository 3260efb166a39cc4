"""Paging and assignments, as counters. 3GPP TS 44.018 §9.1.22–24 (paging), §9.1.18–20 (assignments).

Subscriber identities end here: only the type of each is looked at, and the octets that held them are overwritten.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields

from dsp.gsm.errors import BadIdentityLength, BeyondBlock, ReservedCode, UnknownIdentityType
from dsp.gsm.message import ASSIGNMENT, ASSIGNMENT_EXTENDED, ASSIGNMENT_REJECT, PAGING_1, PAGING_2, PAGING_3
from dsp.gsm.requests import causes

_SECOND_IDENTITY = 0x17
_NONE, _IMSI, _IMEI, _IMEISV, _TMSI, _TMGI = 0, 1, 2, 3, 4, 5  # 3GPP TS 24.008 §10.5.1.4
_PAGED = {_NONE, _IMSI, _TMSI, _TMGI}  # nobody is paged by IMEI
_LENGTHS = {_IMSI: range(2, 10), _TMSI: range(5, 6)}
_TBF = 0x10  # §10.5.2.25b
_MOST_HOPPING_OCTETS = 8  # §10.5.2.21


@dataclass(frozen=True, slots=True)
class SubscriberCounts:
    imsi: int = 0
    tmsi: int = 0
    no_identity: int = 0
    groups: int = 0  # multicast groups, by TMGI
    assignments: int = 0  # of both kinds
    # of these, by the four high bits of the random reference: 0000 and 0001 (44.018 §9.1.8, table)
    reference_0000: int = 0
    reference_0001: int = 0
    assignments_hopping: int = 0
    assignments_packet: int = 0  # of a temporary block flow, not of a dedicated channel
    # of those of a dedicated channel, by the cause that the reference names whatever NECI is
    answers: int = 0  # to paging
    calls: int = 0
    emergencies: int = 0
    reestablishments: int = 0
    rejected: int = 0  # requests refused, each once a block
    reject_wait_s: int = 0  # the waiting times these were given, added up


def total(counts: Iterable[SubscriberCounts]) -> SubscriberCounts:
    every = list(counts)
    return SubscriberCounts(**{f.name: sum(getattr(c, f.name) for c in every) for f in fields(SubscriberCounts)})


def count_and_forget(kind: str, octets: bytearray) -> SubscriberCounts:
    """Count what a paging or assignment block speaks of, then overwrite it, whatever happens.

    Raises BeyondBlock, UnknownIdentityType, BadIdentityLength, ReservedCode.
    """
    try:
        return _count(kind, octets)
    finally:
        octets[:] = bytes(len(octets))


def _count(kind: str, octets: bytearray) -> SubscriberCounts:
    counter = _COUNTERS.get(kind)
    return counter(octets) if counter else SubscriberCounts()


def _paging_1(octets: bytearray) -> SubscriberCounts:
    first, after = _identity(octets, 4)
    return _identities([first, *_second(octets, after)])


def _paging_2(octets: bytearray) -> SubscriberCounts:
    return _identities([_TMSI, _TMSI, *_second(octets, 12)])


def _paging_3(_octets: bytearray) -> SubscriberCounts:
    return _identities([_TMSI] * 4)


def _identity(octets: bytearray, at: int) -> tuple[int, int]:
    """Type of the mobile identity whose length stands at `at`, and where it ends."""
    length = octets[at]
    end = at + 1 + length
    if end > len(octets):
        raise BeyondBlock(need=end, have=len(octets))
    kind = octets[at + 1] & 7 if length else _NONE
    if kind not in _PAGED:
        raise UnknownIdentityType(identity_type=kind)
    if kind in _LENGTHS and length not in _LENGTHS[kind]:
        raise BadIdentityLength(identity_type=kind, length=length)
    return kind, end


def _second(octets: bytearray, at: int) -> list[int]:
    """The optional identity behind; what lies beyond the pseudo length are rest octets, which may look like one."""
    end = min(1 + (octets[0] >> 2), len(octets))
    if at + 1 >= end or octets[at] != _SECOND_IDENTITY:
        return []
    return [_identity(octets, at + 1)[0]]


def _identities(types: list[int]) -> SubscriberCounts:
    return SubscriberCounts(
        imsi=types.count(_IMSI), tmsi=types.count(_TMSI), no_identity=types.count(_NONE), groups=types.count(_TMGI)
    )


def _assignment(octets: bytearray) -> SubscriberCounts:
    # octet 3  -ADTpppp   T temporary block flow, D downlink, A first of two messages, p page mode
    kind = octets[3] & 0xF0
    if kind & _TBF:
        return SubscriberCounts(assignments=1, assignments_packet=1)
    if kind:
        raise ReservedCode(field="dedicated mode or TBF", value=kind >> 4)
    if octets[11] > _MOST_HOPPING_OCTETS:
        raise BeyondBlock(need=12 + octets[11], have=12 + _MOST_HOPPING_OCTETS)
    return _dedicated([(octets[4:7], octets[7])])


def _assignment_extended(octets: bytearray) -> SubscriberCounts:
    return _dedicated([(octets[4:7], octets[7]), (octets[11:14], octets[14])])


def _dedicated(each: list[tuple[bytearray, int]]) -> SubscriberCounts:
    """each : channel description (§10.5.2.5), random reference (§10.5.2.30)."""
    for channel, _ in each:
        if not 1 <= channel[0] >> 3 <= 15:
            raise ReservedCode(field="channel type", value=channel[0] >> 3)
    asked = causes(reference for _, reference in each)
    return SubscriberCounts(
        assignments=len(each),
        reference_0000=asked.reference_0000,
        reference_0001=asked.reference_0001,
        assignments_hopping=sum(bool(channel[1] & 0x10) for channel, _ in each),
        answers=asked.answers,
        calls=asked.calls,
        emergencies=asked.emergencies,
        reestablishments=asked.reestablishments,
    )


def _rejected(octets: bytearray) -> SubscriberCounts:
    """Four requests, each with a wait indication; where there are fewer, the network repeats one (§9.1.20.2)."""
    each = {bytes(octets[at : at + 3]): octets[at + 3] for at in (4, 8, 12, 16)}
    return SubscriberCounts(rejected=len(each), reject_wait_s=sum(each.values()))


_COUNTERS: dict[str, Callable[[bytearray], SubscriberCounts]] = {
    PAGING_1: _paging_1,
    PAGING_2: _paging_2,
    PAGING_3: _paging_3,
    ASSIGNMENT: _assignment,
    ASSIGNMENT_EXTENDED: _assignment_extended,
    ASSIGNMENT_REJECT: _rejected,
}
