"""When a case becomes an alert: when it rises to a level. The same case and rise always give the same key.

A person is told of a level once in the life of a case: see `is_highest_yet`.
"""

from fusion.values import Case, Emitter, Level
from server.alerts.alert import Alert
from server.settings import Alerts

_NAMES = ("service", "mcc", "mnc", "lac", "ci", "arfcn", "bsic", "pi", "ps", "licence_name")


def least_level(alerts: Alerts) -> Level:
    """The lowest level that anyone wants to be told."""
    names = [alerts.screen_level, *(w.level for w in alerts.webhooks), *(a.level for a in alerts.apprise)]
    return min(Level[name.upper()] for name in names)


def alert_of(before: Case | None, after: Case, emitter: Emitter | None, *, least: Level) -> Alert | None:
    """The alert that this change of a case is, if it is one."""
    if after.closed_utc_ns is not None or after.level < least:
        return None
    was_open = before is not None and before.closed_utc_ns is None
    if was_open and before is not None and after.level <= before.level:
        return None
    return Alert(
        key=f"{after.id}:{int(after.level)}:{episode(after)}",
        case_id=after.id,
        emitter_id=after.emitter_id,
        kind=after.kind,
        level=int(after.level),
        time_utc_ns=after.changed_utc_ns,
        freq_hz=emitter.freq_hz if emitter else 0.0,
        title_params=_names_of(emitter),
        score_db=after.score_db,
        findings=after.findings,
        fix=emitter.fix if emitter else None,
    )


def is_highest_yet(before: Case | None, after: Case) -> bool:
    """Whether the case never had this level since it opened: by its own steps, which a restart does not change."""
    if before is None or before.closed_utc_ns is not None:
        return True
    return after.level > max((step.level for step in before.steps), default=before.level)


def episode(case: Case) -> int:
    """Which rise to its present level this is: by its time, for a case keeps only its last steps."""
    return case.steps[-1].time_utc_ns if case.steps else case.opened_utc_ns


def _names_of(emitter: Emitter | None) -> dict[str, str | float | int]:
    known = {name: getattr(emitter, name, None) for name in _NAMES}
    return {name: value for name, value in known.items() if value is not None}
