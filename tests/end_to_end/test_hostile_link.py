"""Strangers, thieves and broken programs at the server's door: refused by name, counted, and nobody else suffers."""

import math
import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import pytest
import zmq
from sqlalchemy import select

from sensor.conversation import LinkState
from sensor.keys import enrol, make_keys, read_keys
from server import tables
from server.enrolment import revoke_sensor
from server.ingest import Ingest
from server.link_socket import BadLinkAddress, PortTaken
from server.settings import Link as ServerLink
from tests.end_to_end.link_bench import Bench, bench, wait_until
from tests.end_to_end.raw_client import RawClient, raw_client, some_keys
from tests.wire.made import BOOT, make_report
from wire.codec import PROTOCOL
from wire.messages import Ack, Batch, Heartbeat, Hello, Item, RefusedReport, Span, Welcome
from wire.report_codec import encode_report, make_item, pack


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        yield made


@contextmanager
def speaker(server: Bench, name: str) -> Iterator[RawClient]:
    """An enrolled key in the hands of a test."""
    server.enrol(name)
    with raw_client(server.ingest.address, server.ingest.public_key, read_keys(server.key_file(name))) as client:
        yield client


def item(seq: int) -> Item:
    return make_item(BOOT, seq, encode_report(make_report(seq=seq)))


def batch(*items: Item) -> Batch:
    return Batch(packed=pack(items), waiting=0)


def refused(server: Bench, reason: str, who: str) -> int:
    return server.ingest.status.refusals().get((reason, who), 0)


def still_serves(server: Bench) -> bool:
    """An enrolled sensor is served within a second or so."""
    outbox, _ = server.sensor("witness")
    outbox.promise(make_report())
    return wait_until(lambda: outbox.waiting() == 0, seconds=3)


def test_a_stranger_is_refused_counted_and_told(server: Bench) -> None:
    enrol(server.key_file("stranger"))
    outbox = server.outbox("stranger")
    outbox.promise(make_report())
    link = server.link(outbox, server.link_settings("stranger"))
    assert wait_until(lambda: link.state is LinkState.NOT_ENROLLED)
    assert refused(server, "unknown_key", "127.0.0.1") >= 1
    assert server.stored() == [] and outbox.waiting() == 1


def test_a_stranger_who_is_enrolled_later_is_let_in_without_a_restart(server: Bench) -> None:
    enrol(server.key_file("late"))
    outbox = server.outbox("late")
    outbox.promise(make_report())
    link = server.link(outbox, server.link_settings("late"))
    assert wait_until(lambda: link.state is LinkState.NOT_ENROLLED)
    server.enrol("late")
    assert wait_until(lambda: outbox.waiting() == 0) and server.stored()[0][0] == "late"


def test_a_sensor_with_another_servers_key_says_so_and_sends_nothing(server: Bench) -> None:
    server.enrol("roof")
    outbox = server.outbox("roof")
    outbox.promise(make_report())
    wrong = msgspec.structs.replace(server.link_settings("roof"), server_key=some_keys().public, silence_s=1.0)
    link = server.link(outbox, wrong)
    assert wait_until(lambda: link.state is LinkState.NO_HANDSHAKE)
    assert server.stored() == [] and outbox.waiting() == 1


def test_without_encryption_nothing_is_heard(server: Bench) -> None:
    with raw_client(server.ingest.address, None, some_keys()) as client:
        client.say(Hello(boot=BOOT, software="", waiting=0))
        client.say(batch(item(1)))
        assert client.hear(seconds=0.5) is None
    assert wait_until(lambda: server.ingest.status.counters().get("handshake_failed", 0) > 0, seconds=3)
    assert server.stored() == [] and still_serves(server)


def test_a_revoked_sensor_is_cut_off_in_mid_connection_and_raises_an_alarm(server: Bench) -> None:
    outbox, link = server.sensor("thief")
    outbox.promise(make_report())
    assert wait_until(lambda: outbox.waiting() == 0)
    revoke_sensor(server.engine, "thief")
    time.sleep(1.1)
    outbox.promise(make_report())
    assert wait_until(lambda: link.counters().get("link_revoked", 0) > 0)
    assert wait_until(lambda: link.state is LinkState.NOT_ENROLLED)
    assert len(server.stored()) == 1 and outbox.waiting() == 1 and refused(server, "revoked_key", "thief") >= 2
    with server.engine.connect() as connection:
        rows = connection.scalars(select(tables.audit.c.subject).where(tables.audit.c.what == "revoked_key_used")).all()
    assert rows == ["thief"]  # once a minute, however often it knocks


def test_a_name_in_the_routing_id_proves_nothing(server: Bench) -> None:
    server.enrol("victim")
    server.enrol("liar")
    keys = read_keys(server.key_file("liar"))
    with raw_client(server.ingest.address, server.ingest.public_key, keys, routing_id=b"victim") as client:
        client.say(batch(item(1)))
        assert isinstance(client.hear(), Ack)
    assert server.stored() == [("liar", BOOT, 1)]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xc1", "not_messagepack"),
        (msgspec.msgpack.encode([PROTOCOL, {"type": "drop table"}]), "unknown_tag"),
        (msgspec.msgpack.encode([PROTOCOL, {"type": "heartbeat"}]), "bad_field"),
        (msgspec.msgpack.encode([PROTOCOL + 1, {"type": "hello"}]), "newer_protocol"),
        (msgspec.msgpack.encode([PROTOCOL - 1, {"type": "hello"}]), "older_protocol"),
        (b"\x92\x01" + b"\x91" * 200_000, "too_deep"),
        (bytes((1 << 20) + 1), "oversize"),
        (msgspec.msgpack.encode([PROTOCOL, Heartbeat(waiting=1)]) + b"\0", "trailing_bytes"),
        (msgspec.msgpack.encode([PROTOCOL, Batch(packed=b"x", waiting=0)]), "not_messagepack"),
    ],
)
def test_each_bad_message_is_refused_and_counted_by_reason_and_sensor(server: Bench, data: bytes, reason: str) -> None:
    with speaker(server, "broken") as client:
        client.say(data)
        answer = client.hear()
        assert answer is not None and getattr(answer, "reason", None) == reason
        assert refused(server, reason, "broken") == 1
        client.say(batch(item(1)))
        assert isinstance(client.hear(), Ack)


