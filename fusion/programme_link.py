"""Links between emitters by their programme: added up moment by moment, the same from either end."""

import msgspec

from dsp.fm.programme_search import Found
from fusion.programme_values import ProgrammeLink, ProgrammeLook

LATEST_RELAY_S = 12.0  # a relay over the internet is up to ten seconds late, and clocks by NTP add little
APART_NS = 5 * 10**9  # looks nearer than this are one moment: several sensors hear it at once
MOST_LINKS, MOST_REPORTS = 64, 4


def linked(
    links: tuple[ProgrammeLink, ...], look: ProgrammeLook, old: ProgrammeLook, found: Found, delay_s: float
) -> tuple[ProgrammeLink, ...]:
    """The links of `look.emitter` with what was found in `old`, which came `delay_s` before."""
    simultaneous = abs(delay_s) <= LATEST_RELAY_S
    before = link_to(links, old.emitter, simultaneous=simultaneous)
    after = _first(look, old, found, delay_s) if before is None else _again(before, look, old, found, delay_s)
    others = [each for each in links if each is not before]
    return tuple(sorted([*others, after], key=lambda link: link.last_utc_ns)[-MOST_LINKS:])


def reversed_link(
    links: tuple[ProgrammeLink, ...], theirs: tuple[ProgrammeLink, ...], look: ProgrammeLook, old: ProgrammeLook
) -> tuple[ProgrammeLink, ...]:
    """The links of `old.emitter`, with the one that `look.emitter` has just been given, seen from here."""
    newest = max(
        (link for link in theirs if link.other == old.emitter), key=lambda link: (link.last_utc_ns, link.times)
    )
    mine = msgspec.structs.replace(
        newest,
        other=look.emitter,
        delay_s=-newest.delay_s,
        delay_low_s=-newest.delay_high_s,
        delay_high_s=-newest.delay_low_s,
        cnr_above_other_db=-newest.cnr_above_other_db,
    )
    others = [link for link in links if (link.other, link.simultaneous) != (mine.other, mine.simultaneous)]
    return tuple(sorted([*others, mine], key=lambda link: link.last_utc_ns)[-MOST_LINKS:])


def link_to(links: tuple[ProgrammeLink, ...], other: str, *, simultaneous: bool) -> ProgrammeLink | None:
    return next((link for link in links if link.other == other and link.simultaneous == simultaneous), None)


def _first(look: ProgrammeLook, old: ProgrammeLook, found: Found, delay_s: float) -> ProgrammeLink:
    together = _one_look(look, old)
    return ProgrammeLink(
        other=old.emitter,
        simultaneous=abs(delay_s) <= LATEST_RELAY_S,
        times=1,
        first_utc_ns=look.time_utc_ns,
        last_utc_ns=look.time_utc_ns,
        delay_s=round(delay_s, 3),
        delay_low_s=round(delay_s, 3),
        delay_high_s=round(delay_s, 3),
        overlap_s=round(found.overlap_s, 3),
        bit_error_rate=round(found.bit_error_rate, 4),
        one_look=int(together),
        cnr_above_other_db=round(look.cnr_db - old.cnr_db, 1) if together else 0.0,
        reports=_reports((), look, old),
    )


def _again(link: ProgrammeLink, look: ProgrammeLook, old: ProgrammeLook, found: Found, delay_s: float) -> ProgrammeLink:
    """The same moment, heard by one more sensor, sharpens the error rate and counts no more."""
    best = min(link.bit_error_rate, round(found.bit_error_rate, 4))
    if abs(look.time_utc_ns - link.last_utc_ns) < APART_NS:
        return msgspec.structs.replace(link, bit_error_rate=best)
    new = _first(look, old, found, delay_s)
    return msgspec.structs.replace(
        new,
        times=link.times + 1,
        first_utc_ns=min(link.first_utc_ns, new.first_utc_ns),
        last_utc_ns=max(link.last_utc_ns, new.last_utc_ns),
        delay_low_s=min(link.delay_low_s, new.delay_s),
        delay_high_s=max(link.delay_high_s, new.delay_s),
        overlap_s=round(link.overlap_s + new.overlap_s, 3),
        bit_error_rate=best,
        one_look=link.one_look + new.one_look,
        cnr_above_other_db=new.cnr_above_other_db if new.one_look else link.cnr_above_other_db,
        reports=_reports(link.reports, look, old),
    )


def _one_look(look: ProgrammeLook, old: ProgrammeLook) -> bool:
    return (look.sensor, look.boot, look.seq) == (old.sensor, old.boot, old.seq)


def _reports(
    before: tuple[tuple[str, str, int], ...], look: ProgrammeLook, old: ProgrammeLook
) -> tuple[tuple[str, str, int], ...]:
    new = dict.fromkeys((each.sensor, each.boot, each.seq) for each in (old, look))
    return (*(each for each in before if each not in new), *new)[-MOST_REPORTS:]
