"""The sensor program: puts the parts together, and takes them apart in order when told to stop."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from dsp.signatures.licences import Licences
from hardware.clock import Clock, SystemClock
from hardware.gnss import Gnss
from hardware.temperature import temperature_c
from sensor.console import Console
from sensor.ears import Ears
from sensor.errands import LinkErrands
from sensor.link import Link
from sensor.memories import Memories
from sensor.outbox import Outbox
from sensor.radios import open_radio, plan_for
from sensor.reporting import software
from sensor.settings import SensorSettings
from sensor.survey import Survey
from sensor.watch import Watch
from sensor.whereabouts import Whereabouts, as_recorded, by_satellite, surveyed
from shell.exits import Exit
from shell.settings import read_settings

OUTBOX_FILE = "outbox.sqlite"


def run(
    settings: SensorSettings,
    *,
    stream: TextIO = sys.stdout,
    stop: threading.Event | None = None,
    clock: Clock | None = None,
    new_memories: Callable[[], Ears] = Memories,
) -> Exit:
    """Until a signal, or the end of a replay. Raises what a setting, a file or a receiver is refused for."""
    stop, clock = stop or threading.Event(), clock or SystemClock()
    licences = read_settings(Path(settings.licences), Licences) if settings.licences else Licences()
    console = Console(stream, settings.language)
    with _outbox(settings) as outbox, _link(settings, outbox) as link, _whereabouts(settings) as where, _signals(stop):
        survey = Survey(
            outbox=outbox,
            clock=clock,
            new_memories=new_memories,
            where=where,
            licences=licences,
            calibration=settings.calibration,
            health_s=settings.health_s,
            temperature=temperature_c,
            errands=None if link is None else LinkErrands(link),
            on_report=console.tell_findings if link is None else lambda report: None,
        )
        watch = Watch(
            survey=survey,
            open_radio=lambda: open_radio(settings.radio, clock, stop.wait),
            plan_for=lambda radio: plan_for(radio, settings.plan),
            console=console,
            stop=stop,
        )
        if link is None:
            console.say("sensor.alone", outbox=outbox.path)
        watch.run()
        console.say("sensor.ended", name=settings.name, looks=survey.looks, waiting=outbox.waiting())
    return Exit.DONE


def outbox_path(settings: SensorSettings) -> Path:
    return Path(settings.outbox) if settings.outbox else Path(settings.data) / OUTBOX_FILE


@contextmanager
def _outbox(settings: SensorSettings) -> Iterator[Outbox]:
    outbox = Outbox.open(outbox_path(settings))
    try:
        yield outbox
    finally:
        outbox.close()


@contextmanager
def _link(settings: SensorSettings, outbox: Outbox) -> Iterator[Link | None]:
    if settings.link is None:
        yield None
        return
    link = Link(settings.link, outbox, software=software())
    link.start()
    try:
        yield link
    finally:
        link.stop()


@contextmanager
def _whereabouts(settings: SensorSettings) -> Iterator[Whereabouts]:
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
def _signals(stop: threading.Event) -> Iterator[None]:
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
