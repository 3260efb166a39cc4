import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from dsp.signatures.finding import Finding
from sensor.outbox import MEMORY_LIMIT_BYTES, Outbox
from sensor.outbox_file import OutboxFile, OutboxInUse, OutboxNewer
from tests.wire.made import make_report
from wire.errors import NotFiniteNumber
from wire.messages import SnippetOffer
from wire.report_codec import decode_report

QUIET = msgspec.structs.replace(make_report(), findings=())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    outbox = Outbox.open(path)
    yield outbox
    outbox.close()


def waiting(outbox: Outbox) -> list[tuple[str, int]]:
    return [(row.item.boot, row.item.seq) for row in outbox.rows(first=0, before=None, limit=10_000)]


def test_a_promised_report_is_numbered_from_one_and_waits(outbox: Outbox) -> None:
    promised = [outbox.promise(QUIET) for _ in range(3)]
    assert [(r.boot, r.seq) for r in promised] == [(outbox.boot, n) for n in (1, 2, 3)]
    assert outbox.waiting() == 3 and waiting(outbox) == [(outbox.boot, n) for n in (1, 2, 3)]
    row = outbox.rows(first=0, before=None, limit=1)[0]
    assert decode_report(row.item.body) == promised[0]


def test_only_what_was_named_leaves(outbox: Outbox) -> None:
    for _ in range(4):
        outbox.promise(QUIET)
    outbox.acknowledged([(outbox.boot, 2), (outbox.boot, 4), ("f" * 32, 1), (outbox.boot, 99)])
    assert waiting(outbox) == [(outbox.boot, 1), (outbox.boot, 3)] and outbox.waiting() == 2


def test_what_waited_is_there_after_a_restart_under_its_old_boot(path: Path) -> None:
    first = Outbox.open(path)
    first.promise(QUIET)
    first.close()
    second = Outbox.open(path)
    second.promise(QUIET)
    assert waiting(second) == [(first.boot, 1), (second.boot, 1)] and first.boot != second.boot
    second.acknowledged([(first.boot, 1)])
    assert waiting(second) == [(second.boot, 1)]
    second.close()


