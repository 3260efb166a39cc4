"""Sensors with what they last said, and the tasks and snippets of each."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from server import tables
from server.people import PREFIX
from server.self_test_store import last_self_test
from server.survey import LatLon, surveyed_places
from server.web import read_bodies
from server.web.read_cases import MOST_ROWS
from wire.phase_snippet import FORMAT as PHASES
from wire.report import Position, Report

LOOK_BACK_ROWS = 3000  # of all sensors, for the last report of one that carried health or a position
LOOK_BACK_REPORTS = 20
_S, _R, _T, _N = tables.sensor.c, tables.report.c, tables.task.c, tables.snippet.c
_IS_SENSOR = _S.name.not_like(f"{PREFIX}%")  # people's words are filed beside the sensors'


@dataclass(frozen=True, slots=True)
class SensorSeen:
    id: int
    name: str
    revoked_utc_ns: int | None
    last_seen_utc_ns: int | None
    last_report: int | None
    report: Report | None  # the last that carried health, else the last
    position: Position | None
    left_out: str | None = None  # of fixes, by the last self-test: why
    surveyed: LatLon | None = None  # where it is known to stand


def list_sensors(connection: Connection) -> list[SensorSeen]:
    query = select(_S.id, _S.name, _S.revoked_utc_ns, _S.last_seen_utc_ns, _S.last_report).order_by(_S.name)
    rows = connection.execute(query.where(_IS_SENSOR).limit(MOST_ROWS)).all()
    tested = last_self_test(connection)
    out = tested.left_out if tested else {}
    places = surveyed_places(connection)
    return [
        SensorSeen(
            *row, *_last_words(connection, row.id, row.last_report), out.get(row.name), surveyed=places.get(row.name)
        )
        for row in rows
    ]


def _last_words(connection: Connection, id: int, last_report: int | None) -> tuple[Report | None, Position | None]:
    reports = [] if last_report is None else _last_reports(connection, id, last_report)
    if not reports:
        return None, None
    return next((r for r in reports if r.health is not None), reports[0]), reports[0].position


def _last_reports(connection: Connection, sensor_id: int, last_report: int) -> list[Report]:
    """The last one, and earlier ones only where it says nothing of its health. Newest first."""
    body = connection.execute(select(_R.body).where(_R.id == last_report)).scalar_one_or_none()
    last = None if body is None else read_bodies.reports.read(body)
    if last is not None and last.health is not None:
        return [last]
    earlier = (
        select(_R.body)
        .where(_R.sensor_id == sensor_id, _R.id < last_report, _R.id > last_report - LOOK_BACK_ROWS)
        .order_by(_R.id.desc())
        .limit(LOOK_BACK_REPORTS)
    )
    found = read_bodies.reports.read_all(list(connection.execute(earlier).scalars()))
    return [last, *found] if last is not None else found


def find_sensor_id(connection: Connection, id: int) -> int | None:
    """The id again when there is such a sensor and its key is not revoked."""
    query = select(_S.id).where(_S.id == id, _S.revoked_utc_ns.is_(None), _IS_SENSOR)
    return connection.execute(query).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class TaskRow:
    id: int
    sensor: str
    created_utc_ns: int
    created_by: str
    body: bytes
    sent_utc_ns: int | None
    done_utc_ns: int | None
    outcome: str | None
    snippet_id: int | None


@dataclass(frozen=True, slots=True)
class SnippetRow:
    """Without the samples."""

    id: int
    task_id: int
    sensor: str
    received_utc_ns: int
    centre_hz: float
    rate_hz: float
    time_utc_ns: int | None
    format: str
    sha256: str
    size_bytes: int


def list_tasks(connection: Connection, *, limit: int = 100) -> list[TaskRow]:
    """The newest first."""
    told = (_T.created_utc_ns, _T.created_by, _T.body, _T.sent_utc_ns, _T.done_utc_ns, _T.outcome)
    query = (
        select(_T.id, _S.name, *told, _N.id)
        .join_from(tables.task, tables.sensor, _S.id == _T.sensor_id)
        .join(tables.snippet, (_N.task_id == _T.id) & (_N.format != PHASES), isouter=True)
        .order_by(_T.id.desc())
    )
    return [TaskRow(*row) for row in connection.execute(query.limit(min(limit, MOST_ROWS)))]


_SNIPPET = select(
    _N.id,
    _N.task_id,
    _S.name,
    _N.received_utc_ns,
    _N.centre_hz,
    _N.rate_hz,
    _N.time_utc_ns,
    _N.format,
    _N.sha256,
    func.length(_N.data),
)
_SNIPPET = _SNIPPET.join_from(tables.snippet, tables.sensor, _S.id == _N.sensor_id).where(_N.format != PHASES)


def _snippet(row: Row[*tuple[Any, ...]]) -> SnippetRow:
    return SnippetRow(*row)


def list_snippets(connection: Connection, *, limit: int = 100) -> list[SnippetRow]:
    """The newest first, without their samples."""
    query = _SNIPPET.order_by(_N.id.desc()).limit(min(limit, MOST_ROWS))
    return [_snippet(row) for row in connection.execute(query)]


def find_snippet(connection: Connection, id: int) -> tuple[SnippetRow, bytes] | None:
    row = connection.execute(_SNIPPET.where(_N.id == id)).one_or_none()
    if row is None:
        return None
    return _snippet(row), connection.execute(select(_N.data).where(_N.id == id)).scalar_one()
