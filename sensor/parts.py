"""The parts of the sensor program that are opened and must be closed again."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dsp.signatures.history import SiteHistory
from hardware.clock import Clock
from hardware.gnss import Gnss
from hardware.krakensdr import Mounting
from hardware.krakensdr_feed import DoaFeed
from sensor.console import Console
from sensor.direction_finder import DirectionFinder
from sensor.errors import MovedTimes, NoSampleClock
from sensor.link import Link
from sensor.outbox import Outbox
from sensor.remember import HISTORY_FILE, Keeper, load, say_of
from sensor.reporting import software
from sensor.settings import SampleClockSettings, SensorSettings
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


def sample_clock(settings: SensorSettings) -> SampleClockSettings | None:
    """Raises NoSampleClock, MovedTimes where what is set cannot be so."""
    if settings.sample_clock is None:
        return None
    if settings.radio.kind != "replay":
        raise NoSampleClock(kind=settings.radio.kind)
    replay = settings.radio.replay
    if replay.live and replay.shift_s is None:
        raise MovedTimes
    return settings.sample_clock


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


@contextmanager
def direction_finder(
    settings: SensorSettings,
    *,
    outbox: Outbox,
    clock: Clock,
    console: Console,
    where: Whereabouts,
    stop: threading.Event,
) -> Iterator[DirectionFinder | None]:
    """Beside a receiver in a thread of its own; alone it is the caller's to run. None: there is none."""
    asked = settings.direction_finder
    if asked is None:
        yield None
        return
    mounting = Mounting(
        heading_deg=asked.heading_deg,
        turned_deg=asked.turned_deg,
        declination_deg=asked.declination_deg,
        counts=asked.counts,
        linear=asked.linear,
    )
    alone = settings.radio.kind == "none"
    finder = DirectionFinder(
        feed=DoaFeed(asked.address, mounting, clock),
        outbox=outbox,
        clock=clock,
        console=console,
        stop=threading.Event() if not alone else stop,
        position=lambda: where(None),
        sigma_deg=asked.sigma_deg,
        every_s=asked.every_s,
        health_s=settings.health_s if alone else None,
    )
    if alone:
        yield finder
        return
    thread = threading.Thread(target=finder.run, name="direction-finder", daemon=True)
    thread.start()
    try:
        yield finder
    finally:
        finder.stop.set()
        thread.join(timeout=10)
