"""The transmitters that carry the programme of a case's emitter, as the case page shows them."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from fusion.programme_loop import is_loop
from fusion.programme_sets import ESPECIALLY_SERIOUS_SETS, SERIOUS_SETS, sets_of
from fusion.values import Emitter
from server import tables
from server.web import phrases
from server.web.phrases import iso
from server.web.read_cases import find_emitter

MOST_SETS = 64
_C = tables.case.c


@dataclass(frozen=True, slots=True)
class LinkedSet:
    """case_id: its open case, else its last; None: it has none. `own`: the one whose page this is."""

    name: str
    freq_hz: float
    last_seen: str
    loops: bool
    own: bool
    case_id: str | None
    delay_s: float | None  # of the page's emitter behind it; None: only linked through others, or not at one time
    overlap_s: float | None
    bit_error_rate: float | None


@dataclass(frozen=True, slots=True)
class LinkedSets:
    sets: tuple[LinkedSet, ...]
    at_once: int
    serious: int = SERIOUS_SETS
    especially_serious: int = ESPECIALLY_SERIOUS_SETS


def linked_sets(connection: Connection, emitter: Emitter | None, *, now_utc_ns: int) -> LinkedSets | None:
    """None where no other emitter carries the programme."""
    if emitter is None or not emitter.programme_links:
        return None
    known = _within_reach(connection, emitter)
    found = sets_of(emitter, known, now_ns=now_utc_ns)
    if found is None:
        return None
    return LinkedSets(tuple(_told(connection, emitter, other) for other in found.emitters), found.at_once)


def _within_reach(connection: Connection, emitter: Emitter) -> dict[str, Emitter]:
    """Every emitter that links lead to from this one."""
    known, queue = {emitter.id: emitter}, [emitter]
    while queue:
        for link in queue.pop().programme_links:
            if link.other not in known and len(known) < MOST_SETS:
                other = find_emitter(connection, link.other)
                if other is not None:
                    known[other.id] = other
                    queue.append(other)
    return known


def _told(connection: Connection, own: Emitter, other: Emitter) -> LinkedSet:
    links = [link for link in own.programme_links if link.other == other.id]
    best = max(links, key=lambda link: (link.simultaneous, link.overlap_s), default=None)
    return LinkedSet(
        name=phrases.emitter_name(other),
        freq_hz=other.freq_hz,
        last_seen=iso(other.last_seen_utc_ns),
        loops=is_loop(other.loop),
        own=other.id == own.id,
        case_id=_case_of(connection, other.id),
        delay_s=best.delay_s if best is not None and best.simultaneous else None,
        overlap_s=None if best is None else best.overlap_s,
        bit_error_rate=None if best is None else best.bit_error_rate,
    )


def _case_of(connection: Connection, emitter_id: str) -> str | None:
    query = (
        select(_C.id)
        .where(_C.emitter_id == emitter_id)
        .order_by(_C.closed_utc_ns.is_not(None), _C.opened_utc_ns.desc())
    )
    return connection.execute(query.limit(1)).scalar_one_or_none()
