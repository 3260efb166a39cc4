"""The thread that has suspects recorded, and makes evidence of what arrives. It decides nothing itself."""

import logging
import time
from collections.abc import Callable

from sqlalchemy import Engine

from server.desk import Desk
from server.evidence_asking import ask_for_evidence
from server.evidence_making import make_evidence, waiting
from server.settings import Evidence

log = logging.getLogger(__name__)
ROUND_S = 5.0


class EvidenceDesk(Desk):
    """Works from `start()` to `stop()`."""

    def __init__(
        self,
        engine: Engine,
        settings: Evidence,
        *,
        software: str = "",
        publish: Callable[[str, str], None] = lambda _kind, _id: None,
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__("evidence", round_s=ROUND_S)
        self._engine, self._settings, self._software = engine, settings, software
        self._publish, self._clock_ns = publish, clock_ns

    def work(self) -> None:
        """Ask for what is due; make what has arrived, each in a transaction of its own. Raises DBAPIError."""
        if self._settings.automatic:
            with self._engine.begin() as connection:
                asked = ask_for_evidence(connection, self._settings, now_utc_ns=self._clock_ns())
            for each in asked:
                self._publish("task", str(each.task))
        with self._engine.connect() as connection:
            ready = waiting(connection)
        for id in ready:
            with self._engine.begin() as connection:
                made = make_evidence(connection, id, software=self._software, now_utc_ns=self._clock_ns())
            log.info("evidence %d %s", id, "is made" if made else "could not be made")
            self._publish("task", "")
