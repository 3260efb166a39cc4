"""A server's receiving end and sensors' sending ends in this process, over loopback."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Engine

from sensor.keys import enrol
from sensor.link import Link
from sensor.link_settings import LinkSettings
from sensor.outbox import Outbox
from server.enrolment import enrol_sensor
from server.filing import stored_ids
from server.ingest import Ingest
from server.settings import Link as ServerLink
from server.settings import ServerSettings
from server.store import open_store


def wait_until(condition: Callable[[], bool], *, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


@dataclass
class Bench:
    folder: Path
    engine: Engine
    settings: ServerSettings
    stack: ExitStack
    ingest: Ingest
    news: list[tuple[str, str]]

    def stop_server(self) -> None:
        self.ingest.stop()

    def restart_server(self) -> None:
        """Stop and start on the same port."""
        self.stop_server()
        link = ServerLink(bind=self.ingest.address)
        self.ingest = Ingest(self.engine, msgspec.structs.replace(self.settings, link=link), publish=self.publish)
        self.ingest.start()

    def publish(self, kind: str, id: str) -> None:
        self.news.append((kind, id))

    def key_file(self, name: str) -> Path:
        return self.folder / f"{name}.key"

    def enrol(self, name: str) -> None:
        enrol_sensor(self.engine, name, enrol(self.key_file(name)))

    def link_settings(self, name: str, *, address: str | None = None) -> LinkSettings:
        return LinkSettings(
            server=address or self.ingest.address,
            server_key=self.ingest.public_key,
            key=str(self.key_file(name)),
            first_wait_s=0.05,
        )

    def outbox(self, name: str) -> Outbox:
        outbox = Outbox.open(self.folder / f"{name}.sqlite")
        self.stack.callback(outbox.close)
        return outbox

    def link(self, outbox: Outbox, settings: LinkSettings) -> Link:
        link = Link(settings, outbox, software="test")
        self.stack.callback(link.stop)
        link.start()
        return link

    def sensor(self, name: str) -> tuple[Outbox, Link]:
        """An enrolled sensor with a running link."""
        self.enrol(name)
        outbox = self.outbox(name)
        return outbox, self.link(outbox, self.link_settings(name))

    def stored(self) -> list[tuple[str, str, int]]:
        return list(stored_ids(self.engine))


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    settings = ServerSettings(data=str(folder / "server"), link=ServerLink(bind="tcp://127.0.0.1:*"))
    engine = open_store(settings)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        news: list[tuple[str, str]] = []
        ingest = Ingest(engine, settings, publish=lambda kind, id: news.append((kind, id)))
        made = Bench(folder, engine, settings, stack, ingest, news)
        stack.callback(made.stop_server)
        made.ingest.start()
        yield made
