"""The nightly self-test in the server: stored, told to the casework and the pages, and found again after a restart."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, insert
from typer.testing import CliRunner

from fusion import self_test as module
from fusion.values import World
from server import tables
from server.self_test_store import last_self_test
from server.self_testing import SelfTesting, night_after, run_self_test
from server.settings import ServerSettings
from server.store import open_store
from tests.fusion.licensed_city import DAY_NS, START_NS, LicensedCity


@pytest.fixture(autouse=True)
def _few_fixes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOCATED", 2)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    store = open_store(ServerSettings(data=str(tmp_path)))
    yield store
    store.dispose()


def world_of(city: LicensedCity, night: int) -> World:
    return World(emitters={e.id: e for e in city.emitters(night)})


def test_a_self_test_is_stored_and_the_next_one_remembers_it(engine: Engine) -> None:
    city = LicensedCity(seed=11)
    assert run_self_test(engine, world_of(city, 0), city.rules, now_ns=START_NS) is not None
    city.change(2, gain_db=city.boxes[2].gain_db - 25.0)
    run_self_test(engine, world_of(city, 1), city.rules, now_ns=START_NS + DAY_NS)
    with engine.connect() as connection:
        last = last_self_test(connection)
    assert last is not None
    assert last.left_out == {"s2": "antenna"}
    assert last.time_utc_ns == START_NS + DAY_NS


def test_once_a_night_the_casework_is_told_whom_to_leave_out_and_again_after_a_restart(engine: Engine) -> None:
    city, told, now_ns = LicensedCity(seed=11), list[dict[str, str]](), [START_NS]
    world = [world_of(city, 0)]

    def loop() -> SelfTesting:
        return SelfTesting(
            engine, city.rules, world=lambda: world[0], leave_out=told.append, clock_ns=lambda: now_ns[0]
        )

    nightly = loop()
    nightly.look()
    assert told == [{}]  # at the start; the night has not begun
    now_ns[0] = night_after(START_NS)
    city.change(2, makes_up=lambda _: -50.0)
    world[0] = World(emitters={e.id: _at(e, now_ns[0]) for e in city.emitters(0)})
    nightly.look()
    nightly.look()
    assert told == [{}, {"s2": "levels"}]
    loop()
    assert told[-1] == {"s2": "levels"}


def _at(emitter, now_ns: int):  # type: ignore[no-untyped-def]
    """Heard an hour before."""
    seen = tuple(msgspec.structs.replace(s, time_utc_ns=now_ns - 3600 * 10**9) for s in emitter.sightings)
    return msgspec.structs.replace(emitter, sightings=seen, last_seen_utc_ns=now_ns)


def test_nothing_licensed_stores_nothing(engine: Engine) -> None:
    assert run_self_test(engine, World(), LicensedCity(seed=1).rules, now_ns=START_NS) is None
    with engine.connect() as connection:
        assert last_self_test(connection) is None


def test_the_command_prints_who_fits_and_who_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import server.program
    from wavewarden.cli import app

    city = LicensedCity(seed=11)
    city.change(2, makes_up=lambda _: -50.0)
    config = tmp_path / "server.toml"
    config.write_text(f'data = "{tmp_path}"\n', encoding="utf-8")
    store = open_store(ServerSettings(data=str(tmp_path)))
    with store.begin() as connection:
        for e in city.emitters(0):
            body = msgspec.msgpack.encode(e)
            row = {"service": e.service, "freq_hz": e.freq_hz, "last_seen_utc_ns": e.last_seen_utc_ns}
            connection.execute(insert(tables.emitter).values(id=e.id, body=body, **row))
    store.dispose()
    monkeypatch.setattr(server.program, "rules_of", lambda _: city.rules)
    monkeypatch.setattr("time.time_ns", lambda: START_NS)
    monkeypatch.setenv("COLUMNS", "200")
    done = CliRunner().invoke(app, ["server", "self-test", "--config", str(config), "--json"])
    assert done.exit_code == 0, done.output
    said = msgspec.json.decode(done.output)
    assert {s["sensor"]: s["why"] for s in said["sensors"] if s["why"]} == {"s2": "levels"}
    assert len(said["emitters"]) == 2
