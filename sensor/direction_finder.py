"""Directions of a direction finder as reports: asked for every few seconds, promised like any other report."""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hardware.clock import Clock, ClockSource
from hardware.errors import RadioError
from hardware.krakensdr import Doa
from hardware.krakensdr_feed import DoaStale
from hardware.radio import Place
from sensor.console import Console
from sensor.reporting import software
from sensor.survey import Promises
from sensor.whereabouts import position_at
from wire.errors import WireError
from wire.report import Bearing, Health, Position, PositionSource, Report, TimeSource

log = logging.getLogger(__name__)
NEAR_CLOCK_NS = 10 * 10**9  # a stamp further off is of a clock that was not set
STALE_NS = 60 * 10**9
STAMP_SIGMA_NS, ARRIVAL_SIGMA_NS = 500_000_000, 1_500_000_000


class Feed(Protocol):
    """hardware.krakensdr_feed.DoaFeed, as far as it is needed."""

    address: str

    @property
    def refused(self) -> Mapping[str, int]: ...

    @property
    def last_refusal(self) -> RadioError | None: ...

    def fresh(self) -> list[Doa]: ...


@dataclass
class DirectionFinder:
    """position : where it stands, when its lines do not say
    sigma_deg : as its owner claims it; None: left to be learnt
    health_s  : None where another part of the sensor tells its health
    """

    feed: Feed
    outbox: Promises
    clock: Clock
    console: Console
    stop: threading.Event
    position: Callable[[], Position | None] = lambda: None
    sigma_deg: float | None = None
    every_s: float = 2.0
    health_s: float | None = None
    promised: int = 0

    def __post_init__(self) -> None:
        self._began_ns = self._health_due_ns = self._fresh_ns = self.clock.monotonic_ns()
        self._said = ""

    def run(self) -> None:
        """Until stopped. A feed that cannot be reached is said once, and asked again."""
        while not self.stop.is_set():
            self.turn()
            self.stop.wait(self.every_s)

    def turn(self) -> None:
        """Ask once; one report a place."""
        fresh, trouble = self._ask()
        self._say(trouble)
        for doas in by_place(fresh):
            self._promise(self._report(doas))
        self._tell_health()

    def _ask(self) -> tuple[list[Doa], RadioError | None]:
        try:
            fresh = self.feed.fresh()
        except RadioError as error:
            return [], error
        now_ns = self.clock.monotonic_ns()
        if fresh:
            self._fresh_ns = now_ns
            return fresh, None
        silent_ns = now_ns - self._fresh_ns
        stale = DoaStale(address=self.feed.address, seconds=silent_ns / 1e9) if silent_ns > STALE_NS else None
        return [], self.feed.last_refusal or stale

    def _report(self, doas: Sequence[Doa]) -> Report:
        now_ns, quality = self.clock.utc_ns(), self.clock.quality()
        stamped = abs(doas[0].time_utc_ns - now_ns) <= NEAR_CLOCK_NS
        known = quality.source is not ClockSource.NONE
        sigma_ns = (STAMP_SIGMA_NS if stamped else ARRIVAL_SIGMA_NS) + (quality.sigma_ns or 0)
        return report_of(
            doas,
            time_utc_ns=(doas[0].time_utc_ns if stamped else now_ns) if known else None,
            time_sigma_ns=sigma_ns if known else None,
            time_source=TimeSource(quality.source.value),
            created_utc_ns=now_ns,
            created_monotonic_ns=self.clock.monotonic_ns(),
            position=position_at(doas[0].place, PositionSource.GNSS) or self.position(),
            sigma_deg=self.sigma_deg,
        )

    def _promise(self, report: Report) -> None:
        try:
            self.outbox.promise(report)
            self.promised += 1
        except WireError:
            log.exception("a report of directions was refused before it was promised")

    def _say(self, trouble: RadioError | None) -> None:
        """Each trouble once, until it is over."""
        said = "" if trouble is None else type(trouble).__name__
        if trouble is not None and said != self._said:
            self.console.tell_error(trouble)
        self._said = said

    def _tell_health(self) -> None:
        now_ns = self.clock.monotonic_ns()
        if self.health_s is None or now_ns < self._health_due_ns:
            return
        self._health_due_ns = now_ns + round(self.health_s * 1e9)
        self._promise(self._health(now_ns))

    def _health(self, now_ns: int) -> Report:
        quality = self.clock.quality()
        health = Health(
            uptime_s=(now_ns - self._began_ns) / 1e9,
            samples_read=0,
            samples_lost=0,
            clipped_share=None,
            noise_dbfs_200k=None,
            gain_db=None,
            time_source=TimeSource(quality.source.value),
            time_sigma_ns=quality.sigma_ns,
            queue_length=self.outbox.waiting(),
            radio=f"KrakenSDR {self.feed.address}",
            deaf=True if self._said else None,
            refused={**self.outbox.counters(), **self.feed.refused},
            durable=self.outbox.durable,
        )
        return Report(
            boot="",
            seq=0,
            time_utc_ns=None,
            time_sigma_ns=None,
            time_source=TimeSource.NONE,
            created_utc_ns=self.clock.utc_ns(),
            created_monotonic_ns=now_ns,
            position=self.position(),
            health=health,
            software=software(),
        )


def by_place(doas: Sequence[Doa]) -> list[list[Doa]]:
    """A report has one place and one time: lines of the same look together."""
    groups: dict[tuple[int, Place | None], list[Doa]] = {}
    for doa in doas:
        groups.setdefault((doa.time_utc_ns, doa.place), []).append(doa)
    return list(groups.values())


def report_of(
    doas: Sequence[Doa],
    *,
    time_utc_ns: int | None,
    time_sigma_ns: int | None,
    time_source: TimeSource,
    created_utc_ns: int,
    created_monotonic_ns: int,
    position: Position | None,
    sigma_deg: float | None,
) -> Report:
    """Boot and number are the outbox's to fill in."""
    return Report(
        boot="",
        seq=0,
        time_utc_ns=time_utc_ns,
        time_sigma_ns=time_sigma_ns,
        time_source=time_source,
        created_utc_ns=created_utc_ns,
        created_monotonic_ns=created_monotonic_ns,
        position=position,
        bearings=tuple(
            Bearing(freq_hz=d.freq_hz, azimuth_deg=d.azimuth_deg, sigma_deg=sigma_deg, quality=d.quality) for d in doas
        ),
        software=software(),
    )
