import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import IntegrityError

from server import tables
from server.settings import ServerSettings
from server.store import (
    DatabaseNewer,
    DatabaseUnusable,
    make_engine,
    migrate,
    open_database,
    open_store,
    schema_revision,
)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.sqlite'}"


def test_a_new_database_has_exactly_the_tables_of_this_program(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
        assert schema_revision(connection) is not None
    engine.dispose()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    settings = ServerSettings(data=str(tmp_path / "deep" / "data"))
    first = open_store(settings)
    with first.begin() as connection:
        connection.execute(insert(tables.meta).values(key="a", value="b"))
    first.dispose()
    second = open_store(settings)
    with second.connect() as connection:
        assert connection.execute(select(tables.meta.c.value)).scalars().all() == ["b"]
    second.dispose()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DatabaseNewer, match="9999"):
        open_database(url)
    engine = make_engine(url)
    with engine.connect() as connection:
        assert schema_revision(connection) == "9999"
    engine.dispose()


def test_a_step_that_fails_leaves_the_schema_as_it_was(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE session_holder(id INTEGER)"))
        connection.execute(text("CREATE TABLE task(id INTEGER)"))  # stands in the way of the first step, half-way
    with pytest.raises(Exception, match="task"):
        migrate(engine)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        assert sorted(n for n in names if not n.startswith("sqlite_")) == ["session_holder", "task"]
    engine.dispose()


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "store.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(DatabaseUnusable, match=r"store\.sqlite"):
        open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")


def test_a_folder_that_cannot_be_made_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnusable, match="file"):
        open_store(ServerSettings(data=str(tmp_path / "file" / "data")))


def test_commits_are_synced_and_references_are_kept(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(tables.report).values(sensor_id=7, boot="a" * 32, seq=1, received_utc_ns=1, body=b""))
    engine.dispose()


def test_a_transaction_that_reads_before_it_writes_survives_other_writers(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        connection.execute(insert(tables.meta).values(key="count", value="0"))
    failures: list[Exception] = []

    def add() -> None:
        try:
            for _ in range(20):
                with engine.begin() as connection:
                    now = int(connection.execute(select(tables.meta.c.value)).scalar_one())
                    connection.execute(update(tables.meta).values(value=str(now + 1)))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert (failures, connection.execute(select(tables.meta.c.value)).scalar_one()) == ([], "80")
    engine.dispose()


def test_the_pages_can_read_while_a_transaction_writes(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as writer, engine.connect() as reader:
        writer.execute(insert(tables.meta).values(key="a", value="b"))
        assert reader.execute(select(tables.meta.c.key)).all() == []
    engine.dispose()
