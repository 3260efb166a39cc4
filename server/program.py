"""The watching program: one process that receives, fuses, keeps, alerts and shows. It decides nothing itself."""

import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import msgspec
import uvicorn
from sqlalchemy import Engine

from dsp.signatures.band_plan import BandPlan
from dsp.signatures.cell_list import parse_cell_list
from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights, overlaid
from fusion import world
from fusion.track.roads import Roads, roads_of
from fusion.values import Rules
from server import running
from server.alerts.delivery import DeliveryLoop
from server.alerts.registry import channels
from server.app import create_app
from server.auth import FIRST_NAME, create_first_administrator
from server.casework import Casework
from server.differences import DifferenceDesk
from server.errors import PageAddressTaken
from server.evidence import EvidenceDesk
from server.ingest import Ingest
from server.news import News
from server.self_testing import SelfTesting
from server.settings import ServerSettings
from server.store import open_store
from shell import words
from shell.data import read_chosen, read_data
from shell.lines import lines
from shell.settings import read_settings
from shell.streets import BadRoads, read_roads

BACKLOG = 128


def run(settings: ServerSettings, *, language: str) -> None:
    """Until SIGTERM or Ctrl-C. Raises the errors of a wrong set-up before anything is served."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("alembic", "httpx"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    rules = rules_of(settings)
    with (
        page_socket(settings) as pages,
        stored(settings) as engine,
        running.alone(Path(settings.data)),
        working(engine, settings, rules) as works,
    ):
        _introduce(settings, engine, pages, works, language)
        try:
            works.web.run(sockets=[pages])
        finally:
            running.withdraw(Path(settings.data))


def rules_of(settings: ServerSettings) -> Rules:
    """Raises SettingsError."""
    licences = read_settings(Path(settings.licences), Licences) if settings.licences else Licences()
    if settings.cells:
        listed = parse_cell_list(lines(Path(settings.cells), encoding="utf-8-sig"))
        licences = msgspec.structs.replace(licences, listed=listed)
    area = settings.area
    corners = (area.south_deg, area.west_deg, area.north_deg, area.east_deg) if area else None
    weights = read_data("weights.toml", Weights)
    if settings.weights:
        weights = overlaid(weights, read_settings(Path(settings.weights), Weights))
    return Rules(
        licences=licences,
        area=corners,
        weights=weights,
        plan=read_chosen("plans", settings.band_plan, BandPlan),
        roads=_roads(settings.roads),
        fm=settings.fm.delays,
    )


def _roads(file: str | None) -> Roads | None:
    """Raises BadRoads."""
    if file is None:
        return None
    try:
        streets = read_roads(Path(file))
    except OSError as error:
        raise BadRoads(file=file, reason=error.strerror or str(error)) from error
    return roads_of([list(zip(lat.tolist(), lon.tolist(), strict=True)) for lat, lon in streets])


@contextmanager
def page_socket(settings: ServerSettings) -> Iterator[socket.socket]:
    """The pages' own address, taken before anything starts. Raises PageAddressTaken."""
    host, port = settings.web.host, settings.web.port
    try:
        taken = socket.create_server((host, port), backlog=BACKLOG)
    except OSError as error:
        raise PageAddressTaken(host=host, port=port, reason=_why(error)) from error
    with taken:
        yield taken


def _why(error: OSError) -> str:
    """The system's own words, without what `socket` adds about the address."""
    return (error.strerror or str(error)).partition(" (while")[0]


@contextmanager
def stored(settings: ServerSettings) -> Iterator[Engine]:
    engine = open_store(settings)
    try:
        yield engine
    finally:
        engine.dispose()


class PageServer(uvicorn.Server):
    """Ends the streams of open pages first: they would keep it waiting."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    def handle_exit(self, sig: int, frame: object) -> None:
        self._news.close()
        super().handle_exit(sig, frame)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Works:
    ingest: Ingest
    web: PageServer


@contextmanager
def working(engine: Engine, settings: ServerSettings, rules: Rules) -> Iterator[Works]:
    """Every thread of the server, started in the order reports travel and stopped in the same."""
    news = News()
    delivery = DeliveryLoop(engine, channels(settings.alerts))

    casework = Casework(engine, world, rules, settings.alerts, publish=news.publish, on_alert=delivery.wake)
    ingest = Ingest(engine, settings, software=version("wavewarden"), publish=news.publish, on_stored=casework.wake)
    evidence = EvidenceDesk(engine, settings.evidence, software=version("wavewarden"), publish=news.publish)
    differences = DifferenceDesk(
        engine,
        rules,
        settings.differences,
        world=lambda: casework.world,
        on_stored=casework.wake,
        publish=news.publish,
    )
    nightly = SelfTesting(engine, rules, world=lambda: casework.world, leave_out=casework.leave_out)
    app = create_app(
        engine,
        settings,
        news,
        status=lambda: ingest.status.counters() | casework.counters() | differences.counters(),
        rules=rules,
    )
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=5)
    threads = (ingest, casework, evidence, differences, nightly, delivery)
    for thread in threads:
        thread.start()
    try:
        yield Works(ingest, PageServer(config, news))
    finally:
        for thread in threads:
            thread.stop()


def _introduce(settings: ServerSettings, engine: Engine, pages: socket.socket, works: Works, language: str) -> None:
    """Say where everything is: to people on the terminal, to programs in a file."""
    url = f"http://{settings.web.host}:{pages.getsockname()[1]}/"
    ingest = works.ingest
    print(words.say("server.up", language, url=url, link=ingest.address), flush=True)  # noqa: T201
    password = create_first_administrator(engine)
    if password is not None:
        print(words.say("server.first_password", language, name=FIRST_NAME, password=password), flush=True)  # noqa: T201
    here = running.Addresses(pages=url, link=ingest.address, link_key=ingest.public_key)
    running.announce(Path(settings.data), here)
