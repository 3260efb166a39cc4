"""Who was accused wrongly, how often, and by which evidence."""

from collections import Counter
from dataclasses import dataclass, field

from fusion.values import Level
from tests.benchmarks.rogue.dongle import SWEEP_S

DAY = 86_400.0


@dataclass
class Accusation:
    """One cell, wrongly at a level; within a day it is the same one."""

    town: int
    time_s: float
    level: Level
    arfcn: int
    bsic: int
    kind: str  # what the cell truly is
    case: str  # what it is taken for
    event: str  # that happened last, within the hour; "quiet"
    findings: tuple[str, ...]
    gnss: bool


@dataclass
class Tally:
    days: float = 0.0
    quiet_sweeps: int = 0
    event_sweeps: int = 0
    cells: int = 0
    events: Counter[str] = field(default_factory=Counter)
    accusations: list[Accusation] = field(default_factory=list)
    peers: Counter[tuple[str, bool]] = field(default_factory=Counter)  # accusations by others' rules: (name, quiet)

    def add(self, other: "Tally") -> None:
        self.days += other.days
        self.quiet_sweeps += other.quiet_sweeps
        self.event_sweeps += other.event_sweeps
        self.cells += other.cells
        self.events += other.events
        self.accusations += other.accusations
        self.peers += other.peers

    def of(self, level: Level, *, quiet: bool) -> list[Accusation]:
        return [a for a in self.accusations if a.level >= level and (a.event == "quiet") == quiet]

    def a_month(self, level: Level) -> float:
        """As counted: what stood for days was seen each day, what came and went in quiet time may not have been."""
        return 30.0 * sum(a.level >= level for a in self.accusations) / max(self.days, 1e-9)

    def peer_a_month(self, name: str) -> float:
        return 30.0 * (self.peers[(name, False)] + self.peers[(name, True)]) / max(self.days, 1e-9)

    def most_a_year(self, level: Level) -> float:
        """If all that was seen in quiet time were chance, and as frequent in the time that was not swept."""
        swept_days = self.quiet_sweeps * SWEEP_S / DAY
        by_events = len(self.of(level, quiet=False)) / max(self.days, 1e-9)
        return 365.0 * (by_events + len(self.of(level, quiet=True)) / max(swept_days, 1e-9))


def table(tally: Tally) -> list[str]:
    swept_days = (tally.quiet_sweeps + tally.event_sweeps) * SWEEP_S / DAY
    events = ", ".join(f"{name} {count}" for name, count in sorted(tally.events.items()))
    rows = [
        f"{tally.days:.0f} sensor-days, {tally.cells} cell observations; {swept_days:.0f} days of sweeping, of which "
        f"{tally.quiet_sweeps * SWEEP_S / DAY:.0f} in quiet time. Events: {events}.",
        "",
        "| level | after events | in quiet time | a sensor-month, as counted | a sensor-year | a sensor-year at most |",
        "|---|---|---|---|---|---|",
    ]
    for level in reversed(Level):
        after, quiet = len(tally.of(level, quiet=False)), len(tally.of(level, quiet=True))
        a_month = tally.a_month(level)
        rows.append(
            f"| {level.name.lower()} or more | {after} | {quiet} | {a_month:.3f} | {a_month * 365 / 30:.2f} "
            f"| {tally.most_a_year(level):.1f} |"
        )
    return rows


def explained(tally: Tally, least: Level) -> list[str]:
    """Those of a kind together: what happened, what the cell truly is, what was said of it."""
    kinds = Counter(
        (a.level.name.lower(), a.event, a.kind, a.case, ", ".join(sorted(f.removeprefix("gsm_") for f in a.findings)))
        for a in tally.accusations
        if a.level >= least
    )
    if not kinds:
        return ["nobody"]
    return [
        f"- {count} × {level}: {kind}, taken for {case}, after {event}: {found}"
        for (level, event, kind, case, found), count in kinds.most_common(40)
    ]
