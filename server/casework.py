"""The judging thread: stored reports, in the order of storage, through fusion into emitters, cases and alerts.

What a report changed and the fact that it was worked off are one transaction. After a crash the work goes on at the
next report, from exactly what was believed then.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Protocol

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from fusion.values import Case, FiledReport, MeasuredDifferences, Rules, Step, World
from server import case_store
from server.case_store import Changes, Raised, Unreadable
from server.difference_making import differences_after
from server.raising import alert_of, is_highest_yet, least_level
from server.settings import Alerts
from server.survey import surveyed_places

log = logging.getLogger(__name__)
CHUNK = 200
COMMIT_S = 1.0  # what is no news for anyone may wait so long
TICK_S = 2.0
FIRST_TICK_S = 30.0  # after a start: sensors come back first, so that nothing seems silent that was only not heard of
RETRY_S = 1.0


class Fusion(Protocol):
    """fusion.world, as this thread sees it: pure functions."""

    def take(self, world: World, filed: FiledReport, rules: Rules, /) -> Step: ...

    def tick(self, world: World, now_utc_ns: int, rules: Rules, /) -> Step: ...

    def take_differences(self, world: World, measured: MeasuredDifferences, rules: Rules, /) -> Step: ...


class Casework(threading.Thread):
    """Works from `start()` to `stop()`."""

    def __init__(
        self,
        engine: Engine,
        fusion: Fusion,
        rules: Rules,
        alerts: Alerts,
        *,
        publish: Callable[[str, str], None] = lambda _kind, _id: None,
        on_alert: Callable[[], None] = lambda: None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(name="casework", daemon=True)
        self._engine, self._fusion, self._rules, self._alerts = engine, fusion, rules, alerts
        self._publish, self._on_alert, self._clock_ns = publish, on_alert, clock_ns
        self._least = least_level(alerts)
        self._counters: Counter[str] = Counter()
        self._wake, self._stop_asked = threading.Event(), threading.Event()
        self._world, self._changes = World(), Changes(0)
        self._stored_ids: set[str] = set()
        self._changed_at: float | None = None
        self._ticked_at = 0.0
        self._load()

    def counters(self) -> dict[str, int]:
        return dict(self._counters)

    @property
    def world(self) -> World:
        """What is believed now; a value, that any thread may look at."""
        return self._world

    def leave_out(self, sensors: dict[str, str]) -> None:
        """Of fixes from now on, as the last self-test said: sensor → why."""
        self._rules = msgspec.structs.replace(self._rules, left_out=sensors)

    def wake(self) -> None:
        """There are new reports, or new time differences."""
        self._wake.set()

    def stop(self) -> None:
        self._stop_asked.set()
        self._wake.set()
        if self.is_alive():
            self.join(timeout=20)

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self._wake.wait(COMMIT_S / 2)
            self._wake.clear()
            self._round(self.work)
        self._round(self.commit)

    def work(self) -> None:
        """Work off every report there is, then let time pass. Raises DBAPIError."""
        while not self._stop_asked.is_set() and self._work_chunk():
            pass
        self._take_differences()
        if time.monotonic() - self._ticked_at >= TICK_S:
            self._ticked_at = time.monotonic()
            self._read_surveys()
            self._tick()
        self._commit_if_due()

    def commit(self) -> None:
        """Write what has changed; tell the pages once it is written. Raises DBAPIError."""
        changes = self._changes
        self._changes = Changes(changes.through_row, through_difference=changes.through_difference)
        self._changed_at = None
        changes.gone = set(self._stored_ids - self._world.emitters.keys())
        with self._engine.begin() as connection:
            new_alerts = case_store.write(connection, changes, self._alerts, now_utc_ns=self._clock_ns())
        self._stored_ids = set(self._world.emitters)
        self._tell(changes, new_alerts)

    def _round(self, action: Callable[[], None]) -> None:
        try:
            action()
        except DBAPIError as error:
            log.error("casework stands still, the database does not answer: %s", error.orig)
            self._start_over("storage_failures")
        except Exception:  # judging must not end for good because of one fault of ours
            log.exception("casework starts over from what is stored")
            self._start_over("internal_faults")

    def _load(self) -> None:
        with self._engine.connect() as connection:
            self._world, through = case_store.load_world(connection)
            told = case_store.through_difference(connection)
        self._read_surveys()
        self._changes, self._changed_at = Changes(through, through_difference=told), None
        self._stored_ids = set(self._world.emitters)
        self._ticked_at = time.monotonic() + FIRST_TICK_S - TICK_S

    def _start_over(self, counter: str) -> None:
        self._counters[counter] += 1
        self._stop_asked.wait(RETRY_S)
        try:
            self._load()
        except DBAPIError as error:
            log.error("what fusion believed cannot be read yet: %s", error.orig)

    def _work_chunk(self) -> bool:
        with self._engine.connect() as connection:
            found = case_store.reports_after(connection, self._changes.through_row, limit=CHUNK)
        for filed in found:
            if isinstance(filed, Unreadable):
                self._set_aside(filed)
            else:
                self._take(filed)
            self._commit_if_due()
        return len(found) == CHUNK

    def _take(self, filed: FiledReport) -> None:
        try:
            step = self._fusion.take(self._world, filed, self._rules)
        except Exception as error:
            log.exception("report %d of %s is set aside", filed.row, filed.sensor)
            self._set_aside(Unreadable(filed.row, f"{type(error).__name__}: {error}"))
            return
        self._counters["taken"] += 1
        self._changes.through_row = filed.row
        self._note(step, filed.report.created_utc_ns)

    def _take_differences(self) -> None:
        """Those measured since; a set that cannot be taken is left out, counted and said."""
        with self._engine.connect() as connection:
            found = differences_after(connection, self._changes.through_difference, limit=CHUNK)
        for row, measured in found:
            try:
                step = self._fusion.take_differences(self._world, measured, self._rules)
            except Exception:
                log.exception("time differences %d are left out", row)
                self._counters["differences_left_out"] += 1
                step = Step(world=self._world)
            self._changes.through_difference = row
            self._note(step, None)

    def _read_surveys(self) -> None:
        """A sensor that says it is far from where it stands is left out of fixes from the next one on."""
        with self._engine.connect() as connection:
            places = surveyed_places(connection)
        if places != self._rules.surveyed:
            self._rules = msgspec.structs.replace(self._rules, surveyed=places)

    def _tick(self) -> None:
        try:
            step = self._fusion.tick(self._world, self._clock_ns(), self._rules)
        except Exception:
            log.exception("fusion could not let time pass")
            self._counters["tick_failures"] += 1
            return
        self._note(step, None)

    def _note(self, step: Step, report_created_utc_ns: int | None) -> None:
        """Remember what a step changed. A case that opened, changed its level or closed is written at once."""
        news = False
        for case in step.cases:
            before = self._world.cases.get(case.id)
            news |= _is_news(before, case)
            alert = alert_of(before, case, step.world.emitters.get(case.emitter_id), least=self._least)
            if alert is not None and is_highest_yet(before, case):
                self._changes.raised.append(Raised(alert, report_created_utc_ns))
            self._changes.cases[case.id] = case
        self._changes.emitters |= {emitter.id: emitter for emitter in step.emitters}
        self._changes.looks += step.looks
        if step.world.networks is not self._world.networks:
            self._changes.networks = step.world.networks
        self._world = step.world
        self._touch(at_once=news)

    def _set_aside(self, unreadable: Unreadable) -> None:
        self._counters["set_aside"] += 1
        self._changes.set_aside.append(unreadable)
        self._changes.through_row = unreadable.row
        self._touch(at_once=False)

    def _touch(self, *, at_once: bool) -> None:
        now = time.monotonic()
        if at_once:
            self._changed_at = now - COMMIT_S
        elif self._changed_at is None:
            self._changed_at = now

    def _commit_if_due(self) -> None:
        if self._changed_at is not None and time.monotonic() - self._changed_at >= COMMIT_S:
            self.commit()

    def _tell(self, changes: Changes, new_alerts: list[int]) -> None:
        for emitter_id in [*changes.emitters, *changes.gone]:
            self._publish("emitter", emitter_id)
        for case_id in changes.cases:
            self._publish("case", case_id)
        for row in new_alerts:
            self._publish("alert", str(row))
        self._counters["alerts"] += len(new_alerts)
        if new_alerts:
            self._on_alert()


def _is_news(before: Case | None, after: Case) -> bool:
    return before is None or (before.level, before.closed_utc_ns) != (after.level, after.closed_utc_ns)
