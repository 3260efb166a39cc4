from pathlib import Path

import pytest

from sensor import tasks as tasks_module
from sensor.outbox import Outbox
from sensor.tasks import RESTARTED, Tasks
from tests.sensor.test_outbox import offer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def test_a_task_is_taken_once(path: Path) -> None:
    outbox = Outbox.open(path)
    tasks = Tasks(outbox)
    assert tasks.take("a-1") and not tasks.take("a-1") and tasks.take("a-2")
    assert tasks.outcome("a-1") is None
    tasks.finish("a-1", "done")
    assert tasks.outcome("a-1") == "done" and not tasks.take("a-1")
    outbox.close()


def test_a_task_that_a_restart_cut_off_is_not_done_again_and_its_end_is_said(path: Path) -> None:
    first = Outbox.open(path)
    Tasks(first).take("a-1")
    Tasks(first).finish("a-2", "done")
    first.close()
    second = Outbox.open(path)
    tasks = Tasks(second)
    assert not tasks.take("a-1") and tasks.outcome("a-1") == RESTARTED and tasks.outcome("a-2") == "done"
    second.close()


def test_samples_wait_through_a_restart_until_they_are_stored(path: Path) -> None:
    first = Outbox.open(path)
    Tasks(first).keep_snippet(offer("a-1"), b"1234")
    first.close()
    second = Outbox.open(path)
    tasks = Tasks(second)
    assert tasks.snippets() == ("a-1",) and tasks.snippet("a-1") == (offer("a-1"), b"1234")
    tasks.forget_snippet("a-1", "done")
    assert tasks.snippets() == () and tasks.snippet("a-1") is None and tasks.outcome("a-1") == "done"
    second.close()


def test_samples_that_cannot_be_written_wait_in_memory(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outbox = Outbox.open(tmp_path / "file" / "outbox.sqlite")
    tasks = Tasks(outbox)
    assert tasks.take("a-1") and not tasks.take("a-1")
    tasks.keep_snippet(offer("a-1"), b"1234")
    assert tasks.snippets() == ("a-1",) and tasks.snippet("a-1") == (offer("a-1"), b"1234")
    outbox.close()


def test_beyond_the_limit_the_oldest_samples_go_and_their_task_says_so(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks_module, "SNIPPETS_LIMIT_BYTES", 10)
    outbox = Outbox.open(path)
    tasks = Tasks(outbox)
    for name in ("a-1", "a-2", "a-3"):
        tasks.keep_snippet(offer(name), b"12345")
    assert tasks.snippets() == ("a-2", "a-3") and tasks.outcome("a-1") == "dropped_for_room"
    outbox.close()
