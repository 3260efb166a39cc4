"""What fusion learnt of networks is kept beside its emitters and cases, without a table of its own."""

import logging
from pathlib import Path

from sqlalchemy import update

from fusion.values import NetworkModel
from server import case_store, tables
from server.case_store import Changes
from server.settings import Alerts
from server.store import open_database

LEARNT = {"460-00": NetworkModel(n=1, cells={"1/2": 3}, values={"t3212": {"30": 1}}, areas={"1": 1})}


def test_a_model_is_there_after_a_restart_and_not_undone_by_a_commit_that_learnt_nothing(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    for learnt in (LEARNT, None):
        with engine.begin() as connection:
            case_store.write(connection, Changes(7, networks=learnt), Alerts(), now_utc_ns=0)
        with engine.connect() as connection:
            world, through = case_store.load_world(connection)
        assert (world.networks, through) == (LEARNT, 7)
    engine.dispose()


def test_a_model_that_cannot_be_read_is_learnt_anew_and_said(tmp_path: Path, caplog) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with engine.begin() as connection:
        case_store.write(connection, Changes(7, networks=LEARNT), Alerts(), now_utc_ns=0)
        connection.execute(update(tables.meta).where(tables.meta.c.key == "networks").values(value="{"))
    with caplog.at_level(logging.WARNING), engine.connect() as connection:
        world, through = case_store.load_world(connection)
    assert (world.networks, through) == ({}, 7)
    assert "learnt anew" in caplog.text
    engine.dispose()
