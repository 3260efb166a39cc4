from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq
from sqlalchemy import Engine, select

from server import tables
from server.enrolment import (
    AlreadyEnrolled,
    BadEnrolName,
    BadSensorKey,
    NotEnrolled,
    enrol_sensor,
    enrolled_sensors,
    revoke_sensor,
    sensor_of_key,
)
from server.keys import BadKeyOfServer, server_keys
from server.store import open_database


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield engine
    engine.dispose()


def some_key() -> str:
    return zmq.curve_keypair()[0].decode()


def audited(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(tables.audit.c.what, tables.audit.c.subject))]


def test_an_enrolled_key_belongs_to_its_name_and_is_in_the_audit_log(engine: Engine) -> None:
    key = some_key()
    enrolled = enrol_sensor(engine, " 东塔 1 ", f"{key}\n", who="chen", address="10.0.0.1")
    with engine.connect() as connection:
        assert sensor_of_key(connection, key) == enrolled and enrolled.name == "东塔 1"
        assert sensor_of_key(connection, some_key()) is None
    assert audited(engine) == [("sensor_enrolled", "东塔 1")]


def test_the_same_pair_again_changes_nothing(engine: Engine) -> None:
    key = some_key()
    assert enrol_sensor(engine, "roof", key) == enrol_sensor(engine, "roof", key)
    assert len(audited(engine)) == 1


def test_a_name_or_key_in_use_is_refused(engine: Engine) -> None:
    key = some_key()
    enrol_sensor(engine, "roof", key)
    with pytest.raises(AlreadyEnrolled, match="roof"):
        enrol_sensor(engine, "roof", some_key())
    with pytest.raises(AlreadyEnrolled, match="roof"):
        enrol_sensor(engine, "van", key)


def test_a_revoked_name_may_get_a_new_key_but_never_the_old_one_back(engine: Engine) -> None:
    old, new = some_key(), some_key()
    enrol_sensor(engine, "roof", old)
    revoke_sensor(engine, "roof")
    with pytest.raises(AlreadyEnrolled):
        enrol_sensor(engine, "roof", old)
    enrol_sensor(engine, "roof", new)
    with engine.connect() as connection:
        states = {sensor.public_key: sensor.revoked_utc_ns is not None for sensor in enrolled_sensors(connection)}
        assert states == {old: True, new: False}
        found = sensor_of_key(connection, new)
        assert found is not None and found.name == "roof"
    with pytest.raises(NotEnrolled):
        revoke_sensor(engine, "tower")


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb", "<script>", "../up", "a/b", "'; drop table sensor; --"])
def test_a_name_that_is_none_is_refused(engine: Engine, name: str) -> None:
    with pytest.raises(BadEnrolName):
        enrol_sensor(engine, name, some_key())


@pytest.mark.parametrize("key", ["", "short", "x" * 39, "\u4f60" * 40, "\\" * 40])
def test_a_key_that_is_none_is_refused(engine: Engine, key: str) -> None:
    with pytest.raises(BadSensorKey):
        enrol_sensor(engine, "roof", key)


def test_the_servers_own_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    keys = server_keys(tmp_path / "data")
    assert server_keys(tmp_path / "data") == keys and keys.secret not in repr(keys)
    file = tmp_path / "data" / "server.key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [f.name for f in (tmp_path / "data").iterdir()] == ["server.key"]


def test_a_server_key_that_is_broken_or_readable_by_others_is_refused(tmp_path: Path) -> None:
    server_keys(tmp_path)
    file = tmp_path / "server.key"
    file.chmod(0o640)
    with pytest.raises(BadKeyOfServer, match="others"):
        server_keys(tmp_path)
    file.chmod(0o600)
    file.write_text("broken")
    with pytest.raises(BadKeyOfServer, match="key pair"):
        server_keys(tmp_path)
