import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import insert, select

from sensor.connection import BadServerAddress, BadServerKey
from sensor.conversation import LinkState
from sensor.keys import NoKey
from sensor.link import Link
from sensor.outbox import Outbox
from sensor.tasks import RESTARTED
from server import tables
from tests.end_to_end.link_bench import Bench, bench, wait_until
from tests.wire.made import make_report
from wire.messages import Task
from wire.report import Report

KEY = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"  # the Z85 standard's example of a public key


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


def give_task(server: Bench, *, snippet: bool, seconds: float = 0.1) -> int:
    """As the pages do: the sensor in row 1 is asked."""
    t = tables.task
    task = Task(id="", centre_hz=1e8, rate_hz=2.4e6, seconds=seconds, snippet=snippet)
    row = {"sensor_id": 1, "created_utc_ns": time.time_ns(), "created_by": "test", "body": msgspec.msgpack.encode(task)}
    with server.engine.begin() as connection:
        key = connection.execute(insert(t).values(**row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def outcome(server: Bench, row: int) -> str | None:
    with server.engine.connect() as connection:
        return connection.execute(select(tables.task.c.outcome).where(tables.task.c.id == row)).scalar_one()


def deliver(link: Link, task: Task, samples: bytes) -> None:
    link.deliver_snippet(task, samples, sample_format="cu8", centre_hz=1e8, rate_hz=2.4e6, time_utc_ns=7)


def stored_snippets(server: Bench) -> list[tuple[int, str, bytes]]:
    n = tables.snippet.c
    with server.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(n.task_id, n.sha256, n.data))]


def test_a_promised_report_is_stored_under_the_enrolled_name_and_leaves_the_outbox(server: Bench) -> None:
    outbox, link = server.sensor("roof")
    promised = outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    assert server.stored() == [("roof", promised.boot, 1)]
    assert ("report", "") in server.news and link.settled() and link.state is LinkState.CONNECTED


def test_a_sensor_that_starts_before_its_server_delivers_within_a_second_of_it(server: Bench) -> None:
    server.stop_server()
    outbox, link = server.sensor("roof")
    outbox.promise(make_report())
    time.sleep(0.5)
    assert link.state is LinkState.LOST and outbox.waiting() == 1
    server.restart_server()
    began = time.monotonic()
    assert wait_until(lambda: outbox.waiting() == 0)
    assert time.monotonic() - began < 1.5


def test_a_server_that_restarts_gets_the_rest_and_nothing_twice(server: Bench) -> None:
    outbox, _ = server.sensor("roof")
    for _ in range(20):
        outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    server.restart_server()
    for _ in range(20):
        outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    assert [seq for *_, seq in server.stored()] == list(range(1, 41))