def test_one_bad_report_does_not_cost_the_others_of_its_batch(server: Bench) -> None:
    report = make_report(seq=2)
    cell = msgspec.structs.replace(report.heard[0], level_dbfs=math.nan)
    bad = make_item(BOOT, 2, msgspec.msgpack.encode(msgspec.structs.replace(report, heard=(cell,))))
    newer = Item(boot=BOOT, seq=4, protocol=PROTOCOL + 1, body=item(4).body)
    with speaker(server, "broken") as client:
        client.say(batch(item(1), bad, item(3), newer))
        answer = client.hear()
    assert isinstance(answer, Ack)
    assert answer.stored == (Span(boot=BOOT, first=1, last=1), Span(boot=BOOT, first=3, last=3))
    assert answer.refused == (
        RefusedReport(boot=BOOT, seq=2, reason="not_finite"),
        RefusedReport(boot=BOOT, seq=4, reason="newer_protocol"),
    )
    assert [seq for *_, seq in server.stored()] == [1, 3]
    assert refused(server, "not_finite", "broken") == refused(server, "newer_protocol", "broken") == 1


def test_duplicates_reordering_and_replay_leave_one_row_each_and_are_acknowledged(server: Bench) -> None:
    with speaker(server, "roof") as client:
        for items in ((item(3), item(1)), (item(1), item(1), item(2)), (item(3),)):
            client.say(batch(*items))
            answer = client.hear()
            assert isinstance(answer, Ack) and {s.boot for s in answer.stored} == {BOOT}
    server.restart_server()
    with speaker(server, "roof") as client:  # recorded bytes, another connection, after a restart
        client.say(batch(item(2), item(3)))
        answer = client.hear()
        assert isinstance(answer, Ack) and answer.stored == (Span(boot=BOOT, first=2, last=3),)
    assert sorted(server.stored()) == [("roof", BOOT, seq) for seq in (1, 2, 3)]


def test_a_30_mb_message_costs_its_sender_the_connection_and_nobody_else_anything(server: Bench) -> None:
    with speaker(server, "roof") as client:
        client.say(Hello(boot=BOOT, software="", waiting=0))
        assert isinstance(client.hear(), Welcome)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        client.say(bytes(30_000_000))
        assert wait_until(lambda: server.ingest.status.counters().get("connections_ended", 0) > 0)
        grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 100_000  # the sender's own copies: it lives in this process too
    assert server.stored() == [] and still_serves(server)


def test_silent_connections_and_lying_lengths_do_not_keep_sensors_out(server: Bench) -> None:
    port = int(server.ingest.address.rpartition(":")[2])
    with ExitStack() as stack:
        for number in range(200):
            stranger = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            if number % 2:  # ZMTP 3.1 greeting, then a command that claims to be 2^62 bytes long
                stranger.sendall(b"\xff" + bytes(8) + b"\x7f\x03\x01CURVE" + bytes(15 + 1 + 31))
                stranger.sendall(b"\x06" + (1 << 62).to_bytes(8, "big") + bytes(1000))
        assert still_serves(server)


def test_a_second_server_on_the_same_port_is_told_so(server: Bench) -> None:
    settings = msgspec.structs.replace(server.settings, link=ServerLink(bind=server.ingest.address))
    with pytest.raises(PortTaken, match=r"in use"):
        Ingest(server.engine, settings)
    assert still_serves(server)


@pytest.mark.parametrize("bind", ["nonsense", "tcp://127.0.0.1:99999", "tcp://203.0.113.7:5640"])
def test_an_address_that_cannot_be_listened_on_is_named(server: Bench, bind: str) -> None:
    with pytest.raises(BadLinkAddress, match=r"nonsense|99999|203"):
        Ingest(server.engine, msgspec.structs.replace(server.settings, link=ServerLink(bind=bind)))


def test_two_programs_with_one_key_are_noticed(server: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.answers.CLONE_AFTER_S", 0.0)
    keys = make_keys(server.key_file("copied"))
    server.enrol("copied")
    with ExitStack() as stack:
        one, two = (
            stack.enter_context(raw_client(server.ingest.address, server.ingest.public_key, keys)) for _ in range(2)
        )
        for client in (one, two):
            client.say(Hello(boot=BOOT, software="", waiting=0))
            assert isinstance(client.hear(), Welcome)
        one.say(Heartbeat(waiting=0))
        assert one.hear() is not None
    assert refused(server, "possible_clone", "copied") == 1


def test_the_gate_lets_nobody_in_when_it_cannot_look_up_a_key(server: Bench) -> None:
    server.enrol("roof")
    with server.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sensor RENAME TO hidden")
    keys = read_keys(server.key_file("roof"))
    with raw_client(server.ingest.address, server.ingest.public_key, keys) as client:
        client.say(Hello(boot=BOOT, software="", waiting=0))
        assert client.hear(seconds=1.0) is None
    assert refused(server, "key_lookup_failed", "database") >= 1
    with server.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO sensor")
    assert zmq.zmq_version_info() >= (4, 3, 5) and still_serves(server)
