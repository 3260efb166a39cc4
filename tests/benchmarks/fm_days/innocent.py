"""Licensed-only days: how often is somebody accused who did nothing?

Each day has three sweeps in every hour, and sweeps without a pause around every event: from one before it to twenty
after, and eight where it ends; through the whole of an evening of ducting or an opening of sporadic E.
"""

import heapq
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from fusion.values import Level
from tests.benchmarks.fm_days.band import Band, make_band
from tests.benchmarks.fm_days.chain import SWEEP_S, Accused, Chain
from tests.benchmarks.fm_days.life import HOUR, Act, Life, ducting, events_of_day, sporadic_e
from tests.benchmarks.fm_days.receiver import Sensor

DAY = 86_400.0
WARM_UP_DAYS = 1  # not counted: nothing is known of the band
AFTER_SWEEPS, END_SWEEPS, QUIET_SWEEPS = 20, 8, 3
LONG = (ducting, sporadic_e)
SAME_S = HOUR


@dataclass
class Tally:
    """days: of one sensor each; channel_days: of one licensed channel at one sensor each"""

    days: float = 0.0
    channel_days: float = 0.0
    sweeps: int = 0
    events: Counter[str] = field(default_factory=Counter)
    worst: dict[tuple[int, int, int], tuple[Accused, str]] = field(default_factory=dict)  # town, channel, hour

    def add(self, other: "Tally") -> None:
        self.days += other.days
        self.channel_days += other.channel_days
        self.sweeps += other.sweeps
        self.events += other.events
        self.worst |= other.worst

    def count(self, level: Level) -> int:
        return sum(accused.level >= level for accused, _ in self.worst.values())


def make_sensors(rng: np.random.Generator, count: int) -> list[Sensor]:
    return [Sensor(rng, place, ppm=float(rng.normal(0, 5))) for place in range(count)]


@dataclass(order=True)
class Span:
    """Sweeps without a pause. act : what begins with it"""

    start_s: float
    end_s: float
    what: str
    act: Act | None = field(default=None, compare=False)


def live(seed: int, days: int, *, sensors: int) -> Tally:
    rng = np.random.default_rng((55, seed))
    band: Band = make_band(rng, sensors=sensors)
    heard_by = make_sensors(rng, sensors)
    life, chain = Life(band, heard_by, rng), Chain(band, heard_by)
    life.on_restart = chain.restart
    channels = len({transmitter.freq_hz for transmitter in band.transmitters})
    tally, last = Tally(days=float(days * sensors), channel_days=float(days * sensors * channels)), "quiet"
    spans = [span for day in range(WARM_UP_DAYS + days) for span in _spans(life, day)]
    heapq.heapify(spans)
    while spans:
        span = heapq.heappop(spans)
        counted = span.start_s >= WARM_UP_DAYS * DAY
        life.settle(max(span.start_s, life.now_s))
        last = last if span.what == "quiet" else span.what
        if span.act is not None:
            end_s = life.now_s + span.act(life)
            tally.events[span.what] += counted
            span.end_s = max(span.end_s, end_s) if span.act in LONG else span.end_s
            heapq.heappush(spans, Span(end_s, end_s + END_SWEEPS * SWEEP_S, f"{span.what} ended"))
        while life.now_s < span.end_s:
            accused = chain.sweep(life.now_s, life.on_air)
            life.settle(life.now_s + SWEEP_S)
            if counted:
                tally.sweeps += sensors
                _note(tally, seed, accused, last)
    return tally


def _spans(life: Life, day: int) -> list[Span]:
    hours = (day * DAY + HOUR * (hour + float(life.rng.uniform(0, 0.9))) for hour in range(24))
    spans = [Span(start, start + QUIET_SWEEPS * SWEEP_S, "quiet") for start in hours]
    for time_s, act in events_of_day(life.rng, day):
        spans.append(Span(time_s - SWEEP_S, time_s, "quiet"))
        spans.append(Span(time_s, time_s + AFTER_SWEEPS * SWEEP_S, act.__name__, act))
    return spans


def _note(tally: Tally, town: int, accused: list[Accused], last: str) -> None:
    for each in accused:
        key = town, round(each.freq_hz / 50e3), int(each.time_s // SAME_S)
        known = tally.worst.get(key)
        if known is None or each.level > known[0].level:
            tally.worst[key] = (each, last)


def table(tally: Tally) -> list[str]:
    events = ", ".join(f"{name} {count}" for name, count in sorted(tally.events.items()))
    of_each = (
        f"{tally.days:.0f} station-days of a monitoring station, {tally.channel_days:.0f} of a licensed channel at it"
    )
    rows = [f"{of_each}; {tally.sweeps} sweeps. Events: {events}.", ""]
    rows += ["| level | channels and hours accused | a station-day of monitoring |", "|---|---|---|"]
    for level in (Level.HIGH, Level.WATCH, Level.NOTE):
        count = tally.count(level)
        rows.append(f"| {level.name.lower()} or more | {count} | {count / max(tally.days, 1e-9):.3f} |")
    return rows


def explained(tally: Tally, least: Level) -> list[str]:
    kinds = Counter(
        (accused.level.name.lower(), last, accused.kind, ", ".join(sorted(accused.findings)))
        for accused, last in tally.worst.values()
        if accused.level >= least
    )
    return [f"- {count} × {' | '.join(kind)}" for kind, count in kinds.most_common(30)] or ["nobody"]
