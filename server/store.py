"""The database: opened with the pragmas that make a commit mean something, and brought to this program's schema."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from server.errors import ServerError
from server.settings import ServerSettings

FILE = "wavewarden.sqlite"
NO_ADDRESS = "is no database address; it looks like sqlite:////path/file or postgresql://host/name"
_MEANT_TO_WRITE = "wavewarden_writes"
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # an acknowledgement follows a commit: the commit must be on the disk
    "busy_timeout = 5000",
    "wal_autocheckpoint = 8000",
    "journal_size_limit = 67108864",
    "foreign_keys = ON",
)


class StoreError(ServerError):
    """A database that this program cannot use."""


class DatabaseNewer(StoreError):
    def __init__(self, *, database: str, revision: str, ours: str) -> None:
        super().__init__(
            f"{database} was written by a newer program (schema {revision}, this one knows up to {ours}): "
            "update Wavewarden; nothing was changed"
        )
        self.database, self.revision, self.ours = database, revision, ours


class DatabaseUnusable(StoreError):
    def __init__(self, *, database: str, reason: str) -> None:
        super().__init__(f"{database} cannot be opened: {reason}")
        self.database, self.reason = database, reason


class DatabaseFull(DatabaseUnusable):
    """The disk has no room: nothing was changed."""


class Store(Engine):
    """An engine whose `begin()` takes SQLite's write lock at once.

    A transaction that reads first and writes later would otherwise fail as soon as another thread commits in between.
    """

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        with self.connect() as connection:
            connection.execution_options(**{_MEANT_TO_WRITE: True})
            with connection.begin():
                yield connection


def open_store(settings: ServerSettings) -> Engine:
    """The server's database, at this program's schema. Raises StoreError."""
    return open_database(settings.database or f"sqlite:///{_file(settings)}")


def open_database(url: str) -> Engine:
    """Raises DatabaseNewer, DatabaseUnusable."""
    engine = make_engine(url)
    try:
        migrate(engine)
    except DBAPIError as error:
        engine.dispose()
        refusal = DatabaseFull if "full" in str(error.orig) else DatabaseUnusable
        raise refusal(database=engine.url.render_as_string(), reason=str(error.orig)) from error
    except BaseException:
        engine.dispose()
        raise
    return engine


def make_engine(url: str) -> Engine:
    """An engine on a database as it is. Raises DatabaseUnusable where no such database can be spoken to."""
    try:
        plain = create_engine(make_url(url))
    except ModuleNotFoundError as error:
        raise DatabaseUnusable(database=_shown(url), reason=_no_driver(error)) from None
    except ArgumentError:
        raise DatabaseUnusable(database=_shown(url), reason=NO_ADDRESS) from None
    store = Store(plain.pool, plain.dialect, plain.url)
    if plain.dialect.name == "sqlite":
        event.listen(store, "connect", _set_up_sqlite)
        event.listen(store, "begin", _begin_sqlite)
    return store


def _no_driver(error: ModuleNotFoundError) -> str:
    return f"the driver {error.name} of such a database is not installed"


def _shown(url: str) -> str:
    """Without a password."""
    try:
        return make_url(url).render_as_string()
    except ArgumentError:
        return "[database]"


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Bring the schema up to `to`; each step is one transaction. Raises DatabaseNewer."""
    config = _alembic()
    with engine.begin() as connection:
        _refuse_newer(engine, connection)
        config.attributes["connection"] = connection
        command.upgrade(config, to)


def schema_revision(connection: Connection) -> str | None:
    """What the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _file(settings: ServerSettings) -> Path:
    folder = Path(settings.data)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(database=str(folder), reason=error.strerror or str(error)) from error
    return (folder / FILE).absolute()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", "server:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _refuse_newer(engine: Engine, connection: Connection) -> None:
    theirs = schema_revision(connection)
    scripts = ScriptDirectory.from_config(_alembic())
    known = {script.revision for script in scripts.walk_revisions()}
    if theirs is not None and theirs not in known:
        ours = scripts.get_current_head() or ""
        raise DatabaseNewer(database=engine.url.render_as_string(), revision=theirs, ours=ours)


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_MEANT_TO_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
