"""What unlicensed emitters played survives a restart, and does not pile up."""

import logging
from pathlib import Path

import msgspec
from sqlalchemy import func, select, update

from fusion.programme_values import ProgrammeLook
from fusion.programmes import KEPT_NS
from server import case_store, tables
from server.archive import believed, open_archive
from server.case_store import Changes
from server.settings import Alerts, ServerSettings
from server.store import FILE, make_engine, migrate, open_database, schema_revision

SECOND = 10**9
LOOK = ProgrammeLook(
    emitter="e1",
    sensor="roof",
    boot="b",
    seq=1,
    time_utc_ns=100 * SECOND,
    freq_hz=91.3e6,
    cnr_db=30.0,
    programme=b"\x01abcdef",
    compared_s=12.5,
    matches=1,
    ago_s=(540.25,),
)


def _at(seconds: int, emitter: str = "e1") -> ProgrammeLook:
    return msgspec.structs.replace(LOOK, time_utc_ns=seconds * SECOND, emitter=emitter)


def test_what_was_played_is_there_after_a_restart_in_its_order(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    for looks in ([_at(100), _at(130)], [], [_at(150, "e2"), _at(160)]):
        with engine.begin() as connection:
            case_store.write(connection, Changes(7, looks=looks), Alerts(), now_utc_ns=0)
    with engine.connect() as connection:
        world, _ = case_store.load_world(connection)
    assert world.programmes.kept == {"e1": (_at(100), _at(130), _at(160)), "e2": (_at(150, "e2"),)}
    engine.dispose()


def test_looks_too_old_to_be_compared_go(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    late = 200 + KEPT_NS // SECOND
    with engine.begin() as connection:
        case_store.write(connection, Changes(7, looks=[_at(100), _at(300)]), Alerts(), now_utc_ns=0)
        case_store.write(connection, Changes(8, looks=[_at(late)]), Alerts(), now_utc_ns=0)
        assert connection.execute(select(func.count(tables.programme_look.c.id))).scalar_one() == 2
    engine.dispose()


def test_looks_that_cannot_be_read_are_said_and_cost_nothing_else(tmp_path: Path, caplog) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with engine.begin() as connection:
        case_store.write(connection, Changes(7, looks=[LOOK]), Alerts(), now_utc_ns=0)
        connection.execute(update(tables.programme_look).values(body=b"\xc1"))
    with caplog.at_level(logging.WARNING), engine.connect() as connection:
        world, through = case_store.load_world(connection)
    assert (world.programmes.kept, through) == ({}, 7)
    assert "begins anew" in caplog.text
    engine.dispose()


def test_a_record_from_before_there_were_any_is_read_without_being_changed(tmp_path: Path) -> None:
    settings = ServerSettings(data=str(tmp_path))
    engine = make_engine(f"sqlite:///{tmp_path / FILE}")
    migrate(engine, to="0001")
    engine.dispose()
    with open_archive(settings) as connection:
        assert believed(connection).programmes.kept == {}
        assert schema_revision(connection) == "0001"
