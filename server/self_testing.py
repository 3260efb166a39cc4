"""The nightly self-test, in a thread of its own: what the casework believes, through fusion, into the database."""

import datetime
import logging
import threading
import time
from collections.abc import Callable

import msgspec
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from fusion.self_test import self_test
from fusion.self_test_values import SelfTest
from fusion.values import Rules, World
from server.self_test_store import last_self_test, store_self_test
from server.survey import surveyed_places

log = logging.getLogger(__name__)
NIGHT_H = 3  # by the server's own clock: few look at the pages, and what was heard in the evening is in
LOOK_EVERY_S = 300.0


class SelfTesting(threading.Thread):
    """Works from `start()` to `stop()`. `world` and `leave_out` are the casework's."""

    def __init__(
        self,
        engine: Engine,
        rules: Rules,
        *,
        world: Callable[[], World],
        leave_out: Callable[[dict[str, str]], None],
        clock_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        super().__init__(name="self-test", daemon=True)
        self._engine, self._rules, self._world, self._leave_out = engine, rules, world, leave_out
        self._clock_ns, self._stop_asked = clock_ns, threading.Event()
        with engine.connect() as connection:
            self._last = last_self_test(connection)
        self._tried_ns = self._last.time_utc_ns if self._last else clock_ns()
        leave_out(self._last.left_out if self._last else {})

    def run(self) -> None:
        while not self._stop_asked.wait(LOOK_EVERY_S):
            self.look()

    def stop(self) -> None:
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout=20)

    def look(self) -> None:
        """Test if a night has begun since the last one."""
        now_ns = self._clock_ns()
        if now_ns < night_after(self._tried_ns):
            return
        self._tried_ns = now_ns
        try:
            test = run_self_test(self._engine, self._world(), self._rules, now_ns=now_ns)
        except DBAPIError as error:
            log.error("the self-test waits for the next night, the database does not answer: %s", error.orig)
            return
        except Exception:  # the server must not end for good because of one fault of ours
            log.exception("the self-test failed")
            return
        if test is not None:
            self._leave_out(test.left_out)


def run_self_test(engine: Engine, world: World, rules: Rules, *, now_ns: int) -> SelfTest | None:
    """One self-test, stored. None when nothing licensed was heard within the day. Raises DBAPIError."""
    with engine.connect() as connection:
        before = last_self_test(connection)
        rules = msgspec.structs.replace(rules, surveyed=surveyed_places(connection))
    test = self_test(world.emitters.values(), rules, now_ns=now_ns, before=before)
    if test is None:
        log.info("self-test: no licensed emitter of known place and power was heard within the day")
        return None
    with engine.begin() as connection:
        store_self_test(connection, test)
    for sensor, why in test.left_out.items():
        log.warning("self-test: %s is left out of fixes: %s", sensor, why)
    return test


def night_after(time_utc_ns: int) -> int:
    """The next NIGHT_H o'clock."""
    then = datetime.datetime.fromtimestamp(time_utc_ns / 1e9).astimezone()
    night = then.replace(hour=NIGHT_H, minute=0, second=0, microsecond=0)
    if night <= then:
        night += datetime.timedelta(days=1)
    return round(night.timestamp() * 1e9)
