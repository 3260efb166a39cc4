"""The demo's three offenders, located: does the 95 % region of each hold it, over many seeds of the town's propagation?

What each receiver measures of each look is the truth of the made set (`recordings.truth`: levels through the seed's
shadowing and echoes, with the receiver's calibration error), with a decibel of its own, for what is strong enough to be
decoded; the strongest on a channel. From there everything is the program's own: judging on the sensor, association,
cases, locating. IQ itself is made and received in `tests/end_to_end/test_city.py`, for the demo's own seed.
WAVEWARDEN_BENCH_SEEDS sets how many seeds.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from dsp.fm.values import FmStation
from dsp.gsm.values import GsmCell
from dsp.signatures.history import SiteHistory
from dsp.signatures.registry import judge_fm, judge_gsm
from fusion.planner import radius_m
from fusion.values import Delays, Emitter, FiledReport, Rules, World
from fusion.world import take
from recordings.scenario import AnyEmitter, Scenario
from recordings.scenario_emitters import GsmCellPlan
from recordings.scenario_read import open_scenario
from recordings.truth import TrueReception, Truth, truth_of
from sensor.level import dbm
from tests.dsp.signatures.made import LAW, cell, plain, rogue, station
from tests.end_to_end.city import holds, truth_at
from wavewarden.demo import kits
from wire.report import Position, PositionSource, Report, Swept, TimeSource

SECOND = 10**9
MEASURED_DB = 1.0
LEAST_CNR_DB = {"gsm": 8.0, "fm": 12.0}
CHANNEL_HZ = 60e3
KINDS = ("rogue", "pirate", "hijack")


@dataclass(frozen=True)
class Outcome:
    found: bool  # a case of its own
    holds: bool
    radius_m: float | None


def main() -> None:
    seeds = int(os.environ.get("WAVEWARDEN_BENCH_SEEDS", "20"))
    outcomes: dict[str, list[Outcome]] = {kind: [] for kind in KINDS}
    for seed in range(seeds):
        for kind, outcome in run(seed).items():
            outcomes[kind].append(outcome)
    print("| offender | seeds | has a case | region holds it | asked | radius of the region, m: median, p90 |")
    print("|---|---|---|---|---|---|")
    for kind, found in outcomes.items():
        radii = [o.radius_m for o in found if o.radius_m is not None]
        size = f"{np.median(radii):.0f}, {np.quantile(radii, 0.9):.0f}" if radii else "–"
        asked = f"≥ {round(0.9 * seeds)}"
        print(
            f"| {kind} | {seeds} | {sum(o.found for o in found)} | {sum(o.holds for o in found)} | {asked} | {size} |"
        )


def run(seed: int) -> dict[str, Outcome]:
    scenario = msgspec.structs.replace(open_scenario("demo_city"), seed=1000 + seed)
    area = kits.area_of(scenario)
    corners = (area.south_deg, area.west_deg, area.north_deg, area.east_deg)
    rules = Rules(licences=scenario.licences(), area=corners, fm=Delays(alarm_s=kits.ALARM_DELAY_S), **LAW)
    world = World()
    for filed in Receivers(scenario, truth_of(scenario), rules, seed).reports():
        world = take(world, filed, rules).world
    return {e.kind: _outcome(world, scenario, e) for e in scenario.emitters if e.kind in KINDS}


def _outcome(world: World, scenario: Scenario, true: AnyEmitter) -> Outcome:
    """Of the emitter with a case on the offender's channel."""
    suspects = {case.emitter_id for case in world.cases.values()}
    near = [e for e in world.emitters.values() if e.id in suspects and abs(e.freq_hz - true.freq_hz) < CHANNEL_HZ]
    fixed = [e for e in near if e.fix is not None and e.fix.region and _is(e, true)]
    if not fixed or fixed[0].fix is None:
        return Outcome(bool(near), False, None)
    fix = fixed[0].fix
    return Outcome(True, holds(fix.region, truth_at(scenario, true, fix.time_utc_ns)), radius_m(fix.area_km2))


def _is(emitter: Emitter, true: AnyEmitter) -> bool:
    """A rogue by its cell identity; a broadcaster in that it is not the licensed one."""
    if isinstance(true, GsmCellPlan):
        return emitter.ci == true.broadcast.ci
    return emitter.licensed is not True


