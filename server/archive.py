"""The record, read and never touched: stored reports between two instants, and what was believed of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Select, create_engine, func, inspect, select
from sqlalchemy.exc import DBAPIError

from fusion.values import FiledReport, MeasuredDifferences, World
from server import tables
from server.case_store import Unreadable, load_world, read_report
from server.difference_making import all_measured
from server.settings import ServerSettings
from server.store import FILE, DatabaseUnusable, make_engine


class NoRecord(DatabaseUnusable):
    """There is no database where the settings say."""


@contextmanager
def open_archive(settings: ServerSettings) -> Iterator[Connection]:
    """A connection that cannot write. Raises NoRecord, DatabaseUnusable."""
    engine = _engine(settings)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise DatabaseUnusable(database=engine.url.render_as_string(), reason=str(error.orig)) from error
    finally:
        engine.dispose()


def believed(connection: Connection) -> World:
    """Emitters and cases as the record has them."""
    return load_world(connection)[0]


def count(connection: Connection, *, from_ns: int, to_ns: int) -> int:
    return int(connection.execute(_between(select(func.count(tables.report.c.id)), from_ns, to_ns)).scalar_one())


def reports(connection: Connection, *, from_ns: int, to_ns: int) -> Iterator[FiledReport | Unreadable]:
    """Those received from `from_ns` on and before `to_ns`, in the order of storage."""
    r, s = tables.report.c, tables.sensor.c
    query = select(r.id, s.name, r.received_utc_ns, r.body).join_from(tables.report, tables.sensor, r.sensor_id == s.id)
    rows = connection.execution_options(yield_per=500).execute(_between(query, from_ns, to_ns).order_by(r.id))
    for row in rows:
        yield read_report(*row)


def measured(connection: Connection, *, from_ns: int, to_ns: int) -> list[MeasuredDifferences]:
    """Time differences measured from `from_ns` on and before `to_ns`; of a record older than them, none."""
    if not inspect(connection).has_table(tables.difference.name):
        return []
    return [each for each in all_measured(connection) if from_ns <= each.time_utc_ns < to_ns]


def _between(query: Select, from_ns: int, to_ns: int) -> Select:  # type: ignore[type-arg]
    received = tables.report.c.received_utc_ns
    return query.where(received >= from_ns, received < to_ns)


def _engine(settings: ServerSettings) -> Engine:
    if settings.database is not None and not settings.database.startswith("sqlite"):
        return make_engine(settings.database)
    file = Path(settings.database.removeprefix("sqlite:///")) if settings.database else Path(settings.data) / FILE
    if not file.exists():
        raise NoRecord(database=str(file), reason="there is no such file; check `data` in the settings")
    return create_engine(f"sqlite:///file:{quote(str(file.absolute()))}?mode=ro&uri=true")
