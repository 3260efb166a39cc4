"""A thread that works in rounds beside casework. A fault in one round does not end the others."""

import abc
import logging
import threading

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)
LEAVE_S = 20.0


class Desk(threading.Thread, abc.ABC):
    """Works from `start()` to `stop()`."""

    def __init__(self, name: str, *, round_s: float) -> None:
        super().__init__(name=name, daemon=True)
        self._round_s = round_s
        self._stop_asked = threading.Event()
        self.faults = 0  # rounds that found a fault in us

    @abc.abstractmethod
    def work(self) -> None:
        """One round. Raises DBAPIError."""

    def stop(self) -> None:
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout=LEAVE_S)

    def run(self) -> None:
        while not self._stop_asked.wait(self._round_s):
            try:
                self.work()
            except DBAPIError as error:
                log.error("%s: stands still, the database does not answer: %s", self.name, error.orig)
            except Exception:  # what finds a fault in us must not end the rest
                self.faults += 1
                log.exception("%s: goes on after a fault", self.name)
