"""A look as a report: when and where it was, what was heard, how the sensor is."""

import math
from dataclasses import dataclass
from importlib import metadata

from dsp.iq import IqBlock
from hardware.clock import Clock, ClockQuality, ClockSource
from hardware.radio import Radio, Recorded
from sensor.listen import Heard
from sensor.settings import SampleClockSettings
from wire.report import Health, Position, Report, TimeSource


@dataclass(frozen=True, slots=True)
class Moment:
    """The middle of a look; None without a clock that can be trusted."""

    utc_ns: int | None
    sigma_ns: int | None
    source: TimeSource


def moment(
    block: IqBlock, radio: Radio, quality: ClockQuality, sample_clock: SampleClockSettings | None = None
) -> Moment:
    """sample_clock : what timed the samples of a dated recording; where that is less sure of itself, it is believed."""
    middle_ns = None if block.time_utc_ns is None else block.time_utc_ns + round(block.seconds * 0.5e9)
    if isinstance(radio, Recorded) and radio.dated and sample_clock is not None:
        sigma_ns = max(sample_clock.sigma_ns, block.time_sigma_ns or 0)
        return Moment(middle_ns, sigma_ns, TimeSource(sample_clock.source))
    if isinstance(radio, Recorded) and radio.dated:
        return Moment(middle_ns, block.time_sigma_ns, TimeSource.RECORDING)
    if middle_ns is None or quality.source is ClockSource.NONE:
        return Moment(None, None, TimeSource.NONE)
    return Moment(middle_ns, _together(quality.sigma_ns, block.time_sigma_ns), TimeSource(quality.source.value))


def _together(one_ns: int | None, other_ns: int | None) -> int | None:
    """Two independent uncertainties; one that is not known counts for nothing beside one that is."""
    if one_ns is None or other_ns is None:
        return one_ns if other_ns is None else other_ns
    return round(math.hypot(one_ns, other_ns))


def report_of(
    heard: Heard,
    *,
    when: Moment,
    position: Position | None,
    clock: Clock,
    level_sigma_db: float | None,
    health: Health | None,
) -> Report:
    """Boot and number are the outbox's to fill in."""
    return Report(
        boot="",
        seq=0,
        time_utc_ns=when.utc_ns,
        time_sigma_ns=when.sigma_ns,
        time_source=when.source,
        created_utc_ns=clock.utc_ns(),
        created_monotonic_ns=clock.monotonic_ns(),
        position=position,
        swept=heard.swept,
        heard=heard.values,
        findings=heard.findings,
        level_sigma_db=level_sigma_db,
        health=health,
        software=software(),
    )


def health_report(health: Health, *, position: Position | None, clock: Clock) -> Report:
    """For when there is nothing to hear with."""
    return Report(
        boot="",
        seq=0,
        time_utc_ns=None,
        time_sigma_ns=None,
        time_source=TimeSource.NONE,
        created_utc_ns=clock.utc_ns(),
        created_monotonic_ns=clock.monotonic_ns(),
        position=position,
        health=health,
        software=software(),
    )


def software() -> str:
    return f"wavewarden {metadata.version('wavewarden')}"
