"""Paging and assignments, as counters. 3GPP TS 44.018 §9.1.22–24 (paging), §9.1.18–20 (assignments).

Subscriber identities end here: only the type of each is looked at, and the octets that held them are overwritten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from dsp.gsm.errors import BeyondBlock, UnknownIdentityType
from dsp.gsm.message import ASSIGNMENT, ASSIGNMENT_EXTENDED, PAGING_1, PAGING_2, PAGING_3

_SECOND_IDENTITY = 0x17
_NONE, _IMSI, _IMEI, _IMEISV, _TMSI = 0, 1, 2, 3, 4  # 3GPP TS 24.008 §10.5.1.4


@dataclass(frozen=True, slots=True)
class SubscriberCounts:
    imsi: int = 0
    tmsi: int = 0
    no_identity: int = 0
    assignments: int = 0
    # of these, by the four high bits of the random reference: 0000 and 0001 (44.018 §9.1.8, table)
    reference_0000: int = 0
    reference_0001: int = 0
    assignments_hopping: int = 0


def total(counts: Iterable[SubscriberCounts]) -> SubscriberCounts:
    every = list(counts)
    return SubscriberCounts(**{f.name: sum(getattr(c, f.name) for c in every) for f in fields(SubscriberCounts)})


def count_and_forget(kind: str, octets: bytearray) -> SubscriberCounts:
    """Count what a paging or assignment block speaks of, then overwrite it, whatever happens.

    Raises BeyondBlock, UnknownIdentityType.
    """
    try:
        return _count(kind, octets)
    finally:
        octets[:] = bytes(len(octets))


def _count(kind: str, octets: bytearray) -> SubscriberCounts:
    if kind == PAGING_1:
        types, after = _identity(octets, 4)
        return _identities([types, *_second(octets, after)])
    if kind == PAGING_2:
        return _identities([_TMSI, _TMSI, *_second(octets, 12)])
    if kind == PAGING_3:
        return _identities([_TMSI] * 4)
    if kind == ASSIGNMENT:
        return _assignments([(octets[3] >> 4 & 1, octets[5], octets[7])])
    if kind == ASSIGNMENT_EXTENDED:
        return _assignments([(0, octets[5], octets[7]), (0, octets[12], octets[14])])
    return SubscriberCounts()


def _identity(octets: bytearray, at: int) -> tuple[int, int]:
    """Type of the mobile identity whose length stands at `at`, and where it ends."""
    end = at + 1 + octets[at]
    if end > len(octets):
        raise BeyondBlock(need=end, have=len(octets))
    return (octets[at + 1] & 7 if octets[at] else _NONE), end


def _second(octets: bytearray, at: int) -> list[int]:
    if at + 1 >= len(octets) or octets[at] != _SECOND_IDENTITY:
        return []
    return [_identity(octets, at + 1)[0]]


def _identities(types: list[int]) -> SubscriberCounts:
    for kind in types:
        if kind > _TMSI:
            raise UnknownIdentityType(identity_type=kind)
    return SubscriberCounts(imsi=types.count(_IMSI), tmsi=types.count(_TMSI), no_identity=types.count(_NONE))


def _assignments(each: list[tuple[int, int, int]]) -> SubscriberCounts:
    """each : (packet channel?, second octet of the channel description, random reference)."""
    return SubscriberCounts(
        assignments=len(each),
        reference_0000=sum(reference >> 4 == 0 for _, _, reference in each),
        reference_0001=sum(reference >> 4 == 1 for _, _, reference in each),
        assignments_hopping=sum(not packet and bool(channel & 0x10) for packet, channel, _ in each),
    )