def test_a_promise_survives_kill_9(path: Path) -> None:
    code = (
        "import os, signal, pathlib; from sensor.outbox import Outbox; from tests.sensor.test_outbox import QUIET\n"
        f"o = Outbox.open(pathlib.Path({str(path)!r})); o.promise(QUIET); os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path.cwd()).returncode == -9
    outbox = Outbox.open(path)
    assert outbox.waiting() == 1
    outbox.close()


def test_each_promise_is_synced_to_the_disk(outbox: Outbox) -> None:
    file = OutboxFile(outbox.path)
    assert file._promise.execute("PRAGMA synchronous").fetchone() == (2,)
    assert file._promise.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    file.close()


def test_health_says_how_long_the_queue_is_and_that_it_is_durable(outbox: Outbox) -> None:
    outbox.promise(make_report())
    health = outbox.promise(make_report()).health
    assert health is not None and health.queue_length == 1 and health.durable


def test_a_report_with_nan_is_refused_and_takes_no_number(outbox: Outbox) -> None:
    with pytest.raises(NotFiniteNumber):
        outbox.promise(msgspec.structs.replace(make_report(), heard=(), swept=(nan_swept(),)))
    assert outbox.promise(QUIET).seq == 1


def nan_swept():  # type: ignore[no-untyped-def]
    return msgspec.structs.replace(make_report().swept[0], seconds=float("nan"))


def test_a_second_sensor_on_the_same_outbox_is_refused(outbox: Outbox) -> None:
    with pytest.raises(OutboxInUse):
        Outbox.open(outbox.path)


def test_an_outbox_of_a_newer_program_is_refused_and_left_alone(path: Path) -> None:
    Outbox.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(OutboxNewer):
        Outbox.open(path)
    assert not list(path.parent.glob("*.damaged*"))


def test_a_file_that_is_no_database_is_put_aside_and_said(path: Path) -> None:
    path.write_bytes(b"not a database " * 1000)
    outbox = Outbox.open(path)
    outbox.promise(QUIET)
    assert outbox.durable and outbox.waiting() == 1 and outbox.counters()["outbox_damaged"] == 1
    assert (path.parent / "outbox.sqlite.damaged-1").read_bytes().startswith(b"not a database")
    outbox.close()


def test_a_torn_file_is_put_aside_and_what_can_be_read_is_saved(path: Path) -> None:
    first = Outbox.open(path)
    for _ in range(200):
        first.promise(make_report())
    first.close()  # the last connection moves the log into the file
    raw = bytearray(path.read_bytes())
    assert len(raw) > 250_000
    raw[200_000:210_000] = bytes(10_000)
    path.write_bytes(raw)
    second = Outbox.open(path)
    counters = second.counters()
    assert counters["outbox_damaged"] == 1 and 50 < counters["outbox_salvaged"] < 200
    assert second.waiting() == counters["outbox_salvaged"]
    assert waiting(second)[0] == (first.boot, 1)
    second.promise(QUIET)
    assert waiting(second)[-1] == (second.boot, 1)
    second.close()


def test_a_full_disk_loses_nothing_and_is_said(outbox: Outbox) -> None:
    outbox.promise(make_report())
    limit_pages(outbox, now=True)
    promised = [outbox.promise(make_report()) for _ in range(40)]
    assert not outbox.durable and "memory only" in str(outbox.problem)
    assert promised[-1].health is not None and not promised[-1].health.durable
    assert waiting(outbox) == [(outbox.boot, n) for n in range(1, 42)]
    outbox.acknowledged([(outbox.boot, n) for n in range(1, 30)])
    assert waiting(outbox) == [(outbox.boot, n) for n in range(30, 42)] and outbox.waiting() == 12
    limit_pages(outbox, now=False)
    outbox.recover()
    assert outbox.durable and outbox.epoch == 1 and outbox.waiting() == 12
    outbox.close()
    again = Outbox.open(outbox.path)
    assert waiting(again) == [(outbox.boot, n) for n in range(30, 42)]
    again.close()


def limit_pages(outbox: Outbox, *, now: bool) -> None:
    """SQLite's own limit answers "database or disk is full", as a full disk does."""
    assert outbox._disk._file is not None
    outbox._disk._file._promise.execute(f"PRAGMA max_page_count = {1 if now else 1 << 30}")


def test_a_folder_that_cannot_be_written_means_memory_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    outbox = Outbox.open(blocked / "outbox.sqlite")
    outbox.promise(QUIET)
    assert not outbox.durable and waiting(outbox) == [(outbox.boot, 1)]
    blocked.unlink()
    blocked.mkdir()
    outbox.recover()
    assert outbox.durable and waiting(outbox) == [(outbox.boot, 1)]
    outbox.close()


def test_beyond_the_limit_the_oldest_without_a_finding_go_first(path: Path) -> None:
    outbox = Outbox.open(path, limit_bytes=40_000)
    flagged = outbox.promise(make_report()).seq
    while not outbox.counters()["outbox_dropped"]:
        last = outbox.promise(QUIET).seq
    kept = [seq for _, seq in waiting(outbox)]
    dropped = outbox.counters()["outbox_dropped"]
    assert kept[0] == flagged and kept[-1] == last and len(kept) + dropped == last
    assert kept[1:] == list(range(dropped + 2, last + 1))
    outbox.close()
    again = Outbox.open(path, limit_bytes=40_000)
    assert again.counters()["outbox_dropped"] == dropped
    again.close()


def test_a_report_with_a_finding_is_what_the_flag_means() -> None:
    assert isinstance(make_report().findings[0], Finding) and not QUIET.findings and MEMORY_LIMIT_BYTES > 1 << 20


def test_a_refused_report_is_out_of_the_way_but_kept(outbox: Outbox) -> None:
    outbox.promise(QUIET)
    outbox.promise(QUIET)
    outbox.refused(outbox.boot, 1, "bad_field")
    assert waiting(outbox) == [(outbox.boot, 2)] and outbox.waiting() == 1
    with sqlite3.connect(outbox.path) as connection:
        ((reason, body),) = connection.execute("SELECT reason, body FROM set_aside").fetchall()
    connection.close()
    assert reason == "refused by the server: bad_field" and decode_report(zlib.decompress(body)).seq == 1
    assert outbox.counters()["report_set_aside"] == 1


def test_a_report_damaged_on_the_disk_is_set_aside_and_said_and_the_others_go_on(outbox: Outbox) -> None:
    for _ in range(3):
        outbox.promise(QUIET)
    with sqlite3.connect(outbox.path) as connection:
        connection.execute("UPDATE report SET body = substr(body, 1, 50) || zeroblob(9) WHERE (id & 255) = 2")
    connection.close()
    assert waiting(outbox) == [(outbox.boot, 1), (outbox.boot, 3)] and outbox.waiting() == 2
    assert outbox.counters()["report_set_aside"] == 1


def test_live_rows_begin_at_what_was_promised_lately(path: Path) -> None:
    first = Outbox.open(path)
    first.promise(QUIET)
    first.close()
    outbox = Outbox.open(path)
    outbox.promise(QUIET)
    live = outbox.live_from(60.0)
    assert [row.item.boot for row in outbox.rows(first=0, before=live, limit=9)] == [first.boot]
    assert [row.item.boot for row in outbox.rows(first=live, before=None, limit=9)] == [outbox.boot]
    outbox.close()


def offer(task: str) -> SnippetOffer:
    return SnippetOffer(
        task=task,
        centre_hz=1e8,
        rate_hz=1e6,
        time_utc_ns=None,
        format="cu8",
        sample_bytes=4,
        sha256="0" * 64,
        packed_bytes=4,
    )
