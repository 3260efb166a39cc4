"""The parts of the sensor program that are opened and must be closed again."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dsp.signatures.history import SiteHistory
from hardware.clock import Clock
from hardware.gnss import Gnss
from sensor.link import Link
from sensor.outbox import Outbox
from sensor.remember import HISTORY_FILE, Keeper, load, say_of
from sensor.reporting import software
from sensor.settings import SensorSettings
from sensor.whereabouts import Whereabouts, as_recorded, by_satellite, surveyed

OUTBOX_FILE = "outbox.sqlite"
Keep = Callable[[SiteHistory], None]


def outbox_path(settings: SensorSettings) -> Path:
    return Path(settings.outbox) if settings.outbox else Path(settings.data) / OUTBOX_FILE


@contextmanager
def outbox(settings: SensorSettings) -> Iterator[Outbox]:
    opened = Outbox.open(outbox_path(settings))
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def link(settings: SensorSettings, outbox: Outbox) -> Iterator[Link | None]:
    if settings.link is None:
        yield None
        return
    started = Link(settings.link, outbox, software=software())
    started.start()
    try:
        yield started
    finally:
        started.stop()


@contextmanager
def whereabouts(settings: SensorSettings) -> Iterator[Whereabouts]:
    if settings.position is not None:
        yield surveyed(settings.position)
    elif settings.gnss is not None:
        gnss = Gnss(settings.gnss.host, settings.gnss.port, oldest_s=settings.gnss.oldest_s)
        try:
            yield by_satellite(gnss.fix)
        finally:
            gnss.close()
    else:
        yield as_recorded


@contextmanager
def signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT end the sensor after the look it is in. In another thread than the first: no signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def history(settings: SensorSettings, clock: Clock) -> Iterator[tuple[SiteHistory, Keep]]:
    """What earlier runs heard, and where to put what this one hears. A replay neither takes nor leaves any."""
    if settings.radio.kind == "replay":
        yield SiteHistory(), lambda history: None
        return
    path = Path(settings.data) / HISTORY_FILE
    keeper, before = Keeper(path, clock.monotonic_ns), load(path)
    say_of(path, before, utc_ns=clock.utc_ns())
    try:
        yield before, keeper.keep
    finally:
        keeper.write()
