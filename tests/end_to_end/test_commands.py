"""The commands of server and sensor together, each its own process, over loopback; and what is refused on the way."""

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sensor.numbered import read_log
from shell.exits import Exit
from tests.end_to_end.commands import check_refused, finish, run, run_both, run_in_turn, start
from tests.end_to_end.processes import free_port

READY_S = 30.0


def server_toml(folder: Path, *, page_port: int = 0, link_port: int | None = None, data: str = "server") -> Path:
    path = folder / f"{data}-{page_port}-{link_port}.toml"
    link = "*" if link_port is None else link_port
    path.write_text(f'data = "{data}"\n[web]\nport = {page_port}\n[link]\nbind = "tcp://127.0.0.1:{link}"\n')
    return path


def sensor_toml(folder: Path, *, link_port: int, server_key: str) -> Path:
    path = folder / "sensor.toml"
    path.write_text(
        f'name = "roof"\ndata = "sensor"\n[link]\nserver = "tcp://127.0.0.1:{link_port}"\n'
        f'server_key = "{server_key}"\nkey = "sensor.key"\nfirst_wait_s = 0.05\n'
    )
    return path


@contextmanager
def serving(config: Path) -> Iterator[subprocess.Popen[str]]:
    data = config.parent / "server"
    process = start("server", "--config", config, cwd=config.parent)
    try:
        deadline = time.monotonic() + READY_S
        while not (data / "running.json").exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        finish(process, seconds=20)


def enrolled(folder: Path, link_port: int) -> tuple[Path, Path]:
    """Settings of a server and of a sensor that know each other, made with the commands alone."""
    server = server_toml(folder, link_port=link_port)
    sensor = sensor_toml(folder, link_port=link_port, server_key="")
    public = run("sensor", "enrol", "-c", sensor, cwd=folder)
    assert public.code == Exit.DONE, public.err
    answer = run("server", "enrol", "roof", public.out.split()[-1], "-c", server, cwd=folder)
    assert answer.code == Exit.DONE, answer.err
    return server, sensor_toml(folder, link_port=link_port, server_key=answer.out.split()[-1])


def stored(server: Path) -> set[tuple[str, int]]:
    done = run("server", "ids", "--json", "-c", server, cwd=server.parent)
    assert done.code == Exit.DONE, done.err
    found = [json.loads(line) for line in done.out.splitlines()]
    assert {one["sensor"] for one in found} <= {"roof"}
    assert len(found) == len({(one["boot"], one["seq"]) for one in found})
    return {(one["boot"], one["seq"]) for one in found}


def test_what_a_sensor_promised_is_what_the_server_has_stored_and_a_revoked_key_adds_nothing(tmp_path):
    server, sensor = enrolled(tmp_path, free_port())
    numbered = ("sensor", "numbered", "--log", "ids", "--count", "20", "--rate", "200", "-c", sensor)
    assert run(*numbered, cwd=tmp_path).code == Exit.DONE  # the server is not there yet
    unsent = run("sensor", "drain", "--timeout", "0.5", "-c", sensor, cwd=tmp_path)
    assert unsent.code == Exit.UNREACHABLE
    assert "still on the disk" in unsent.out
    with serving(server):
        assert run(*numbered, cwd=tmp_path).code == Exit.DONE
        drained = run("sensor", "drain", "--timeout", "20", "-c", sensor, cwd=tmp_path)
        assert drained.code == Exit.DONE, drained.err
        begun, promised = read_log(tmp_path / "ids")
        assert len(promised) == 40
        assert begun == promised == stored(server)
        assert run("server", "revoke", "roof", "-c", server, cwd=tmp_path).code == Exit.DONE
        assert run(*numbered, cwd=tmp_path).code == Exit.DONE
        refused = run("sensor", "drain", "--timeout", "1", "-c", sensor, cwd=tmp_path)
        assert refused.code == Exit.UNREACHABLE
        assert stored(server) == promised
    listed = run("server", "sensors", "--json", "-c", server, cwd=tmp_path)
    assert [(one["name"], one["revoked"]) for one in map(json.loads, listed.out.splitlines())] == [("roof", True)]


