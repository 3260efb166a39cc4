import threading
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from sensor.drain import drain
from sensor.numbered import read_log, run_numbered
from shell.exits import Exit
from tests.end_to_end.link_bench import Bench, bench


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path) as made:
        made.enrol("roof")
        yield made


def run(server: Bench, reports: int) -> int:
    return run_numbered(
        server.link_settings("roof"),
        outbox_path=server.folder / "roof.sqlite",
        log_path=server.folder / "roof.log",
        rate_hz=1000.0,
        reports=reports,
    )


def test_each_report_is_logged_before_and_after_its_promise_and_reaches_the_server(server: Bench) -> None:
    assert run(server, 5) == run(server, 5) == 5
    assert drain(server.link_settings("roof"), outbox_path=server.folder / "roof.sqlite", timeout_s=10) is Exit.DONE
    lines = (server.folder / "roof.log").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["begun", "promised"] * 10
    begun, promised = read_log(server.folder / "roof.log")
    assert begun == promised == {(boot, seq) for _, boot, seq in server.stored()} and len(begun) == 10


def test_a_line_that_a_kill_cut_off_counts_as_not_written(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("begun aa 1\npromised aa 1\nbegun aa 2")
    assert read_log(tmp_path / "log") == ({("aa", 1)}, {("aa", 1)})


def test_it_ends_when_it_is_told_to(server: Bench) -> None:
    stop = threading.Event()
    stop.set()
    paths = {"outbox_path": server.folder / "roof.sqlite", "log_path": server.folder / "roof.log"}
    assert run_numbered(server.link_settings("roof"), rate_hz=1.0, stop=stop, **paths) == 0


def test_draining_says_when_the_server_cannot_be_reached_and_keeps_everything(server: Bench) -> None:
    server.stop_server()
    run(server, 3)
    settings = msgspec.structs.replace(server.link_settings("roof"), server="tcp://127.0.0.1:1")
    path = server.folder / "roof.sqlite"
    assert drain(settings, outbox_path=path, timeout_s=0.3) is Exit.UNREACHABLE
    outbox = server.outbox("roof")
    assert outbox.waiting() == 3
