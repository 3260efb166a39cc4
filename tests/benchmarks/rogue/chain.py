"""The real chain, from a look to levels: the sensor's signatures against its history, then fusion.

`Chain` is what a sensor and a server do, but for the position: its reports carry none, so that nothing is located. That
costs most and needs several sensors anyway. `ShortChain`, for years of innocent life, takes each channel and colour for
one emitter and its verdict for the case: the sensor's part whole, fusion.standing and fusion.judge, no association.
"""

import dataclasses
from dataclasses import dataclass, field

from dsp.signatures.band_plan import BandPlan
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import Licences
from dsp.signatures.registry import judge_gsm
from dsp.signatures.weights import Weights
from fusion.judge import judge_gsm as judge_gsm_findings
from fusion.standing import expired, merge
from fusion.values import Case, Emitter, FiledReport, Level, Rules, StandingFinding, World
from fusion.world import take, tick
from shell.data import read_data
from tests.benchmarks.rogue.dongle import DWELL_S, START_NS, Clock, Look
from wire.report import Report, Swept

SECOND = 10**9
SENSOR = "one"
PLAN = read_data("plans/cn.toml", BandPlan)
WEIGHTS = read_data("weights.toml", Weights)


@dataclass(frozen=True)
class Accused:
    """The level of one channel and colour after a look, and by what."""

    arfcn: int
    bsic: int
    level: Level
    kind: str
    findings: tuple[str, ...]


@dataclass
class Sensor:
    """What one sensor knows; frozen values, so that a copy can be run on beside it."""

    licences: Licences = field(default_factory=Licences)
    history: SiteHistory = field(default_factory=SiteHistory)

    def restart(self) -> None:
        """The sensor's program began anew with the history it had kept."""
        self.history = self.history.restarted()

    def judge(self, look: Look) -> tuple[Finding, ...]:
        now_ns = ns(look.time_s)
        findings = judge_gsm(look.cells, self.history, self.licences, now_ns=now_ns, weights=WEIGHTS, plan=PLAN)
        self.history = self.history.with_look(look.cells, now_ns=now_ns, findings=findings, swept=(look.swept_hz,))
        return findings


@dataclass
class Chain(Sensor):
    """With its server."""

    world: World = field(default_factory=World)
    seq: int = 0
    boot: str = "0" * 32

    def copy(self) -> "Chain":
        return dataclasses.replace(self)

    @property
    def rules(self) -> Rules:
        return Rules(licences=self.licences, weights=WEIGHTS, plan=PLAN)

    def look(self, look: Look, clock: Clock) -> tuple[Accused, ...]:
        """Of cases that this look opened or changed."""
        findings = self.judge(look)
        self.seq += 1
        step = take(self.world, self._filed(look, findings, clock), self.rules)
        self.world = step.world
        return tuple(_accused(self.world.emitters[case.emitter_id], case) for case in step.cases)

    def tick(self, time_s: float) -> None:
        """Closes what fell silent, and drops closed cases, which a store would keep."""
        world = tick(self.world, ns(time_s), self.rules).world
        self.world = World(
            emitters=world.emitters,
            cases={key: case for key, case in world.cases.items() if case.closed_utc_ns is None},
        )

    def _filed(self, look: Look, findings: tuple[Finding, ...], clock: Clock) -> FiledReport:
        said_ns = ns(look.time_s + clock.error_s(look.time_s)) + SECOND
        low_hz, high_hz = look.swept_hz
        swept = Swept(
            service="gsm",
            low_hz=low_hz,
            high_hz=high_hz,
            seconds=DWELL_S,
            noise_dbfs_200k=-83.0,
            lost_samples=0,
            clipped_share=0.0,
        )
        report = Report(
            boot=self.boot,
            seq=self.seq,
            time_utc_ns=said_ns,
            time_sigma_ns=clock.sigma_ns,
            time_source=clock.source,
            created_utc_ns=said_ns,
            created_monotonic_ns=ns(look.time_s),
            position=None,
            swept=(swept,),
            heard=look.cells,
            findings=findings,
        )
        received_ns = ns(look.time_s) + 2 * SECOND
        return FiledReport(row=self.seq, sensor=SENSOR, received_utc_ns=received_ns, report=report)


def ns(time_s: float) -> int:
    return START_NS + round(time_s * 1e9)


@dataclass
class ShortChain(Sensor):
    """Without a server: what stands against each channel and colour."""

    standing: dict[tuple[int, int], tuple[StandingFinding, ...]] = field(default_factory=dict)
    seq: int = 0

    def look(self, look: Look, clock: Clock) -> tuple[Accused, ...]:
        """Of whatever something speaks against."""
        findings, now_ns = self.judge(look), ns(look.time_s)
        self.seq += 1
        accused = []
        for index, cell in enumerate(look.cells):
            key = -1 if cell.arfcn is None else cell.arfcn, cell.bsic
            found, before = [f for f in findings if f.about == index], self.standing.get(key, ())
            if not before and not any(f.weight_db > 0 for f in found):
                continue
            after = merge(before, found, sensor=SENSOR, report=(SENSOR, "", self.seq), now_ns=now_ns)
            self.standing[key] = after
            verdict = judge_gsm_findings(after)
            if verdict.level is not None:
                accused.append(Accused(*key, verdict.level, verdict.kind, _names(after)))
        return tuple(accused)

    def tick(self, time_s: float) -> None:
        """Forgets channels against which nothing stands any more."""
        now_ns = ns(time_s)
        kept = {key: tuple(s for s in found if not expired(s, now_ns)) for key, found in self.standing.items()}
        self.standing = {key: found for key, found in kept.items() if any(s.finding.weight_db > 0 for s in found)}


def _accused(emitter: Emitter, case: Case) -> Accused:
    arfcn, bsic = (-1 if number is None else number for number in (emitter.arfcn, emitter.bsic))
    return Accused(arfcn, bsic, case.level, case.kind, _names(case.findings))


def _names(standing: tuple[StandingFinding, ...]) -> tuple[str, ...]:
    variants = [(s.finding.name, f".{s.finding.variant}" if s.finding.variant else "", s.finding) for s in standing]
    return tuple(f"{name}{variant} {finding.weight_db:+.0f}" for name, variant, finding in variants)
