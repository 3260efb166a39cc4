"""Reports into the database: many in one transaction, each kept once, whoever sends it again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Insert, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server import tables
from wire.messages import Span


@dataclass(frozen=True, slots=True)
class Arrived:
    """A report that passed every check, before it is stored."""

    sensor_id: int
    boot: str
    seq: int
    received_utc_ns: int
    body: bytes


def file_reports(connection: Connection, arrived: Sequence[Arrived]) -> int:
    """Store what is not stored yet. Returns how many were new. The caller's commit is what may be acknowledged."""
    columns = tables.report.c
    before = connection.execute(select(func.coalesce(func.max(columns.id), 0))).scalar_one()
    rows = [
        {
            "sensor_id": a.sensor_id,
            "boot": a.boot,
            "seq": a.seq,
            "received_utc_ns": a.received_utc_ns,
            "body": a.body,
        }
        for a in arrived
    ]
    connection.execute(_insert_new(connection), rows)
    newest = (
        select(columns.sensor_id, func.max(columns.id), func.count())
        .where(columns.id > before)
        .group_by(columns.sensor_id)
    )
    per_sensor = {sensor: (last, count) for sensor, last, count in connection.execute(newest)}
    for sensor_id, received in {a.sensor_id: a.received_utc_ns for a in arrived}.items():
        values: dict[str, int] = {"last_seen_utc_ns": received}
        if sensor_id in per_sensor:
            values["last_report"] = per_sensor[sensor_id][0]
        connection.execute(update(tables.sensor).where(tables.sensor.c.id == sensor_id).values(**values))
    return sum(count for _, count in per_sensor.values())


def stored_ids(engine: Engine) -> Iterator[tuple[str, str, int]]:
    """(sensor, boot, seq) of every stored report, in the order of storage."""
    r, s = tables.report.c, tables.sensor.c
    query = select(s.name, r.boot, r.seq).join_from(tables.report, tables.sensor, r.sensor_id == s.id).order_by(r.id)
    with engine.connect() as connection:
        for row in connection.execution_options(yield_per=10_000).execute(query):
            yield row[0], row[1], row[2]


def spans(identities: Iterable[tuple[str, int]]) -> tuple[Span, ...]:
    """(boot, seq) as runs without a gap, each named once."""
    runs: list[tuple[str, int, int]] = []
    for boot, seq in sorted(set(identities)):
        if runs and runs[-1][0] == boot and runs[-1][2] == seq - 1:
            runs[-1] = (boot, runs[-1][1], seq)
        else:
            runs.append((boot, seq, seq))
    return tuple(Span(boot=boot, first=first, last=last) for boot, first, last in runs)


def _insert_new(connection: Connection) -> Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(tables.report).on_conflict_do_nothing()
    return sqlite.insert(tables.report).on_conflict_do_nothing()
