"""The demo, measured: first page, all offenders alerted, memory, and how long a report takes to become an alert."""

import statistics
import tempfile
import time
from pathlib import Path

import httpx
from sqlalchemy import create_engine, select

from server import tables
from tests.end_to_end.demo_run import DemoRun, Ear, demo, logged_in

WATCHED_S = 60.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("| run | first page s | IQ ready s | all alerted s | memory MB | report to page s: n, p50, most | end |")
        print("|---|---|---|---|---|---|---|")
        for name in ("first run, IQ made", "second run, IQ kept"):
            print(f"| {name} | {_measured(Path(folder))} |", flush=True)


def _measured(folder: Path) -> str:
    with demo(folder) as run:
        url = run.wait_for(r"http://127\.0\.0\.1:\d+/", seconds=60)[0]
        password = run.wait_for(r"one-time password (\S+)", seconds=60)[1]
        data = Path(run.wait_for(r"data of this run: (.*)", seconds=60)[1])
        with logged_in(url, password) as client:
            first_page = time.monotonic() - run.began
            ear = Ear(client)
            ear.start()
            memory = _watch(run)
            delays = _delays(data, ear)
            behind = _behind(client)
        cells = [f"{first_page:.1f}", f"{run.at('IQ is ready'):.1f}", f"{run.at('all offenders'):.1f}", f"{memory:.0f}"]
    return " | ".join([*cells, f"{len(delays)}, {statistics.median(delays):.2f}, {max(delays):.2f}", behind])


def _watch(run: DemoRun) -> float:
    """Until all are alerted, and WATCHED_S in all; returns the most memory seen."""
    most = 0.0
    run.wait_for("running; Ctrl-C", seconds=300)
    deadline = time.monotonic() + WATCHED_S
    while time.monotonic() < deadline:
        most = max(most, run.memory_mb())
        time.sleep(1.0)
    run.wait_for("all offenders", seconds=300)
    return most


def _delays(data: Path, ear: Ear) -> list[float]:
    """Of each alert: from the making of the report that caused it to its arrival at an open page."""
    engine = create_engine(f"sqlite:///{data / 'server' / 'wavewarden.sqlite'}")
    with engine.connect() as connection:
        made = dict(connection.execute(select(tables.alert.c.id, tables.alert.c.report_created_utc_ns)).tuples().all())
    engine.dispose()
    return [(at - made[row]) / 1e9 for row, at in ear.alerts().items() if made.get(row)]


def _behind(client: httpx.Client) -> str:
    """At the end: reports that wait at the sensors, and looks that were skipped because a sensor came late."""
    healths = [sensor["health"] for sensor in client.get("/api/v1/sensors").json()]
    waiting = sum(health["queue_length"] for health in healths)
    skipped = sum(health["refused"].get("looks_missed", 0) for health in healths)
    return f"{waiting} waiting, {skipped} looks skipped"
