"""What is known of the link right now: who is connected, what was refused and why, whether storing works."""

import logging
import threading
import time
from collections import Counter
from dataclasses import dataclass, replace

log = logging.getLogger(__name__)
CONNECTED_S = 20.0  # heartbeats come every 5
SAY_AGAIN_S = 60.0  # the same refusal is logged once in this time
MOST_KEYS = 1000  # refusals are counted apart for so many senders


@dataclass(frozen=True, slots=True)
class SensorLink:
    """One sensor's connection."""

    sensor_id: int
    name: str
    boot: str
    software: str
    connected_utc_ns: int
    heard_utc_ns: int
    waiting: int  # reports in its outbox, by its own word
    clones: int = 0  # times two programs spoke with its key


class LinkStatus:
    """Written by the receiving thread, read by anyone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sensors: dict[int, SensorLink] = {}
        self._refusals: Counter[tuple[str, str]] = Counter()
        self._said: dict[tuple[str, str], float] = {}
        self._numbers: Counter[str] = Counter()
        self.storage_problem: str | None = None

    def sensors(self) -> tuple[SensorLink, ...]:
        with self._lock:
            return tuple(self._sensors.values())

    def connected(self) -> int:
        since = time.time_ns() - int(CONNECTED_S * 1e9)
        return sum(sensor.heard_utc_ns >= since for sensor in self.sensors())

    def refusals(self) -> dict[tuple[str, str], int]:
        """(reason, who) → times. Who is a sensor's name, or an address of someone unknown."""
        with self._lock:
            return dict(self._refusals)

    def counters(self) -> dict[str, int]:
        """Everything countable, by name: for a page or a log."""
        with self._lock:
            by_reason: Counter[str] = Counter()
            for (reason, _), times in self._refusals.items():
                by_reason[f"refused_{reason}"] += times
            known = len(self._sensors)
            numbers = dict(self._numbers)
        return {"connected": self.connected(), "known": known, **numbers, **by_reason}

    def hello(self, link: SensorLink) -> None:
        with self._lock:
            before = self._sensors.get(link.sensor_id)
            self._sensors[link.sensor_id] = replace(link, clones=before.clones if before else 0)

    def heard(self, sensor_id: int, *, now_utc_ns: int, waiting: int | None = None) -> None:
        with self._lock:
            if link := self._sensors.get(sensor_id):
                known = link.waiting if waiting is None else waiting
                self._sensors[sensor_id] = replace(link, heard_utc_ns=now_utc_ns, waiting=known)

    def clone(self, sensor_id: int, name: str) -> None:
        with self._lock:
            if link := self._sensors.get(sensor_id):
                self._sensors[sensor_id] = replace(link, clones=link.clones + 1)
        self.refused("possible_clone", name)

    def count(self, name: str, times: int = 1) -> None:
        with self._lock:
            self._numbers[name] += times

    def refused(self, reason: str, who: str, text: str = "") -> None:
        """Counted each time, logged at most once a minute."""
        with self._lock:
            key = (reason, who)
            if key not in self._refusals and len(self._refusals) >= MOST_KEYS:
                key = (reason, "others")
            self._refusals[key] += 1
            times = self._refusals[key]
            now = time.monotonic()
            if now - self._said.get(key, -SAY_AGAIN_S) < SAY_AGAIN_S:
                return
            self._said[key] = now
        log.warning("refused from %r: %s (%d times) %r", who, reason, times, text[:200])
