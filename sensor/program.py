"""The sensor program: puts the parts together, and takes them apart in order when told to stop."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import msgspec

from dsp.signatures.band_plan import BandPlan
from dsp.signatures.cell_list import parse_cell_list
from dsp.signatures.history import LEARNING_DAYS
from dsp.signatures.licences import Licences
from dsp.signatures.weights import Weights, overlaid
from hardware.clock import Clock, SystemClock
from hardware.temperature import temperature_c
from sensor import parts
from sensor.appointments import Appointments
from sensor.console import Console
from sensor.direction_finder import DirectionFinder
from sensor.ears import Ears
from sensor.errands import LinkErrands
from sensor.errors import NothingToListenWith
from sensor.memories import Memories
from sensor.outbox import Outbox
from sensor.parts import outbox_path
from sensor.radios import open_radio, plan_for
from sensor.settings import SensorSettings
from sensor.survey import Survey
from sensor.watch import Watch
from shell.data import read_chosen, read_data
from shell.exits import Exit
from shell.lines import lines
from shell.settings import read_settings

__all__ = ["outbox_path", "run"]


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
    if settings.cells:
        listed = parse_cell_list(lines(Path(settings.cells), encoding="utf-8-sig"))
        licences = msgspec.structs.replace(licences, listed=listed)
    weights = read_data("weights.toml", Weights)
    if settings.weights:
        weights = overlaid(weights, read_settings(Path(settings.weights), Weights))
    plan = read_chosen("plans", settings.band_plan, BandPlan)
    sample_clock = parts.sample_clock(settings)
    console = Console(stream, settings.language)
    with (
        parts.outbox(settings) as outbox,
        parts.link(settings, outbox) as link,
        parts.whereabouts(settings) as where,
        parts.signals(stop),
        parts.history(settings, clock) as (history, keep),
        parts.direction_finder(settings, outbox=outbox, clock=clock, console=console, where=where, stop=stop) as finder,
    ):
        if link is None:
            console.say("sensor.alone", outbox=outbox.path)
        if settings.radio.kind == "none":
            _only(finder, console, settings, outbox)
            return Exit.DONE
        survey = Survey(
            outbox=outbox,
            clock=clock,
            new_memories=new_memories,
            where=where,
            licences=licences,
            weights=weights,
            band_plan=plan,
            calibration=settings.calibration,
            sample_clock=sample_clock,
            health_s=settings.health_s,
            temperature=temperature_c,
            errands=None
            if link is None
            else LinkErrands(link, appointments=Appointments(utc_ns=clock.utc_ns, sleep=stop.wait)),
            on_report=console.tell_findings if link is None else lambda report: None,
            history=history,
            keep=keep,
        )
        watch = Watch(
            survey=survey,
            open_radio=lambda: open_radio(settings.radio, clock, stop.wait),
            plan_for=lambda radio: plan_for(radio, settings.plan),
            console=console,
            stop=stop,
        )
        if settings.radio.kind != "replay" and not history.learnt:
            console.say("sensor.learning", days=history.days, of=LEARNING_DAYS)
        watch.run()
        console.say("sensor.ended", name=settings.name, looks=survey.looks, waiting=outbox.waiting())
    return Exit.DONE


def _only(finder: DirectionFinder | None, console: Console, settings: SensorSettings, outbox: Outbox) -> None:
    """A sensor without a receiver: its direction finder is all it has. Raises NothingToListenWith."""
    if finder is None:
        raise NothingToListenWith
    finder.run()
    console.say("sensor.finder_ended", name=settings.name, reports=finder.promised, waiting=outbox.waiting())
