"""What every FM look plays, compared with what was played before and elsewhere.

Each look's fingerprint is sought among the looks of the last half minute at all other emitters (the same programme now,
up to 12 s late: relays by internet are), among the emitter's own looks of the last hours (a loop), and among those of
other unlicensed emitters (the same recording at another time). Only looks of unlicensed emitters are kept for hours:
what licensed stations play is compared while it is fresh, and forgotten.

Memory: one look in 20 s at most, 600 of each emitter, 6 hours; 240 octets a look, so 0.14 MB an emitter at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from dsp.fm.programme_search import distinctive, find, seconds, shifts_s
from dsp.fm.values import FmStation
from fusion.programme_link import LATEST_RELAY_S, linked, reversed_link
from fusion.programme_loop import LEAST_AGO_S, loop_of
from fusion.programme_values import ProgrammeLook, ProgrammeMemory
from fusion.values import Emitter, FiledReport

LEAST_CNR_DB = 10.0
KEPT_EVERY_NS, KEPT_NS, MOST_KEPT = 20 * 10**9, 6 * 3600 * 10**9, 600
RECENT_NS, MOST_RECENT = 30 * 10**9, 1024
MOST_AGO = 16
CLOCKS_AGREE_NS = 60 * 10**9  # a fingerprint's own time further from the report's is not believed


@dataclass(frozen=True, slots=True)
class HeardProgrammes:
    """memory after a report, and the looks that it added to `memory.kept`."""

    memory: ProgrammeMemory
    kept: tuple[ProgrammeLook, ...] = ()


def hear_programmes(
    memory: ProgrammeMemory,
    emitters: dict[str, Emitter],
    heard: Iterable[tuple[str, FmStation]],
    filed: FiledReport,
    *,
    now_ns: int,
) -> HeardProgrammes:
    """heard: id of the emitter and what was received. Emitters that are linked, or whose loop is known better, are
    replaced in `emitters`."""
    after, added = memory, []
    for key, station in heard:
        look = _look(emitters[key], station, filed, now_ns)
        if look is None:
            continue
        if emitters[key].licensed is not None:
            _link_now(emitters, look, after.recent)
            after = msgspec.structs.replace(after, recent=_recent(after.recent, look, now_ns))
        if emitters[key].licensed is False and _due(after.kept.get(key, ()), look):
            _link_recordings(emitters, look, after)
            look = _compared(look, after.kept.get(key, ()))
            own = _bounded((*after.kept.get(key, ()), look), now_ns)
            after = msgspec.structs.replace(after, kept=after.kept | {key: own})
            emitters[key] = msgspec.structs.replace(emitters[key], loop=loop_of(own))
            added.append(look)
    return HeardProgrammes(after, tuple(added))


def remembered_programmes(memory: ProgrammeMemory, emitters: Iterable[str], now_ns: int) -> ProgrammeMemory:
    """Without emitters that are forgotten, and what is too old; the same object where nothing goes."""
    known = set(emitters)
    old = [key for key, looks in memory.kept.items() if key not in known or now_ns - looks[-1].time_utc_ns > KEPT_NS]
    if not old:
        return memory
    return msgspec.structs.replace(memory, kept={key: looks for key, looks in memory.kept.items() if key not in old})


def memory_of(looks: Iterable[ProgrammeLook]) -> ProgrammeMemory:
    """From what was stored, oldest first."""
    kept: dict[str, list[ProgrammeLook]] = {}
    for look in looks:
        kept.setdefault(look.emitter, []).append(look)
    return ProgrammeMemory(kept={key: tuple(looks[-MOST_KEPT:]) for key, looks in kept.items()})


def _look(emitter: Emitter, station: FmStation, filed: FiledReport, now_ns: int) -> ProgrammeLook | None:
    """None: nothing was played that could be known again."""
    if station.programme is None or station.cnr_db < LEAST_CNR_DB or not distinctive(station.programme):
        return None
    began_ns = station.programme_time_utc_ns
    believed = began_ns is not None and abs(began_ns - now_ns) <= CLOCKS_AGREE_NS
    return ProgrammeLook(
        emitter=emitter.id,
        sensor=filed.sensor,
        boot=filed.report.boot,
        seq=filed.report.seq,
        time_utc_ns=began_ns if believed and began_ns is not None else now_ns,
        freq_hz=station.freq_hz,
        cnr_db=station.cnr_db,
        programme=station.programme,
    )


def _link_now(emitters: dict[str, Emitter], look: ProgrammeLook, recent: Sequence[ProgrammeLook]) -> None:
    """The same programme at about the same time: of two unlicensed emitters, or one and a licensed station."""
    mine = emitters[look.emitter].licensed
    others = [
        old
        for old in recent
        if old.emitter != look.emitter
        and (other := emitters.get(old.emitter)) is not None
        and False in (mine, other.licensed)
        and abs(look.time_utc_ns - old.time_utc_ns) / 1e9 <= LATEST_RELAY_S + seconds(look.programme)
    ]
    _link(emitters, look, others)


def _link_recordings(emitters: dict[str, Emitter], look: ProgrammeLook, memory: ProgrammeMemory) -> None:
    """What another unlicensed emitter played longer ago than a relay can be late."""
    old = [
        each
        for key, looks in memory.kept.items()
        if key != look.emitter and (other := emitters.get(key)) is not None and other.licensed is False
        for each in looks
        if look.time_utc_ns - each.time_utc_ns > RECENT_NS
    ]
    _link(emitters, look, old)


def _link(emitters: dict[str, Emitter], look: ProgrammeLook, others: Sequence[ProgrammeLook]) -> None:
    for found in find(look.programme, [old.programme for old in others]):
        old = others[found.index]
        delay_s = (look.time_utc_ns - old.time_utc_ns) / 1e9 - found.shift_s
        links = linked(emitters[look.emitter].programme_links, look, old, found, delay_s)
        emitters[look.emitter] = msgspec.structs.replace(emitters[look.emitter], programme_links=links)
        back = reversed_link(emitters[old.emitter].programme_links, links, look, old)
        emitters[old.emitter] = msgspec.structs.replace(emitters[old.emitter], programme_links=back)


def _compared(look: ProgrammeLook, own: Sequence[ProgrammeLook]) -> ProgrammeLook:
    """With how often, and how long ago, the same was heard of this emitter."""
    length_s = seconds(look.programme)
    earlier = [old for old in own if (look.time_utc_ns - old.time_utc_ns) / 1e9 - length_s >= LEAST_AGO_S]
    found = find(look.programme, [old.programme for old in earlier])
    ago_s = [(look.time_utc_ns - earlier[each.index].time_utc_ns) / 1e9 - each.shift_s for each in found]
    return msgspec.structs.replace(
        look,
        compared_s=round(sum(shifts_s(length_s, seconds(old.programme)) for old in earlier), 3),
        matches=len(ago_s),
        ago_s=tuple(round(ago, 3) for ago in ago_s[:: -(-len(ago_s) // MOST_AGO) or 1]),
    )


def _due(own: Sequence[ProgrammeLook], look: ProgrammeLook) -> bool:
    return not own or look.time_utc_ns - own[-1].time_utc_ns >= KEPT_EVERY_NS


def _bounded(looks: tuple[ProgrammeLook, ...], now_ns: int) -> tuple[ProgrammeLook, ...]:
    return tuple(look for look in looks if now_ns - look.time_utc_ns <= KEPT_NS)[-MOST_KEPT:]


def _recent(looks: tuple[ProgrammeLook, ...], new: ProgrammeLook, now_ns: int) -> tuple[ProgrammeLook, ...]:
    return (*(look for look in looks if now_ns - look.time_utc_ns <= RECENT_NS), new)[-MOST_RECENT:]
