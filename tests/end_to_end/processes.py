"""A server and sensors as real processes, to be killed; and what must hold afterwards."""

import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlalchemy import text

from sensor.drain import drain
from sensor.keys import enrol
from sensor.link_settings import LinkSettings
from sensor.numbered import read_log
from server.enrolment import enrol_sensor
from server.filing import stored_ids
from server.keys import server_keys
from server.settings import Link, ServerSettings
from server.store import open_store
from shell.exits import Exit
from tests.conftest import ROOT

READY_S = 3.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Watch:
    """One server, some sensors, each able to die and come back."""

    def __init__(self, folder: Path, sensors: tuple[str, ...], *, rate_hz: float) -> None:
        self.folder, self.sensors, self.rate_hz = folder, sensors, rate_hz
        self.port = free_port()
        self.settings = ServerSettings(data=str(folder / "server"), link=Link(bind=f"tcp://127.0.0.1:{self.port}"))
        self.reach = dict.fromkeys(sensors, f"tcp://127.0.0.1:{self.port}")  # a proxy may stand between
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        engine = open_store(self.settings)
        for name in sensors:
            enrol_sensor(engine, name, enrol(folder / f"{name}.key"))
        engine.dispose()

    def link(self, name: str) -> LinkSettings:
        key = server_keys(Path(self.settings.data)).public
        return LinkSettings(
            server=self.reach[name], server_key=key, key=str(self.folder / f"{name}.key"), first_wait_s=0.05
        )

    def start(self, name: str) -> None:
        if name == "server":
            self._start_server()
        else:
            paths = str(self._outbox(name)), str(self._log(name))
            self._run(name, "run_sensor", msgspec.json.encode(self.link(name)).decode(), *paths, str(self.rate_hz))

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        assert process.wait() == -9, f"{name} had ended by itself: {self._errors(name)}"

    def stop_all(self) -> None:
        for name, process in list(self.running.items()):
            process.terminate()
            assert process.wait(20) == 0, self._errors(name)
            del self.running[name]

    def abandon(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()

    def drain_all(self, *, timeout_s: float = 20.0) -> None:
        for name in self.sensors:
            assert drain(self.link(name), outbox_path=self._outbox(name), timeout_s=timeout_s) is Exit.DONE

    def check(self) -> int:
        """0 lost, 0 doubled, 0 invented, all judged. Returns how many reports there were."""
        engine = open_store(self.settings)
        stored = Counter(stored_ids(engine))
        with engine.connect() as connection:
            through = connection.execute(text("SELECT value FROM meta WHERE key = 'through_row'")).scalar_one()
            last, aside = connection.execute(
                text("SELECT (SELECT max(id) FROM report), (SELECT count(*) FROM set_aside)")
            ).one()
        engine.dispose()
        logs = {name: read_log(self._log(name)) for name in self.sensors}
        begun = {(name, *each) for name, (all_begun, _) in logs.items() for each in all_begun}
        promised = {(name, *each) for name, (_, all_promised) in logs.items() for each in all_promised}
        assert promised - stored.keys() == set(), "lost"
        assert stored.keys() - begun == set(), "invented"
        assert max(stored.values()) == 1, "doubled"
        assert (int(through), aside) == (last, 0), "not judged"
        return len(stored)

    def _start_server(self) -> None:
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        self._run("server", "run_server", msgspec.json.encode(self.settings).decode(), str(ready))
        began = time.monotonic()
        while not ready.exists():
            assert time.monotonic() - began < READY_S * 3, f"not ready: {self._errors('server')}"
            time.sleep(0.01)

    def _run(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.err").open("ab") as errors:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", f"tests.end_to_end.{module}", *arguments], cwd=ROOT, stderr=errors
            )

    def _errors(self, name: str) -> str:
        return (self.folder / f"{name}.err").read_text()[-2000:]

    def _outbox(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite"

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


@contextmanager
def watch(folder: Path, sensors: tuple[str, ...], *, rate_hz: float) -> Iterator[Watch]:
    made = Watch(folder, sensors, rate_hz=rate_hz)
    try:
        yield made
    finally:
        made.abandon()
