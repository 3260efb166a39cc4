"""The demo's recipe: server up, city made, sensors enrolled and running, watch, stop everything."""

import signal
import tempfile
import threading
import time
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from sqlalchemy import Engine

from recordings.make import make
from recordings.scenario import Scenario
from recordings.scenario_read import open_scenario
from server.auth import FIRST_NAME, create_first_administrator
from server.running import Addresses, wait_for
from server.store import open_store
from shell import words
from shell.exits import Exit
from wavewarden.demo import kits
from wavewarden.demo.narrator import Narrator
from wavewarden.demo.processes import Family
from wavewarden.progress import progress

SERVER_PATIENCE_S = 30.0
LOOK_S = 0.25
HEAD_START_S = 3.0  # for five interpreters to start
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Wishes:
    port: int
    browser: bool
    seconds: float | None
    folder: Path
    language: str


class Demo:
    """One run. Its data live in a folder of their own; the city's IQ is kept for the next run."""

    def __init__(self, wishes: Wishes) -> None:
        self._wishes, self._console = wishes, Console(highlight=False)
        self._data = Path(tempfile.mkdtemp(prefix="wavewarden-demo-"))
        self._family = Family(self._data)
        self._scenario: Scenario = open_scenario("demo_city")
        self._stop_asked = threading.Event()
        self._started = time.monotonic()

    def run(self) -> Exit:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop_asked.set())
        self._introduce()
        settings = kits.write_server(self._data, self._scenario, language=self._wishes.language, port=self._port())
        engine = open_store(settings)
        narrator = Narrator(engine, self._console, self._wishes.language)
        try:
            addresses = self._start_server(create_first_administrator(engine))
            made = self._make_city()
            self._start_sensors(engine, made, addresses)
            return self._watch(narrator)
        finally:
            self._stop(narrator)
            engine.dispose()

    def _introduce(self) -> None:
        city = self._scenario
        offenders = kits.offenders(city)
        lawful = len(city.emitters) - len(offenders)
        self._say(
            "demo.start",
            place=self._text("demo.place"),
            sensors=len(city.sensor),
            emitters=lawful,
            offenders=len(offenders),
        )
        self._say("demo.folder", folder=self._data)

    def _port(self) -> int:
        if kits.is_free(self._wishes.port):
            return self._wishes.port
        self._say("demo.port_taken", port=self._wishes.port)
        return 0

    def _start_server(self, password: str | None) -> Addresses:
        self._family.start("server", ["server", "--config", str(self._data / kits.SERVER_FILE)])
        addresses = wait_for(self._data / "server", seconds=SERVER_PATIENCE_S, alive=lambda: not self._family.ended())
        self._say("demo.server", url=addresses.pages)
        if password is not None:
            self._say("demo.password", name=FIRST_NAME, password=password)
        if self._wishes.browser:
            webbrowser.open(addresses.pages)
        return addresses

    def _make_city(self) -> tuple[Path, ...]:
        with progress(self._text("demo.making", folder=self._wishes.folder)) as advance:
            made = make(self._scenario, self._wishes.folder, progress=advance, workers=WORKERS)
        self._say("demo.made", folder=self._wishes.folder)
        return made

    def _start_sensors(self, engine: Engine, made: tuple[Path, ...], addresses: Addresses) -> None:
        """All recordings begin at one instant, a little from now: what one sensor hears is heard by all at once."""
        shift_s = time.time() + HEAD_START_S - self._scenario.start_utc_ns / 1e9
        by_name = {path.name.partition(".sigmf")[0]: path for path in made}
        for plan in self._scenario.sensor:
            settings = kits.write_sensor(
                self._data,
                plan,
                recording=by_name[plan.name],
                scenario=self._scenario,
                shift_s=shift_s,
                language=self._wishes.language,
                link=kits.enrolled(self._data, plan, engine, addresses),
            )
            self._family.start(plan.name, ["sensor", "--config", str(settings)])
            self._say("demo.sensor", name=plan.name)
        self._say("demo.running")

    def _watch(self, narrator: Narrator) -> Exit:
        """Until Ctrl-C, the wished time, or a child that ends by itself."""
        wanted, told = {e.kind for e in kits.offenders(self._scenario)}, False
        while not self._stop_asked.wait(LOOK_S) and not self._time_is_up():
            narrator.tell(after_s=self._age_s())
            if not told and len(narrator.kinds_drawn) >= len(wanted):
                told = True
                self._say("demo.all_found", after=f"{self._age_s():6.1f}")
            for name, code in self._family.ended().items():
                self._say("demo.ended_early", name=name, code=code, tail=self._family.log_tail(name))
                return Exit.FAILED
        return Exit.DONE

    def _stop(self, narrator: Narrator) -> None:
        self._say("demo.stopping")
        self._family.stop()
        reports, alerts = narrator.counts()
        self._say("demo.stopped", reports=reports, alerts=alerts)

    def _time_is_up(self) -> bool:
        return self._wishes.seconds is not None and self._age_s() >= self._wishes.seconds

    def _age_s(self) -> float:
        return time.monotonic() - self._started

    def _text(self, key: str, **values: object) -> str:
        return words.say(key, self._wishes.language, **values)

    def _say(self, key: str, **values: object) -> None:
        self._console.print(self._text(key, **values), markup=False, soft_wrap=True)
