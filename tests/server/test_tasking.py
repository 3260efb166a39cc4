import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Engine, insert, select

from server import tables, tasking
from server.enrolment import enrol_sensor
from server.snippets import (
    Arrivals,
    Arriving,
    SnippetDamaged,
    SnippetTooLarge,
    SnippetUnasked,
    check_offer,
    samples_of,
    store_snippet,
)
from server.store import open_database
from wire.messages import SnippetOffer, SnippetPart, Task

KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"  # the Z85 standard's example of a public key
SAMPLES = bytes(range(256)) * 40
HOUR_NS = tasking.EXPIRES_NS


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_database(f"sqlite:///{tmp_path / 'store.sqlite'}")
    enrol_sensor(engine, "roof", KEY)
    yield engine
    engine.dispose()


def give(engine: Engine, *, snippet: bool = True, created_utc_ns: int = 0) -> None:
    task = Task(id="", centre_hz=1e8, rate_hz=1e6, seconds=1.0, snippet=snippet)
    row = {"sensor_id": 1, "created_utc_ns": created_utc_ns, "created_by": "x", "body": msgspec.msgpack.encode(task)}
    with engine.begin() as connection:
        connection.execute(insert(tables.task).values(**row))


def offer(**changes: object) -> SnippetOffer:
    packed = zlib.compress(SAMPLES)
    made = SnippetOffer(
        task="x-1",
        centre_hz=1e8,
        rate_hz=1e6,
        time_utc_ns=None,
        format="cu8",
        sample_bytes=len(SAMPLES),
        sha256=hashlib.sha256(SAMPLES).hexdigest(),
        packed_bytes=len(packed),
    )
    return msgspec.structs.replace(made, **changes)


def test_a_database_keeps_the_name_its_tasks_carry(engine: Engine) -> None:
    name = tasking.store_name(engine)
    assert tasking.store_name(engine) == name and len(name) == 16
    assert tasking.row_of(f"{name}-12", name) == 12


@pytest.mark.parametrize("task", ["", "12", "other-12", "NAME-", "NAME--1", "NAME-1.0", "NAME-\u0663", f"NAME-{9**30}"])
def test_a_task_of_another_database_is_not_taken_for_ours(task: str) -> None:
    assert tasking.row_of(task, "NAME") is None


def test_a_task_is_due_until_its_end_is_told_and_the_first_end_counts(engine: Engine) -> None:
    give(engine)
    with engine.begin() as connection:
        (due,) = tasking.due_tasks(connection, "NAME")
        assert (due.task.id, due.taken) == ("NAME-1", False)
        tasking.note_taken(connection, 1, 1, now_utc_ns=5)
        assert tasking.due_tasks(connection, "NAME")[0].taken
        tasking.note_done(connection, 1, 2, "done by another sensor", now_utc_ns=6)
        assert len(tasking.due_tasks(connection, "NAME")) == 1
        tasking.note_done(connection, 1, 1, "done", now_utc_ns=7)
        tasking.note_done(connection, 1, 1, "again", now_utc_ns=8)
        assert tasking.due_tasks(connection, "NAME") == []
        row = connection.execute(select(tables.task.c.sent_utc_ns, tables.task.c.done_utc_ns, tables.task.c.outcome))
        assert row.one() == (5, 7, "done")


def test_what_no_sensor_took_for_an_hour_expires(engine: Engine) -> None:
    give(engine)
    give(engine, created_utc_ns=HOUR_NS)
    with engine.begin() as connection:
        assert tasking.expire(connection, now_utc_ns=HOUR_NS + 1) == 1
        assert [due.row for due in tasking.due_tasks(connection, "NAME")] == [2]


def test_only_samples_that_were_asked_for_are_wanted_and_only_once(engine: Engine) -> None:
    give(engine)
    give(engine, snippet=False)
    with engine.begin() as connection:
        assert check_offer(connection, 1, 1, offer())
        for row, sensor_id in ((None, 1), (1, 2), (2, 1), (3, 1)):
            with pytest.raises(SnippetUnasked):
                check_offer(connection, row, sensor_id, offer())
        with pytest.raises(SnippetUnasked):
            check_offer(connection, 1, 1, offer(format="exe"))
        store_snippet(connection, 1, 1, offer(), SAMPLES, now_utc_ns=9)
        assert not check_offer(connection, 1, 1, offer())
        assert connection.execute(select(tables.task.c.outcome).where(tables.task.c.id == 1)).scalar_one() == "done"


@pytest.mark.parametrize("changes", [{"sample_bytes": 1 << 40}, {"sample_bytes": 0}, {"packed_bytes": 1 << 40}])
def test_samples_beyond_what_the_task_can_give_are_refused(engine: Engine, changes: dict[str, object]) -> None:
    give(engine)
    with engine.begin() as connection, pytest.raises(SnippetTooLarge):
        check_offer(connection, 1, 1, offer(**changes))


def test_parts_are_put_together_in_order_and_an_interrupted_sensor_goes_on(engine: Engine) -> None:
    packed, arrivals = zlib.compress(SAMPLES), Arrivals()
    assert arrivals.offer(1, offer()) == 0
    arrivals.part(1, SnippetPart(task="x-1", offset=0, data=packed[:50]))
    arrivals.part(1, SnippetPart(task="x-1", offset=0, data=packed[:50]))  # sent twice
    arrivals.part(1, SnippetPart(task="x-1", offset=99, data=b"out of place"))
    assert arrivals.offer(1, offer()) == 50
    arriving = arrivals.part(1, SnippetPart(task="x-1", offset=50, data=packed[50:] + b"too much"))
    assert arriving.whole and samples_of(arriving) == SAMPLES
    with pytest.raises(SnippetUnasked):
        arrivals.part(2, SnippetPart(task="x-1", offset=0, data=b""))
    assert arrivals.offer(1, offer(sha256="0" * 64)) == 0  # another offer begins anew


@pytest.mark.parametrize(
    ("changes", "packed"),
    [
        ({"sha256": "0" * 64}, zlib.compress(SAMPLES)),
        ({}, b"no zlib"),
        ({}, zlib.compress(bytes(50_000_000))),
        ({}, zlib.compress(SAMPLES)[:-3]),
    ],
)
def test_samples_that_do_not_match_their_hash_are_refused(changes: dict[str, object], packed: bytes) -> None:
    with pytest.raises(SnippetDamaged):
        samples_of(Arriving(offer(**changes), bytearray(packed)))
