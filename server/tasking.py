"""Tasks on their way to sensors, as the task table has them.

On its way a task's id is the database's own name and the row: a sensor that remembers what it did for one database
must not mistake another's task for it.
"""

import secrets
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, Engine, insert, select, update

from server import tables
from wire.messages import Task

EXPIRED, EXPIRES_NS = "expired", 3600 * 10**9  # a wish to listen now is stale after an hour
_task = msgspec.msgpack.Decoder(Task)
_T = tables.task.c


@dataclass(frozen=True, slots=True)
class Due:
    row: int
    sensor_id: int
    taken: bool  # the sensor has it, and has not said how it ended
    task: Task


def store_name(engine: Engine) -> str:
    """16 hex digits that no other database has."""
    m = tables.meta
    with engine.begin() as connection:
        name = connection.execute(select(m.c.value).where(m.c.key == "store_name")).scalar_one_or_none()
        if name is None:
            name = secrets.token_hex(8)
            connection.execute(insert(m).values(key="store_name", value=name))
    return str(name)


def due_tasks(connection: Connection, store: str) -> list[Due]:
    """Every task without an end, oldest first."""
    query = select(_T.id, _T.sensor_id, _T.sent_utc_ns, _T.body).where(_T.done_utc_ns.is_(None)).order_by(_T.id)
    return [
        Due(row, sensor_id, sent is not None, msgspec.structs.replace(_task.decode(body), id=f"{store}-{row}"))
        for row, sensor_id, sent, body in connection.execute(query)
        if body
    ]


def row_of(task_id: str, store: str) -> int | None:
    """The row of a task's id, if it is one of ours."""
    name, _, row = task_id.rpartition("-")
    return int(row) if name == store and row.isascii() and row.isdigit() and len(row) < 19 else None


def expire(connection: Connection, *, now_utc_ns: int) -> int:
    """End what no sensor has taken for an hour. Returns how many."""
    stale = _T.done_utc_ns.is_(None), _T.sent_utc_ns.is_(None), _T.created_utc_ns < now_utc_ns - EXPIRES_NS
    return connection.execute(
        update(tables.task).where(*stale).values(done_utc_ns=now_utc_ns, outcome=EXPIRED)
    ).rowcount


def note_taken(connection: Connection, row: int, sensor_id: int, *, now_utc_ns: int) -> None:
    mine = _T.id == row, _T.sensor_id == sensor_id, _T.sent_utc_ns.is_(None)
    connection.execute(update(tables.task).where(*mine).values(sent_utc_ns=now_utc_ns))


def note_done(connection: Connection, row: int, sensor_id: int, outcome: str, *, now_utc_ns: int) -> None:
    """The first end that is told counts."""
    mine = _T.id == row, _T.sensor_id == sensor_id, _T.done_utc_ns.is_(None)
    connection.execute(update(tables.task).where(*mine).values(done_utc_ns=now_utc_ns, outcome=outcome[:200]))
    note_taken(connection, row, sensor_id, now_utc_ns=now_utc_ns)
