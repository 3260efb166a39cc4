"""What fusion believes, in the database: read whole at the start, written change by change."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, delete, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite

from fusion.network import read_again, stored
from fusion.programme_values import ProgrammeLook, ProgrammeMemory
from fusion.programmes import KEPT_NS, memory_of
from fusion.values import Case, Emitter, FiledReport, Level, NetworkModel, World
from server import tables
from server.alerts.alert import Alert
from server.alerts.registry import channels_for
from server.settings import Alerts
from wire.errors import WireError
from wire.report_codec import decode_report

THROUGH_ROW, NETWORKS = "through_row", "networks"
THROUGH_DIFFERENCE = "through_difference"
log = logging.getLogger(__name__)
_emitter = msgspec.msgpack.Decoder(Emitter)
_case = msgspec.msgpack.Decoder(Case)
_look = msgspec.msgpack.Decoder(ProgrammeLook)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A stored report whose body this program cannot read."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Raised:
    alert: Alert
    report_created_utc_ns: int | None


@dataclass(slots=True)
class Changes:
    """What is to be written in one transaction."""

    through_row: int
    emitters: dict[str, Emitter] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    networks: dict[str, NetworkModel] | None = None  # None: as before
    gone: set[str] = field(default_factory=set)  # emitters that became part of others
    raised: list[Raised] = field(default_factory=list)
    set_aside: list[Unreadable] = field(default_factory=list)
    looks: list[ProgrammeLook] = field(default_factory=list)
    through_difference: int = 0


def through_difference(connection: Connection) -> int:
    """Row of the last time differences that were worked off."""
    m = tables.meta.c
    return int(connection.execute(select(m.value).where(m.key == THROUGH_DIFFERENCE)).scalar_one_or_none() or 0)


def load_world(connection: Connection) -> tuple[World, int]:
    """What was believed after the last report that was worked off, and that report's row."""
    emitters = [_emitter.decode(body) for body in connection.scalars(select(tables.emitter.c.body))]
    cases = [_case.decode(body) for body in connection.scalars(select(tables.case.c.body))]
    m = tables.meta
    through = connection.execute(select(m.c.value).where(m.c.key == THROUGH_ROW)).scalar_one_or_none()
    networks = connection.execute(select(m.c.value).where(m.c.key == NETWORKS)).scalar_one_or_none()
    world = World(
        emitters={e.id: e for e in emitters},
        cases={c.id: c for c in cases},
        networks=_networks(networks or "{}"),
        programmes=_programmes(connection),
    )
    return world, int(through or 0)


def reports_after(connection: Connection, row: int, *, limit: int) -> list[FiledReport | Unreadable]:
    r, s = tables.report.c, tables.sensor.c
    query = (
        select(r.id, s.name, r.received_utc_ns, r.body)
        .join_from(tables.report, tables.sensor, r.sensor_id == s.id)
        .where(r.id > row)
        .order_by(r.id)
        .limit(limit)
    )
    return [read_report(*found) for found in connection.execute(query)]


def stored_cases(connection: Connection, *, least_level: Level) -> list[tuple[Case, Emitter]]:
    """Open FM cases from this level on, with their emitters."""
    c, e = tables.case.c, tables.emitter.c
    query = (
        select(c.body, e.body)
        .join_from(tables.case, tables.emitter, e.id == c.emitter_id)
        .where(c.closed_utc_ns.is_(None), c.level >= int(least_level), e.service == "fm")
    )
    return [(_case.decode(case), _emitter.decode(emitter)) for case, emitter in connection.execute(query)]


def write(connection: Connection, changes: Changes, alerts: Alerts, *, now_utc_ns: int) -> list[int]:
    """All of it. Returns the rows of alerts that are new."""
    _upsert(connection, tables.emitter, [_emitter_row(e) for e in changes.emitters.values()])
    _upsert(connection, tables.case, [_case_row(c) for c in changes.cases.values()])
    if changes.gone:
        connection.execute(delete(tables.emitter).where(tables.emitter.c.id.in_(changes.gone)))
    if changes.set_aside:
        rows = [{"report_id": u.row, "time_utc_ns": now_utc_ns, "reason": u.reason} for u in changes.set_aside]
        connection.execute(insert(tables.set_aside), rows)
    _keep_looks(connection, changes.looks)
    new = [_raise(connection, raised, alerts, now_utc_ns=now_utc_ns) for raised in changes.raised]
    through = {THROUGH_ROW: changes.through_row, THROUGH_DIFFERENCE: changes.through_difference}
    _upsert(connection, tables.meta, [{"key": key, "value": str(row)} for key, row in through.items()])
    if changes.networks is not None:
        _upsert(connection, tables.meta, [{"key": NETWORKS, "value": stored(changes.networks)}])
    return [row for row in new if row is not None]