def test_a_full_disk_under_the_outbox_is_told_and_costs_nothing_that_was_written_before(tmp_path):
    server, sensor = enrolled(tmp_path, free_port())
    numbered = ("sensor", "numbered", "--count", "20", "--rate", "500", "-c", sensor)
    assert run(*numbered, "--log", "ids", cwd=tmp_path).code == Exit.DONE
    outbox = tmp_path / "sensor" / "outbox.sqlite"
    full = run_in_turn(*numbered, "--log", "more", cwd=tmp_path, limit_bytes=outbox.stat().st_size)
    for language, done in full.items():
        assert done.code == Exit.DONE, done.err
        assert "Traceback" not in done.err
        told = [line for line in done.sentences if "outbox.sqlite" in line]
        assert any(("in memory only" if language == "en" else "报告只存在内存中") in line for line in told), done.err
    _, promised = read_log(tmp_path / "ids")
    with serving(server):
        assert run("sensor", "drain", "--timeout", "20", "-c", sensor, cwd=tmp_path).code == Exit.DONE
    begun_on_full, _ = read_log(tmp_path / "more")
    assert promised <= stored(server) <= promised | begun_on_full


def test_a_second_server_is_refused_at_the_pages_the_link_and_the_data(tmp_path):
    page_port, link_port = free_port(), free_port()
    with serving(server_toml(tmp_path, page_port=page_port, link_port=link_port)) as first:
        same_page = server_toml(tmp_path, page_port=page_port, data="second")
        check_refused(
            run_in_turn("server", "-c", same_page.name, cwd=tmp_path), Exit.UNREACHABLE, str(page_port), "[web]"
        )
        same_link = server_toml(tmp_path, link_port=link_port, data="third")
        check_refused(
            run_in_turn("server", "-c", same_link.name, cwd=tmp_path), Exit.UNREACHABLE, str(link_port), "[link]"
        )
        same_data = server_toml(tmp_path)
        check_refused(run_in_turn("server", "-c", same_data.name, cwd=tmp_path), Exit.UNREACHABLE, "server: in use by")
        assert first.poll() is None


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"garbage", 0o600, "this is not a key file"),
        (b"\xff\xfe", 0o600, "this is not a key file"),
        (b"0" * 40 + b"\n" + b"1" * 40, 0o600, "do not belong together"),
        (None, 0o644, "others can read this key; chmod 600"),
        (b"", 0o600, "this is not a key file"),
    ],
    ids=["garbage", "not ASCII", "no pair", "open", "empty"],
)
def test_a_key_file_that_cannot_be_used_is_refused_by_name(tmp_path, content, mode, said):
    sensor = sensor_toml(tmp_path, link_port=1, server_key="0" * 40)
    assert run("sensor", "enrol", "-c", sensor, cwd=tmp_path).code == Exit.DONE
    if content is not None:
        (tmp_path / "sensor.key").write_bytes(content)
    (tmp_path / "sensor.key").chmod(mode)
    check_refused(run_both("sensor", "enrol", "-c", "sensor.toml", cwd=tmp_path), Exit.BAD_INPUT, "sensor.key", said)


def test_a_key_file_that_cannot_be_read_is_refused_by_name(tmp_path):
    """A folder in its place: root may read everything else."""
    sensor_toml(tmp_path, link_port=1, server_key="0" * 40)
    (tmp_path / "sensor.key").mkdir()
    done = run_both("sensor", "enrol", "-c", "sensor.toml", cwd=tmp_path)
    check_refused(done, Exit.BAD_INPUT, "sensor.key", "cannot be read: Is a directory")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("server", "enrol", "roof", "short"), "'short' is no public key"),
        (("server", "enrol", "roof", "#" * 40), "is no public key"),
        (("server", "enrol", "<script>", "0" * 40), "'<script>' is no name for a sensor"),
        (("server", "revoke", "nobody"), "there is no sensor 'nobody'"),
        (("server", "add-user", "two words", "viewer"), "without spaces"),
    ],
)
def test_what_cannot_be_enrolled_revoked_or_added_is_refused(tmp_path, words, said):
    server_toml(tmp_path)
    config = server_toml(tmp_path).name
    check_refused(run_both(*words, "-c", config, cwd=tmp_path), Exit.BAD_INPUT, said)


def test_a_sensor_without_a_link_has_nobody_to_drain_to(tmp_path):
    (tmp_path / "a.toml").write_text('name = "alone"\n')
    check_refused(run_both("sensor", "drain", "-c", "a.toml", cwd=tmp_path), Exit.BAD_INPUT, "there is no [link] table")


def test_a_number_log_that_cannot_be_written_is_refused_by_name(tmp_path):
    _, sensor = enrolled(tmp_path, free_port())
    done = run_both("sensor", "numbered", "--log", "no/log", "--count", "1", "-c", sensor, cwd=tmp_path)
    check_refused(done, Exit.BAD_INPUT, "no/log: No such file or directory")
