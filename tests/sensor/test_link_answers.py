"""What a sensor makes of a server that answers wrongly, late, or in another version. Its outbox is what counts."""

import math
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
import zmq

from sensor.conversation import LinkState
from sensor.keys import enrol
from sensor.link import Link
from sensor.link_settings import LinkSettings
from sensor.outbox import Outbox
from sensor.sending import Sending
from tests.end_to_end.link_bench import wait_until
from tests.wire.made import make_report
from wire.codec import PROTOCOL, decode_from_sensor, encode
from wire.messages import (
    Ack,
    Batch,
    Credit,
    Heartbeat,
    Hello,
    Item,
    Refused,
    RefusedReport,
    ServerSays,
    Span,
    Task,
    Welcome,
)
from wire.report_codec import unpack

Answer = Callable[[list[Item]], list[ServerSays | bytes]]


class OddServer(threading.Thread):
    """Welcomes everyone, and answers each batch as it is told."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer, self.batches = answer, list[list[Item]]()
        self.greetings = 0
        self._stop_asked = threading.Event()
        self._context = zmq.Context()
        public, secret = zmq.curve_keypair()
        self.public = public.decode()
        self.socket = self._context.socket(zmq.ROUTER)
        self.socket.linger = 0
        self.socket.curve_server, self.socket.curve_secretkey = True, secret
        self.address = f"tcp://127.0.0.1:{self.socket.bind_to_random_port('tcp://127.0.0.1')}"

    def run(self) -> None:
        while not self._stop_asked.is_set():
            if self.socket.poll(20):
                route, data = self.socket.recv_multipart()
                for message in self._answers(decode_from_sensor(data)):
                    raw = message if isinstance(message, bytes) else encode(message)
                    self.socket.send_multipart([route, raw])

    def _answers(self, message: object) -> list[ServerSays | bytes]:
        match message:
            case Hello():
                self.greetings += 1
                return [Welcome(credit=100, software="odd")]
            case Batch(packed=packed):
                self.batches.append(list(unpack(packed)))
                return self.answer(self.batches[-1])
            case Heartbeat():
                return [Credit(credit=100)]
        return []

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()
        self.socket.close()
        self._context.term()


class Scene:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outbox = Outbox.open(folder / "outbox.sqlite")
        self.open: list[Link | OddServer] = []

    def meet(self, answer: Answer, *, reports: int, silence_s: float = 15.0) -> tuple[OddServer, Link]:
        for _ in range(reports):
            self.outbox.promise(make_report())
        server = OddServer(answer)
        server.start()
        enrol(self.folder / "key")
        settings = LinkSettings(
            server=server.address,
            server_key=server.public,
            key=str(self.folder / "key"),
            first_wait_s=0.05,
            longest_wait_s=0.1,
            silence_s=silence_s,
        )
        link = Link(settings, self.outbox)
        link.start()
        self.open += [link, server]
        return server, link


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    for each in made.open:
        each.stop()
    made.outbox.close()


def stored(items: list[Item], *, credit: int = 100) -> Ack:
    return Ack(stored=tuple(Span(boot=i.boot, first=i.seq, last=i.seq) for i in items), refused=(), credit=credit)


def settle() -> None:
    time.sleep(0.3)


def test_an_acknowledgement_of_what_was_never_sent_deletes_nothing(scene: Scene) -> None:
    everything = Span(boot=scene.outbox.boot, first=1, last=2**62)
    others = Span(boot="f" * 32, first=-(2**62), last=2**62)
    sent_only = Ack(stored=(everything, others), refused=(), credit=1)
    once = [sent_only]
    scene.meet(lambda _items: [once.pop()] if once else [], reports=9)
    assert wait_until(lambda: scene.outbox.waiting() == 5)  # the four that were on their way, and no others
    settle()
    assert scene.outbox.waiting() == 5


def test_a_batch_that_died_before_a_later_one_was_stored_is_sent_again(scene: Scene) -> None:
    """The case a cumulative acknowledgement loses."""
    first: list[Item] = []

    def forget_the_first(items: list[Item]) -> list[ServerSays | bytes]:
        if not first:
            first.extend(items)
            return []
        return [stored(items)]

    _, link = scene.meet(forget_the_first, reports=4, silence_s=0.3)
    later = scene.outbox.promise(make_report())
    assert wait_until(lambda: scene.outbox.waiting() == 0)
    assert link.counters()["link_silent"] >= 1 and later.seq == 5


def test_no_answer_at_all_means_dialling_anew_and_keeping_everything(scene: Scene) -> None:
    server, link = scene.meet(lambda items: [], reports=3, silence_s=0.2)
    assert wait_until(lambda: server.greetings >= 3)
    assert scene.outbox.waiting() == 3 and link.counters()["link_silent"] >= 2


@pytest.mark.parametrize(
    "answer",
    [
        b"\xc1",
        b"",
        msgspec.msgpack.encode([PROTOCOL, {"type": "nonsense"}]),
        msgspec.msgpack.encode([PROTOCOL, Task(id="1", centre_hz=math.nan, rate_hz=1.0, seconds=1.0)]),
        b"\x92\x01" + b"\x91" * 100_000,
    ],
)
def test_an_answer_that_is_none_is_counted_and_the_link_lives(scene: Scene, answer: bytes) -> None:
    _, link = scene.meet(lambda items: [answer, stored(items)], reports=10)
    assert wait_until(lambda: scene.outbox.waiting() == 0)
    assert any(name.startswith("server_") for name in link.counters())
    assert link.state is LinkState.CONNECTED


@pytest.mark.parametrize(
    "answer",
    [
        msgspec.msgpack.encode([PROTOCOL + 1, {"type": "welcome again"}]),
        encode(Refused(reason="newer_protocol", text="update the server")),
    ],
)
def test_a_server_of_another_version_costs_nothing_but_time(scene: Scene, answer: bytes) -> None:
    _, link = scene.meet(lambda items: [answer], reports=3)
    assert wait_until(lambda: link.counters().get("link_other_version", 0) >= 2)
    assert scene.outbox.waiting() == 3


def test_a_report_refused_for_its_version_waits_and_one_refused_for_good_is_set_aside(scene: Scene) -> None:
    def answer(items: list[Item]) -> list[ServerSays | bytes]:
        reasons = {1: "newer_protocol", 2: "bad_field"}
        bad = [RefusedReport(boot=i.boot, seq=i.seq, reason=reasons[i.seq]) for i in items if i.seq in reasons]
        good = [i for i in items if i.seq not in reasons]
        return [Ack(stored=stored(good).stored, refused=tuple(bad), credit=100)]

    scene.meet(answer, reports=6)
    assert wait_until(lambda: scene.outbox.waiting() == 1)
    (row,) = scene.outbox.rows(first=0, before=None, limit=9)
    assert row.item.seq == 1 and scene.outbox.counters()["report_set_aside"] == 1


def test_one_report_that_spoils_its_whole_message_is_found_and_set_aside(scene: Scene) -> None:
    def answer(items: list[Item]) -> list[ServerSays | bytes]:
        spoilt = any(i.seq == 3 for i in items)
        return [Refused(reason="bad_field", text="") if spoilt else stored(items)]

    scene.meet(answer, reports=8)
    assert wait_until(lambda: scene.outbox.waiting() == 0)
    assert scene.outbox.counters()["report_set_aside"] == 1


def test_a_fault_of_our_own_is_logged_and_the_link_begins_anew(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, faults = Sending.acknowledged, [ZeroDivisionError()]

    def acknowledged(self: Sending, ack: Ack) -> int:
        if faults:
            raise faults.pop()
        return real(self, ack)

    monkeypatch.setattr(Sending, "acknowledged", acknowledged)
    _, link = scene.meet(lambda items: [stored(items)], reports=3)
    assert wait_until(lambda: scene.outbox.waiting() == 0)
    assert link.counters()["link_fault"] == 1 and "ZeroDivisionError" in caplog.text


def test_the_servers_credit_bounds_what_is_on_its_way(scene: Scene) -> None:
    held: list[Item] = []

    def answer(items: list[Item]) -> list[ServerSays | bytes]:
        held.extend(items)
        return [stored(items, credit=6)] if len(held) <= 4 else []

    scene.meet(answer, reports=60)
    assert wait_until(lambda: len(held) == 10)
    settle()
    assert len(held) == 10 and scene.outbox.waiting() == 56