class Receivers:
    """Reports of every look, in the order of time. Each sensor remembers what it heard, as the program's do."""

    def __init__(self, scenario: Scenario, truth: Truth, rules: Rules, seed: int) -> None:
        self._scenario, self._truth, self._rules = scenario, truth, rules
        self._rng = np.random.default_rng(seed)
        self._history = {sensor.name: SiteHistory() for sensor in scenario.sensor}
        self._plans = {emitter.name: emitter for emitter in scenario.emitters}
        self._row = 0

    def reports(self) -> Iterator[FiledReport]:
        by_look: dict[tuple[int, str], list[TrueReception]] = {}
        for reception in self._truth.receptions:
            by_look.setdefault((reception.look, reception.sensor), []).append(reception)
        for (look, sensor), receptions in by_look.items():
            yield self._report(look, sensor, receptions)

    def _report(self, look: int, name: str, receptions: list[TrueReception]) -> FiledReport:
        service, centre_hz, rate_hz, begin_s, seconds = self._truth.looks[look]
        sensor = next(s for s in self._scenario.sensor if s.name == name)
        now_ns = self._truth.start_utc_ns + round((begin_s + seconds / 2) * SECOND)
        audible = [r for r in receptions if r.cnr_db > LEAST_CNR_DB[service] and self._on_air(r, begin_s)]
        strongest = {round(self._plans[r.emitter].freq_hz): r for r in sorted(audible, key=lambda r: r.level_dbm)}
        full_scale, gain_db = sensor.dbm_at_full_scale(service), sensor.front_end(service).gain_db
        heard = tuple(self._heard(r, gain_db, full_scale) for r in strongest.values())
        history = self._history[name]
        law = {"licences": self._rules.licences, "now_ns": now_ns}
        gsm = service == "gsm"
        findings = judge_gsm(heard, history, **law, **LAW) if gsm else judge_fm(heard, history, **law)
        self._history[name] = history.with_look(heard, now_ns=now_ns, findings=findings)
        floor_dbfs = float(np.median([r.level_dbfs - r.cnr_db for r in receptions]))
        self._row += 1
        lat, lon = self._scenario.place.geodetic(sensor.where.positions_m(begin_s + seconds / 2)[0])
        swept = Swept(
            service=service,
            low_hz=centre_hz - 0.45 * rate_hz,
            high_hz=centre_hz + 0.45 * rate_hz,
            seconds=seconds,
            noise_dbfs_200k=floor_dbfs,
            lost_samples=0,
            clipped_share=0.0,
            floor_dbm=dbm(floor_dbfs + LEAST_CNR_DB[service], gain_db, full_scale),
        )
        report = Report(
            boot="0" * 32,
            seq=self._row,
            time_utc_ns=now_ns,
            time_sigma_ns=1000,
            time_source=TimeSource.RECORDING,
            created_utc_ns=now_ns,
            created_monotonic_ns=now_ns,
            position=Position(lat_deg=lat, lon_deg=lon, sigma_m=sensor.position_sigma_m, source=PositionSource.GNSS),
            swept=(swept,),
            heard=heard,
            findings=findings,
        )
        return FiledReport(row=self._row, sensor=name, received_utc_ns=now_ns, report=report)

    def _on_air(self, reception: TrueReception, begin_s: float) -> bool:
        on_s = self._plans[reception.emitter].on_s
        return on_s is None or any(begin <= begin_s < end for begin, end in on_s)

    def _heard(self, r: TrueReception, gain_db: float, full_scale: float | None) -> GsmCell | FmStation:
        plan = self._plans[r.emitter]
        level_dbfs = r.level_dbfs + self._rng.normal(0.0, MEASURED_DB)
        said = {"level_dbfs": level_dbfs, "level_dbm": dbm(level_dbfs, gain_db, full_scale), "cnr_db": r.cnr_db}
        if isinstance(plan, GsmCellPlan):
            b = plan.broadcast
            known = {"mcc": b.plmn[:3], "mnc": b.plmn[4:], "lac": b.lac, "ci": b.ci, "bsic": b.bsic}
            base = rogue(b.arfcn) if plan.kind == "rogue" else cell(b.arfcn)
            return msgspec.structs.replace(base, freq_hz=plan.freq_hz, **known, **said)
        rds = plan.broadcast.rds
        known = {"pi": rds.pi if rds else None, "ps": rds.ps if rds else None, "rds_groups": 20 if rds else 0}
        base = station() if plan.broadcast.stereo else plain(98.0)
        offset_hz = plan.freq_hz * (1 + plan.carrier_ppm * 1e-6)
        return msgspec.structs.replace(base, freq_hz=offset_hz, **known, **said)


if __name__ == "__main__":
    main()
