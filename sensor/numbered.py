"""A sensor without a radio: numbered reports at a rate, and a log of which were begun and which were promised.

It shows that delivery loses, doubles and invents nothing: promised ⊆ stored ⊆ begun, each once.
"""

import io
import os
import threading
import time
from contextlib import closing
from pathlib import Path

from sensor.link import Link
from sensor.link_settings import LinkSettings
from sensor.outbox import Outbox
from wire.report import Report, TimeSource

SOFTWARE = "numbered"


class NumberLog:
    """Append only, and on the disk after each line: `begun BOOT SEQ`, then `promised BOOT SEQ`."""

    def __init__(self, path: Path) -> None:
        self._file = io.FileIO(path, "a")

    def write(self, word: str, boot: str, seq: int) -> None:
        self._file.write(f"{word} {boot} {seq}\n".encode())
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def run_numbered(
    settings: LinkSettings,
    *,
    outbox_path: Path,
    log_path: Path,
    rate_hz: float,
    reports: int | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Make reports and send them, until there are so many or `stop` is set. Returns how many were promised.

    Raises OutboxError, KeyFileError, LinkSetupError.
    """
    stop = stop or threading.Event()
    with closing(NumberLog(log_path)) as log, closing(Outbox.open(outbox_path)) as outbox:
        link = Link(settings, outbox, software=SOFTWARE)
        link.start()
        try:
            return _make(outbox, log, rate_hz, reports, stop)
        finally:
            link.stop()


def read_log(path: Path) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """(begun, promised), each as (boot, seq). A line cut off by a kill counts as not written."""
    found: dict[str, set[tuple[str, int]]] = {"begun": set(), "promised": set()}
    for line in path.read_text(encoding="ascii").split("\n")[:-1]:
        word, boot, seq = line.split(" ")
        found[word].add((boot, int(seq)))
    return found["begun"], found["promised"]


def _make(outbox: Outbox, log: NumberLog, rate_hz: float, reports: int | None, stop: threading.Event) -> int:
    began, made = time.monotonic(), 0
    while not stop.is_set() and (reports is None or made < reports):
        log.write("begun", outbox.boot, outbox.next_seq)
        promised = outbox.promise(_report())
        log.write("promised", promised.boot, promised.seq)
        made += 1
        stop.wait(max(0.0, began + made / rate_hz - time.monotonic()))
    return made


def _report() -> Report:
    now = time.time_ns()
    return Report(
        boot="",
        seq=0,
        time_utc_ns=now,
        time_sigma_ns=None,
        time_source=TimeSource.SYSTEM,
        created_utc_ns=now,
        created_monotonic_ns=time.monotonic_ns(),
        position=None,
        software=SOFTWARE,
    )
