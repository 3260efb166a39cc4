"""The real chain, from a look to cases: the sensor's signatures against its history, then fusion's world.

Reports carry no position: nothing is located, which costs most and needs several sensors anyway. All else is what a
sensor and a server do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dsp.gsm.values import GsmCell
from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from dsp.signatures.weights import Weights
from fusion.values import Case, FiledReport, Rules, World
from fusion.world import take, tick
from shell.data import read_data
from tests.benchmarks.rogue.receiver import START_NS, Clock
from wire.report import Report

SECOND = 10**9
SENSOR = "one"
PLAN = read_data("plans/cn.toml", BandPlan)
WEIGHTS = read_data("weights.toml", Weights)


@dataclass
class Chain:
    """What one sensor and its server know; frozen values, so that it may be copied and run on twice."""

    licences: Licences = field(default_factory=Licences)
    history: SiteHistory = field(default_factory=SiteHistory)
    world: World = field(default_factory=World)
    seq: int = 0
    boot: str = "0" * 32

    @property
    def rules(self) -> Rules:
        return Rules(licences=self.licences, weights=WEIGHTS, plan=PLAN)

    def copy(self) -> "Chain":
        return Chain(self.licences, self.history, self.world, self.seq, self.boot)

    def look(self, cells: tuple[GsmCell, ...], time_s: float, clock: Clock) -> tuple[Case, ...]:
        """Cases that this look opened or changed."""
        findings = self.judge(cells, time_s)
        self.seq += 1
        filed = self._filed(cells, findings, time_s, clock)
        step = take(self.world, filed, self.rules)
        self.world = step.world
        return step.cases

    def judge(self, cells: tuple[GsmCell, ...], time_s: float) -> tuple[Finding, ...]:
        now_ns = ns(time_s)
        findings = judge_gsm(cells, self.history, self.licences, now_ns=now_ns, weights=WEIGHTS, plan=PLAN)
        self.history = self.history.with_look(cells, now_ns=now_ns, findings=findings)
        return findings

    def tick(self, time_s: float) -> None:
        """Closes what fell silent, and drops closed cases, which a store would keep."""
        world = tick(self.world, ns(time_s), self.rules).world
        self.world = World(
            emitters=world.emitters,
            cases={key: case for key, case in world.cases.items() if case.closed_utc_ns is None},
        )

    def _filed(
        self, cells: Sequence[GsmCell], findings: tuple[Finding, ...], time_s: float, clock: Clock
    ) -> FiledReport:
        said_ns = ns(time_s + clock.error_s(time_s)) + SECOND
        report = Report(
            boot=self.boot,
            seq=self.seq,
            time_utc_ns=said_ns,
            time_sigma_ns=clock.sigma_ns,
            time_source=clock.source,
            created_utc_ns=said_ns,
            created_monotonic_ns=ns(time_s),
            position=None,
            heard=tuple(cells),
            findings=findings,
        )
        return FiledReport(row=self.seq, sensor=SENSOR, received_utc_ns=ns(time_s) + 2 * SECOND, report=report)


def ns(time_s: float) -> int:
    return START_NS + round(time_s * 1e9)
