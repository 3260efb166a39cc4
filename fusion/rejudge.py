"""Judging again: stored reports by today's rules, as if each sensor had had them when it listened.

A sensor's own findings depend on what it had heard before, so its history is built again, report by report, from what
it said then. What a sensor learnt before the first report given here is not known: reports of some days before are
worth giving to `Anew.learn` first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.noise_memory import Noise
from dsp.signatures.registry import judge_fm, judge_gsm
from fusion.times import world_ns
from fusion.values import FiledReport, MeasuredDifferences, Rules, World
from fusion.world import take, take_differences, tick
from wire.report import Swept

Heard = TypeVar("Heard", GsmCell, FmStation)


MOST_CLIPPED = 0.001  # of the samples, before clipping adds noise of its own


def judged_again(
    filed: FiledReport, history: SiteHistory, rules: Rules, *, gain_db: float | None = None
) -> tuple[FiledReport, SiteHistory]:
    """The report with the findings of today's rules in place of its own, and what the sensor knows after it.

    history : of this sensor before the report; gain_db : of its receiver, as it said last
    """
    report, now_ns = filed.report, world_ns(filed)
    windows = [swept for swept in report.swept if swept.service == "gsm"]
    noise = next((_noise(swept, gain_db) for swept in windows if (swept.clipped_share or 0.0) <= MOST_CLIPPED), None)
    cells, cell_places = _of_kind(report.heard, GsmCell)
    stations, station_places = _of_kind(report.heard, FmStation)
    gsm = judge_gsm(cells, history, rules.licences, now_ns=now_ns, weights=rules.weights, plan=rules.plan, noise=noise)
    fm = judge_fm(stations, history, rules.licences, now_ns=now_ns)
    findings = (*_placed(gsm, cell_places), *_placed(fm, station_places))
    after = history.with_look(
        report.heard,
        now_ns=now_ns,
        findings=findings,
        swept=[(swept.low_hz, swept.high_hz) for swept in windows],
        swept_fm=[(swept.low_hz, swept.high_hz) for swept in report.swept if swept.service == "fm"],
        noise=noise,
    )
    again = msgspec.structs.replace(report, findings=findings)
    return msgspec.structs.replace(filed, report=again), after


def _noise(swept: Swept, gain_db: float | None) -> Noise:
    return Noise(
        centre_hz=(swept.low_hz + swept.high_hz) / 2,
        rate_hz=swept.high_hz - swept.low_hz,
        gain_db=gain_db,
        dbfs_200k=swept.noise_dbfs_200k,
    )


def _of_kind(heard: Sequence[object], kind: type[Heard]) -> tuple[tuple[Heard, ...], tuple[int, ...]]:
    """Those of one kind, and their places in the report."""
    found = [(index, value) for index, value in enumerate(heard) if isinstance(value, kind)]
    return tuple(value for _, value in found), tuple(index for index, _ in found)


def _placed(findings: Iterable[Finding], places: tuple[int, ...]) -> Iterable[Finding]:
    for finding in findings:
        yield msgspec.structs.replace(finding, about=None if finding.about is None else places[finding.about])


class Anew:
    """Remembers, while reports are judged again: each sensor's history, run and gain, the world so far, and how often
    rules fired."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._histories: dict[str, SiteHistory] = {}
        self._boots: dict[str, str] = {}
        self._gains: dict[str, float | None] = {}
        self.world = World()
        self.reports = 0
        self.fired_then: Counter[str] = Counter()
        self.fired_now: Counter[str] = Counter()

    def learn(self, filed: FiledReport) -> None:
        """For reports before the time asked about: sensors learn from them, nothing is judged."""
        _, self._histories[filed.sensor] = self._again(filed)

    def take(self, filed: FiledReport) -> None:
        again, self._histories[filed.sensor] = self._again(filed)
        self.reports += 1
        self.fired_then.update(finding.name for finding in filed.report.findings)
        self.fired_now.update(finding.name for finding in again.report.findings)
        self.world = take(self.world, again, self._rules).world
        self.world = tick(self.world, world_ns(again), self._rules).world

    def take_differences(self, measured: MeasuredDifferences) -> None:
        """What was measured then stands as it is: it came from samples, which are not kept."""
        self.world = take_differences(self.world, measured, self._rules).world

    def _again(self, filed: FiledReport) -> tuple[FiledReport, SiteHistory]:
        history, report = self._histories.get(filed.sensor, SiteHistory()), filed.report
        if self._boots.setdefault(filed.sensor, report.boot) != report.boot:
            self._boots[filed.sensor], history = report.boot, history.restarted()
        if report.health is not None:
            self._gains[filed.sensor] = report.health.gain_db
        return judged_again(filed, history, self._rules, gain_db=self._gains.get(filed.sensor))
