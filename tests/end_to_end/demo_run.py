"""`wavewarden demo` as a person runs it, watched: its lines, its pages, its memory."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

NEW_PASSWORD = "a password of the test only"


@dataclass
class DemoRun:
    process: subprocess.Popen[str]
    began: float = field(default_factory=time.monotonic)
    lines: list[tuple[float, str]] = field(default_factory=list)  # (seconds after the start, line)
    reader: threading.Thread = field(init=False)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append((time.monotonic() - self.began, line.rstrip("\n")))

    def wait_for(self, pattern: str, *, seconds: float) -> re.Match[str]:
        """The first line that matches. Fails with everything said when it does not come."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for _, line in list(self.lines):
                if match := re.search(pattern, line):
                    return match
            if self.process.poll() is not None and not self.reader.is_alive():
                break
            time.sleep(0.05)
        said = "\n".join(f"{at:6.1f} {line}" for at, line in self.lines)
        raise AssertionError(f"the demo never said {pattern!r}:\n{said}")

    def at(self, pattern: str) -> float:
        return next(at for at, line in self.lines if re.search(pattern, line))

    def processes(self) -> list[int]:
        """The demo and all its children."""
        found, wanted = [], [self.process.pid]
        while wanted:
            pid = wanted.pop()
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                wanted += [int(child) for child in task.read_text().split()]
        return found

    def memory_mb(self) -> float:
        """Proportional set size: shared pages are counted once."""
        total = 0
        for pid in self.processes():
            try:
                rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
        return total / 1024


@contextmanager
def demo(folder: Path, *, language: str = "en") -> Iterator[DemoRun]:
    """Runs until the block ends; then Ctrl-C."""
    command = [sys.executable, "-u", "-m", "wavewarden", "--lang", language, "demo", "--no-browser"]
    command += ["--port", "0", "--folder", str(folder)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "COLUMNS": "200"}
    )
    run = DemoRun(process)
    run.reader = threading.Thread(target=run.read, daemon=True)
    run.reader.start()
    try:
        yield run
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        run.reader.join(5)
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def logged_in(url: str, password: str) -> Iterator[httpx.Client]:
    """An administrator who has changed the one-time password."""
    with httpx.Client(base_url=url, headers={"Origin": url.rstrip("/")}, timeout=10, trust_env=False) as client:
        assert client.post("/login", data={"name": "admin", "password": password}).status_code == 303
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/password").text)
        assert token is not None
        form = {"old": password, "new": NEW_PASSWORD, "again": NEW_PASSWORD, "csrf": token[1]}
        changed = client.post("/password", data=form)
        assert changed.status_code == 303, changed.text
        client.headers["X-CSRF-Token"] = client.get("/api/v1/me").json()["csrf"]
        yield client


class Ear(threading.Thread):
    """Listens to /events and notes when each change arrived, in ns UTC."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__(daemon=True)
        self.heard: list[tuple[int, str, list[str]]] = []
        self._client = client

    def run(self) -> None:
        try:
            with self._client.stream("GET", "/events", timeout=60) as stream:
                for line in stream.iter_lines():
                    if line.startswith("data: {") and len(line) > len("data: {}"):
                        now = time.time_ns()
                        self.heard += [(now, kind, ids) for kind, ids in json.loads(line[6:]).items()]
        except httpx.HTTPError:
            return

    def alerts(self) -> dict[int, int]:
        """Alert row → when the page heard of it."""
        found: dict[int, int] = {}
        for at, kind, ids in self.heard:
            if kind == "alert":
                for row in ids:
                    found.setdefault(int(row), at)
        return found
