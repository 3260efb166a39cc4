import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from sensor.keys import read_keys
from server import filing, ingest, tables
from server.link_status import LinkStatus
from tests.end_to_end.link_bench import Bench, bench, wait_until
from tests.end_to_end.raw_client import RawClient, raw_client
from tests.wire.made import BOOT, make_report
from wire.messages import Ack, Batch, Credit, Heartbeat, Hello, Span, Welcome
from wire.report_codec import decode_report, encode_report, make_item, pack


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def client(server: Bench) -> Iterator[RawClient]:
    server.enrol("roof")
    keys = read_keys(server.key_file("roof"))
    with raw_client(server.ingest.address, server.ingest.public_key, keys) as made:
        yield made


def batch(*seqs: int) -> Batch:
    return Batch(packed=pack(tuple(make_item(BOOT, s, encode_report(make_report(seq=s))) for s in seqs)), waiting=3)


def test_a_greeting_is_answered_with_credit_and_noted(server: Bench, client: RawClient) -> None:
    client.say(Hello(boot=BOOT, software="0.1.0", waiting=5))
    answer = client.hear()
    assert isinstance(answer, Welcome) and answer.credit == ingest.CREDIT
    (link,) = server.ingest.status.sensors()
    assert (link.name, link.boot, link.software, link.waiting) == ("roof", BOOT, "0.1.0", 5)
    client.say(Heartbeat(waiting=0))
    assert isinstance(client.hear(), Credit) and server.ingest.status.sensors()[0].waiting == 0


def test_the_acknowledgement_names_what_is_stored_and_what_is_stored_is_what_was_said(
    server: Bench, client: RawClient
) -> None:
    client.say(batch(1, 2, 5))
    assert client.hear() == Ack(
        stored=(Span(boot=BOOT, first=1, last=2), Span(boot=BOOT, first=5, last=5)), refused=(), credit=ingest.CREDIT
    )
    with server.engine.connect() as connection:
        body = connection.scalars(select(tables.report.c.body).where(tables.report.c.seq == 5)).one()
        seen = connection.execute(select(tables.sensor.c.last_report, tables.sensor.c.last_seen_utc_ns)).one()
    assert body == encode_report(make_report(seq=5)) and decode_report(body).seq == 5
    assert seen.last_report == 3 and abs(time.time_ns() - seen.last_seen_utc_ns) < 60e9


def test_many_batches_share_one_commit(server: Bench, client: RawClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "GROUP_S", 0.5)
    client.say(Hello(boot=BOOT, software="", waiting=0))
    client.hear()
    commits: list[object] = []
    event.listen(server.engine, "commit", commits.append)
    for seq in range(1, 21):
        client.say(batch(seq))
    assert wait_until(lambda: len(server.stored()) == 20)
    answer = client.hear()
    assert isinstance(answer, Ack) and answer.stored == (Span(boot=BOOT, first=1, last=20),)
    assert len(commits) <= 3  # and the housekeeping of tasks


def test_nothing_is_acknowledged_before_it_is_committed(
    server: Bench, client: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []
    sent = ingest.Ingest._send

    def look_first(self: ingest.Ingest, route: bytes, message: object) -> None:
        if isinstance(message, Ack):
            with sqlite3.connect(f"file:{server.engine.url.database}?mode=ro", uri=True) as other:
                seen.extend(other.execute("SELECT count(*) FROM report").fetchone())
            other.close()
        sent(self, route, message)  # type: ignore[arg-type]

    monkeypatch.setattr(ingest.Ingest, "_send", look_first)
    client.say(batch(1, 2, 3))
    assert isinstance(client.hear(), Ack) and seen == [3]


def test_a_full_disk_means_no_acknowledgement_an_alarm_and_going_on_by_itself(
    server: Bench, client: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = filing.file_reports
    full = [True]

    def file_reports(*arguments: object) -> int:
        if full:
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(filing, "file_reports", file_reports)
    monkeypatch.setattr(ingest, "RETRY_S", 0.05)
    client.say(batch(1, 2))
    assert client.hear(seconds=0.5) is None
    status = server.ingest.status
    assert status.storage_problem == "database or disk is full" and status.counters()["storage_failures"] > 2
    full.clear()
    assert isinstance(client.hear(), Ack) and len(server.stored()) == 2
    assert status.storage_problem is None
    client.say(batch(3))
    assert isinstance(client.hear(), Ack)


def test_a_really_full_database_is_waited_for_and_loses_nothing(
    server: Bench, client: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "RETRY_S", 0.05)
    pages = [1]

    @event.listens_for(server.engine, "begin")
    def limit(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages[0]}")  # type: ignore[attr-defined]

    for seq in range(1, 40):
        client.say(batch(seq))
    assert wait_until(lambda: server.ingest.status.storage_problem is not None)
    pages[0] = 1 << 30
    assert wait_until(lambda: len(server.stored()) == 39)
    assert server.ingest.status.storage_problem is None


def test_a_fault_of_our_own_leaves_no_sensor_unheard(
    server: Bench, client: RawClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults, real = [ZeroDivisionError()], ingest.unpack

    def unpack(packed: bytes) -> object:
        if faults:
            raise faults.pop()
        return real(packed)

    monkeypatch.setattr(ingest, "unpack", unpack)
    client.say(batch(1))
    client.say(batch(2))
    assert isinstance(client.hear(), Ack) and server.stored()[0][2] == 2
    assert server.ingest.status.counters()["internal_faults"] == 1 and "ZeroDivisionError" in caplog.text


def test_news_and_casework_hear_of_a_commit_after_it(server: Bench, client: RawClient) -> None:
    woken: list[int] = []
    server.ingest._on_stored = lambda: woken.append(len(server.stored()))
    client.say(batch(1))
    assert isinstance(client.hear(), Ack)
    assert wait_until(lambda: woken == [1]) and ("sensor", "1") in server.news


def test_refusals_are_counted_for_a_bounded_number_of_senders() -> None:
    status = LinkStatus()
    for number in range(5000):
        status.refused("unknown_key", f"10.0.{number // 256}.{number % 256}")
    refusals = status.refusals()
    assert len(refusals) <= 1001 and sum(refusals.values()) == 5000
    assert status.counters()["refused_unknown_key"] == 5000


def test_spans_name_every_report_once_and_nothing_between() -> None:
    other = "f" * 32
    found = filing.spans([(BOOT, 3), (BOOT, 1), (BOOT, 2), (BOOT, 3), (BOOT, 7), (other, 8)])
    assert found == (
        Span(boot=BOOT, first=1, last=3),
        Span(boot=BOOT, first=7, last=7),
        Span(boot=other, first=8, last=8),
    )


def test_two_sensors_may_have_the_same_boot_and_number(server: Bench) -> None:
    for name in ("roof", "van"):
        server.enrol(name)
        keys = read_keys(server.key_file(name))
        with raw_client(server.ingest.address, server.ingest.public_key, keys) as client:
            client.say(batch(1))
            assert isinstance(client.hear(), Ack)
    assert server.stored() == [("roof", BOOT, 1), ("van", BOOT, 1)]