def test_what_is_made_now_goes_before_what_waited(server: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensor.sending.LIVE_S", 0.0)
    server.enrol("roof")
    outbox = server.outbox("roof")
    for _ in range(600):
        outbox.promise(make_report())
    link = server.link(outbox, server.link_settings("roof"))
    assert wait_until(lambda: link.state is LinkState.CONNECTED)
    live = outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    order = [seq for *_, seq in server.stored()]
    assert sorted(order) == list(range(1, 602)) and order.index(live.seq) < 595


def test_several_sensors_are_kept_apart(server: Bench) -> None:
    boxes = [server.sensor(name)[0] for name in ("roof", "van", "tower")]
    threads = [threading.Thread(target=promise_many, args=(box, 20)) for box in boxes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wait_until(lambda: all(box.waiting() == 0 for box in boxes))
    expected = {
        (name, box.boot, seq) for name, box in zip(("roof", "van", "tower"), boxes, strict=True) for seq in range(1, 21)
    }
    assert set(server.stored()) == expected and len(server.stored()) == 60
    assert server.ingest.status.connected() == 3


def promise_many(outbox: Outbox, count: int) -> list[Report]:
    return [outbox.promise(make_report()) for _ in range(count)]


def test_a_task_comes_once_and_its_end_is_known(server: Bench) -> None:
    _, link = server.sensor("roof")
    row = give_task(server, snippet=False)
    task = link.tasks.get(timeout=5)
    assert (task.centre_hz, task.seconds, task.snippet) == (1e8, 0.1, False)
    server.restart_server()
    assert wait_until(lambda: link.state is LinkState.CONNECTED)
    link.finish_task(task, "done")
    assert wait_until(lambda: outcome(server, row) == "done")
    assert link.tasks.empty()


def test_the_end_of_a_task_that_no_server_heard_is_told_at_the_next_greeting(server: Bench) -> None:
    _, link = server.sensor("roof")
    row = give_task(server, snippet=False)
    task = link.tasks.get(timeout=5)
    server.stop_server()
    assert wait_until(lambda: link.state is not LinkState.CONNECTED)
    link._shared.tasks.finish(task.id, "radio_lost")
    server.restart_server()
    assert wait_until(lambda: outcome(server, row) == "radio_lost") and link.tasks.empty()


def test_a_task_cut_off_by_a_restart_of_the_sensor_is_not_done_again(server: Bench) -> None:
    outbox, link = server.sensor("roof")
    row = give_task(server, snippet=False)
    link.tasks.get(timeout=5)
    assert wait_until(lambda: ("task", str(row)) in server.news)
    link._shared.stop_asked.set()
    link.wake()
    link._thread.join()
    outbox.close()
    again = server.link(server.outbox("roof"), server.link_settings("roof"))
    assert wait_until(lambda: outcome(server, row) == RESTARTED) and again.tasks.empty()


def test_samples_that_a_task_asked_for_arrive_whole_and_hashed(server: Bench) -> None:
    _, link = server.sensor("roof")
    row = give_task(server, snippet=True)
    samples = secrets.token_bytes(480_000)
    deliver(link, link.tasks.get(timeout=5), samples)
    assert wait_until(lambda: outcome(server, row) == "done")
    assert stored_snippets(server) == [(row, hashlib.sha256(samples).hexdigest(), samples)]
    assert wait_until(link.settled)


def test_samples_wait_for_a_server_that_is_away(server: Bench) -> None:
    _, link = server.sensor("roof")
    row = give_task(server, snippet=True)
    task = link.tasks.get(timeout=5)
    server.stop_server()
    deliver(link, task, bytes(1000))
    server.restart_server()
    assert wait_until(lambda: outcome(server, row) == "done") and len(stored_snippets(server)) == 1


def test_more_samples_than_the_task_allows_are_refused_and_the_task_ends_so(server: Bench) -> None:
    _, link = server.sensor("roof")
    row = give_task(server, snippet=True, seconds=0.001)
    deliver(link, link.tasks.get(timeout=5), bytes(12_000_000))
    assert wait_until(link.settled) and stored_snippets(server) == []
    assert link._shared.tasks.outcome(link_task_id(server, row)) == "snippet_too_large"
    server.restart_server()
    assert wait_until(lambda: outcome(server, row) == "snippet_too_large")


def link_task_id(server: Bench, row: int) -> str:
    with server.engine.connect() as connection:
        name = connection.execute(select(tables.meta.c.value).where(tables.meta.c.key == "store_name")).scalar_one()
    return f"{name}-{row}"


@pytest.mark.parametrize("address", ["", "host:5640", "tcp://host", "tcp://host:0", "tcp://host:99999", "ipc://x"])
def test_an_address_that_cannot_be_dialled_is_refused_at_once(server: Bench, address: str) -> None:
    server.enrol("roof")
    with pytest.raises(BadServerAddress):
        Link(msgspec.structs.replace(server.link_settings("roof"), server=address), server.outbox("roof"))


@pytest.mark.parametrize("key", ["", "short", KEY[:-1], "\u4f60" * 40, KEY[:-1] + "\\"])
def test_a_server_key_that_is_none_is_refused_at_once(server: Bench, key: str) -> None:
    server.enrol("roof")
    with pytest.raises(BadServerKey):
        Link(msgspec.structs.replace(server.link_settings("roof"), server_key=key), server.outbox("roof"))


def test_a_sensor_without_a_key_is_told_how_to_get_one(server: Bench) -> None:
    with pytest.raises(NoKey, match="sensor enrol"):
        Link(server.link_settings("nobody"), server.outbox("nobody"))


def test_waits_between_attempts_double_up_to_the_longest(server: Bench) -> None:
    server.enrol("roof")
    settings = msgspec.structs.replace(server.link_settings("roof"), first_wait_s=0.5, longest_wait_s=4.0)
    link = Link(settings, server.outbox("roof"))
    assert link._next_wait_s() == 0.2  # both may just be starting
    link._began -= 60
    for ceiling in (0.5, 1.0, 2.0, 4.0, 4.0):
        assert ceiling / 2 <= link._next_wait_s() <= ceiling
    link.stop()
