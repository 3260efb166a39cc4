"""The thread that has suspects' time differences measured. It decides nothing itself."""

import logging
import time
from collections import Counter
from collections.abc import Callable

from sqlalchemy import Engine

from fusion.values import Rules, World
from server import difference_making
from server.desk import Desk
from server.difference_asking import ask_for_difference
from server.settings import Differences

log = logging.getLogger(__name__)
ROUND_S = 1.0


class DifferenceDesk(Desk):
    """Works from `start()` to `stop()`. world : what casework believes now; on_stored : there are new differences."""

    def __init__(
        self,
        engine: Engine,
        rules: Rules,
        settings: Differences,
        *,
        world: Callable[[], World],
        on_stored: Callable[[], None] = lambda: None,
        publish: Callable[[str, str], None] = lambda _kind, _id: None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__("time differences", round_s=ROUND_S)
        self._engine, self._rules, self._settings = engine, rules, settings
        self._world, self._on_stored, self._publish, self._clock_ns = world, on_stored, publish, clock_ns
        self._counters: Counter[str] = Counter()

    def counters(self) -> dict[str, int]:
        faults = {"difference_faults": self.faults} if self.faults else {}
        return dict(self._counters) | faults

    def work(self) -> None:
        """Measure what has arrived, outside any transaction; ask for what is due. Raises DBAPIError."""
        with self._engine.connect() as connection:
            waiting = difference_making.ready(connection, now_utc_ns=self._clock_ns())
        for each in waiting:
            self._measure(each)
        if self._settings.automatic:
            self._ask()

    def _measure(self, each: difference_making.Ready) -> None:
        now_ns = self._clock_ns()
        try:
            told, outcome = difference_making.measured(each, now_utc_ns=now_ns)
        except Exception as error:  # said once, and not tried again for ever
            log.exception("the snippets of request %d could not be compared", each.row)
            self._counters["difference_faults"] += 1
            told, outcome = difference_making.nothing(each, now_utc_ns=now_ns), type(error).__name__
        with self._engine.begin() as connection:
            difference_making.store(connection, each.row, told, outcome, now_utc_ns=self._clock_ns())
        log.info("time differences of %.2f MHz: %s", told.freq_hz / 1e6, outcome)
        self._counters["differences"] += len(told.differences)
        if told.differences:
            self._on_stored()

    def _ask(self) -> None:
        with self._engine.begin() as connection:
            request = ask_for_difference(connection, self._world(), self._rules, now_utc_ns=self._clock_ns())
        if request is not None:
            self._counters["differences_asked"] += 1
            for task in request.tasks.values():
                self._publish("task", str(task))
