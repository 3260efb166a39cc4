"""Cases, emitters and alerts out of the database. Every list is bounded; nothing a visitor typed becomes SQL."""

from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import Connection, select

from fusion.values import Case, Emitter
from server import tables
from server.web import read_bodies

MOST_ROWS = 500
_E, _C, _A = tables.emitter.c, tables.case.c, tables.alert.c
CaseSort = Literal["level", "changed", "opened"]
_SORTS = {
    "level": (_C.closed_utc_ns.is_not(None), _C.level.desc(), _C.changed_utc_ns.desc()),
    "changed": (_C.changed_utc_ns.desc(),),
    "opened": (_C.opened_utc_ns.desc(),),
}


@dataclass(frozen=True, slots=True)
class CaseFilter:
    sort: CaseSort = "level"
    least_level: int = 1
    open_only: bool = False
    kind: str | None = None
    limit: int = 100


def find_emitter(connection: Connection, id: str) -> Emitter | None:
    body = connection.execute(select(_E.body).where(_E.id == id)).scalar_one_or_none()
    return None if body is None else read_bodies.emitters.read(body)


def list_emitters(
    connection: Connection, *, service: str | None = None, since_utc_ns: int | None = None, limit: int = MOST_ROWS
) -> list[Emitter]:
    """The last seen first."""
    query = select(_E.body).order_by(_E.last_seen_utc_ns.desc()).limit(min(limit, MOST_ROWS))
    if service is not None:
        query = query.where(_E.service == service)
    if since_utc_ns is not None:
        query = query.where(_E.last_seen_utc_ns >= since_utc_ns)
    return read_bodies.emitters.read_all(list(connection.execute(query).scalars()))


def find_case(connection: Connection, id: str) -> tuple[Case, Emitter | None] | None:
    body = connection.execute(select(_C.body).where(_C.id == id)).scalar_one_or_none()
    case = None if body is None else read_bodies.cases.read(body)
    return None if case is None else (case, find_emitter(connection, case.emitter_id))


def list_cases(connection: Connection, wanted: CaseFilter) -> list[tuple[Case, Emitter | None]]:
    query = (
        select(_C.body, _E.body)
        .join_from(tables.case, tables.emitter, _E.id == _C.emitter_id, isouter=True)
        .where(_C.level >= wanted.least_level)
        .order_by(*_SORTS[wanted.sort], _C.id)
        .limit(min(wanted.limit, MOST_ROWS))
    )
    if wanted.open_only:
        query = query.where(_C.closed_utc_ns.is_(None))
    if wanted.kind is not None:
        query = query.where(_C.kind == wanted.kind)
    return [pair for row in connection.execute(query) if (pair := _pair(*row)) is not None]


def _pair(case_body: bytes, emitter_body: bytes | None) -> tuple[Case, Emitter | None] | None:
    case = read_bodies.cases.read(case_body)
    emitter = None if emitter_body is None else read_bodies.emitters.read(emitter_body)
    return None if case is None else (case, emitter)


@dataclass(frozen=True, slots=True)
class AlertRow:
    id: int
    key: str
    case_id: str
    level: int
    created_utc_ns: int
    report_created_utc_ns: int | None
    body: bytes
    acknowledged_utc_ns: int | None
    acknowledged_by: str | None
    acknowledged_note: str | None


_ALERT = select(*(_A[field.name] for field in fields(AlertRow)))


def list_alerts(
    connection: Connection, *, open_only: bool = False, case_id: str | None = None, limit: int = 100
) -> list[AlertRow]:
    """The newest first."""
    query = _ALERT.order_by(_A.id.desc()).limit(min(limit, MOST_ROWS))
    if open_only:
        query = query.where(_A.acknowledged_utc_ns.is_(None))
    if case_id is not None:
        query = query.where(_A.case_id == case_id)
    return [AlertRow(*row) for row in connection.execute(query)]


def find_alert(connection: Connection, id: int) -> AlertRow | None:
    row = connection.execute(_ALERT.where(_A.id == id)).one_or_none()
    return None if row is None else AlertRow(*row)
