"""Findings that hold: merged as they come again, dropped when they are contradicted or too old."""

from collections.abc import Iterable

import msgspec

from dsp.signatures.finding import Finding
from fusion.values import StandingFinding

MOST_FINDINGS, MOST_REPORTS = 64, 8
HOLD_NS = 600 * 10**9  # what nobody contradicts stands this long
MOST_MISSED = 3  # looks in a row without it: it no longer holds
Identity = tuple[str, str, int]


def merge(
    standing: tuple[StandingFinding, ...], new: Iterable[Finding], *, sensor: str | None, report: Identity, now_ns: int
) -> tuple[StandingFinding, ...]:
    """After one look of `sensor` (None: fusion's own) at the emitter: newest evidence and weight replace the older."""
    came = {finding.name: msgspec.structs.replace(finding, about=None) for finding in new}
    kept = [_after_look(s, came, sensor=sensor, report=report, now_ns=now_ns) for s in standing]
    known = {s.finding.name for s in standing if s.sensor == sensor}
    fresh = [
        StandingFinding(finding=f, sensor=sensor, first_utc_ns=now_ns, last_utc_ns=now_ns, times=1, reports=(report,))
        for name, f in came.items()
        if name not in known
    ]
    return _in_order(s for s in (*kept, *fresh) if not expired(s, now_ns))


def expired(standing: StandingFinding, now_ns: int) -> bool:
    return standing.missed >= MOST_MISSED or now_ns - standing.last_utc_ns > HOLD_NS


def _after_look(
    old: StandingFinding, came: dict[str, Finding], *, sensor: str | None, report: Identity, now_ns: int
) -> StandingFinding:
    if old.sensor != sensor:
        return old
    finding = came.get(old.finding.name)
    if finding is None:
        return msgspec.structs.replace(old, missed=old.missed + 1)
    return msgspec.structs.replace(
        old,
        finding=finding,
        last_utc_ns=max(now_ns, old.last_utc_ns),
        times=old.times + 1,
        missed=0,
        reports=(*old.reports, report)[-MOST_REPORTS:],
    )


def _in_order(standing: Iterable[StandingFinding]) -> tuple[StandingFinding, ...]:
    newest = sorted(standing, key=lambda s: (s.last_utc_ns, s.finding.name, s.sensor or ""))[-MOST_FINDINGS:]
    return tuple(sorted(newest, key=lambda s: (-s.finding.weight_db, s.finding.name, s.sensor or "")))