def read_report(row: int, sensor: str, received_utc_ns: int, body: bytes) -> FiledReport | Unreadable:
    try:
        return FiledReport(row=row, sensor=sensor, received_utc_ns=received_utc_ns, report=decode_report(body))
    except WireError as error:
        return Unreadable(row, f"{type(error).__name__}: {error}")


def _programmes(connection: Connection) -> ProgrammeMemory:
    """Begun anew where another version wrote it otherwise. A record of before there were any is read as it is."""
    if not inspect(connection).has_table(tables.programme_look.name):
        return ProgrammeMemory()
    t = tables.programme_look.c
    bodies = connection.scalars(select(t.body).order_by(t.id)).all()
    try:
        return memory_of(_look.decode(body) for body in bodies)
    except msgspec.MsgspecError as error:
        log.warning("what emitters played cannot be read (%s): listening begins anew", error)
        return ProgrammeMemory()


def _keep_looks(connection: Connection, looks: list[ProgrammeLook]) -> None:
    """The new ones; those that are too old to be compared go."""
    if not looks:
        return
    t = tables.programme_look
    rows = [
        {"emitter_id": look.emitter, "time_utc_ns": look.time_utc_ns, "body": msgspec.msgpack.encode(look)}
        for look in looks
    ]
    connection.execute(insert(t), rows)
    newest_ns = max(look.time_utc_ns for look in looks)
    connection.execute(delete(t).where(t.c.time_utc_ns < newest_ns - KEPT_NS))


def _networks(text: str) -> dict[str, NetworkModel]:
    """Learnt anew where another version wrote it otherwise."""
    try:
        return read_again(text)
    except msgspec.MsgspecError as error:
        log.warning("what was learnt of the networks cannot be read (%s): it is learnt anew", error)
        return {}


def _raise(connection: Connection, raised: Raised, alerts: Alerts, *, now_utc_ns: int) -> int | None:
    """An alert whose key is there already has been told; nothing is told twice."""
    alert, a = raised.alert, tables.alert.c
    if connection.execute(select(a.id).where(a.key == alert.key)).first() is not None:
        return None
    values = {
        "key": alert.key,
        "case_id": alert.case_id,
        "level": alert.level,
        "created_utc_ns": now_utc_ns,
        "report_created_utc_ns": raised.report_created_utc_ns,
        "body": msgspec.msgpack.encode(alert),
    }
    (row,) = connection.execute(insert(tables.alert).values(**values)).inserted_primary_key or (None,)
    assert row is not None
    for channel in channels_for(alerts, Level(alert.level)):
        delivery = {"alert_id": row, "channel": channel, "attempts": 0, "next_try_utc_ns": now_utc_ns}
        connection.execute(insert(tables.delivery).values(**delivery))
    return int(row)


def _emitter_row(emitter: Emitter) -> dict[str, Any]:
    return {
        "id": emitter.id,
        "service": emitter.service,
        "freq_hz": emitter.freq_hz,
        "last_seen_utc_ns": emitter.last_seen_utc_ns,
        "body": msgspec.msgpack.encode(emitter),
    }


def _case_row(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "emitter_id": case.emitter_id,
        "kind": case.kind,
        "level": int(case.level),
        "opened_utc_ns": case.opened_utc_ns,
        "changed_utc_ns": case.changed_utc_ns,
        "closed_utc_ns": case.closed_utc_ns,
        "body": msgspec.msgpack.encode(case),
    }


def _upsert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    new: Any = dialect.insert(table)
    key = list(table.primary_key.columns)
    changed = {name: new.excluded[name] for name in rows[0] if not table.c[name].primary_key}
    connection.execute(new.on_conflict_do_update(index_elements=key, set_=changed), rows)
