"""The evasion ladder: how surely and how soon is each rung accused by one dongle that sweeps GSM 900?

A town is learnt for days by look-ins, then swept for ten minutes; each trial goes on from there with a rogue of its
own. Innocent cells accused meanwhile are counted beside.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from dsp.gsm.values import GsmCell
from fusion.values import Case, Level
from tests.benchmarks.rogue.baselines import peers
from tests.benchmarks.rogue.catchers import Catcher, Rung, catcher
from tests.benchmarks.rogue.chain import PLAN, Chain
from tests.benchmarks.rogue.receiver import SWEEP_S, Clock, Lo, Receiver
from tests.benchmarks.rogue.town import Town, make_town

DAY = 86_400.0
LEARN_DAYS, LEARN_LOOKS, LEARN_SWEEPS = 8, 6, 2
RUN_IN_SWEEPS = 12
TRIAL_S = 600.0


@dataclass
class Ready:
    """A town that a sensor has learnt, at `now_s`."""

    town: Town
    receiver: Receiver
    chain: Chain
    now_s: float
    lately: list[list[GsmCell]] = field(default_factory=list)  # the cells of each of the last sweeps


@dataclass
class Outcome:
    """Seconds from switching on until the rogue's case reached each level; never: infinite."""

    rung: Rung
    audible: bool  # it was read at all
    reached_s: dict[Level, float] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    innocent: Level | None = None  # the worst said of another cell meanwhile
    level_dbm: float = 0.0
    over_model_db: float = 0.0
    peers: frozenset[str] = frozenset()  # who accused it by its own rules

    def after(self, level: Level) -> float:
        return min((s for reached, s in self.reached_s.items() if reached >= level), default=math.inf)


def learn(seed: int, *, gnss: bool) -> Ready:
    """Eight days of look-ins at all hours, then ten minutes without a pause."""
    rng = np.random.default_rng((5, seed))
    town = make_town(rng)
    clock = Clock(gnss, drift_ppm=float(rng.normal(0, 10)))
    ready = Ready(town, Receiver(rng, Lo(float(rng.normal(0, 20))), clock, calibrated=seed % 2 == 0), Chain(), 0.0)
    for day in range(LEARN_DAYS):
        for hour in sorted(rng.uniform(0, 24, LEARN_LOOKS)):
            sweeps(ready, max(day * DAY + 3600.0 * float(hour), ready.now_s), LEARN_SWEEPS)
    start_s = max(ready.now_s, LEARN_DAYS * DAY) + 3600.0 * float(rng.uniform(9, 20))
    sweeps(ready, start_s, RUN_IN_SWEEPS)
    return ready


def sweeps(ready: Ready, start_s: float, count: int) -> int:
    """The worst level said of anybody meanwhile; 0: none."""
    worst = 0
    for turn in range(count):
        ready.lately = [*ready.lately[1 - RUN_IN_SWEEPS :], []]
        for time_s, cells in ready.receiver.sweep(ready.town.transmitters, start_s + turn * SWEEP_S):
            ready.lately[-1] += cells
            if cells:
                cases = ready.chain.look(cells, time_s, ready.receiver.clock)
                worst = max([worst, *(case.level for case in cases)])
        ready.chain.tick(start_s + (turn + 1) * SWEEP_S)
    ready.now_s = start_s + count * SWEEP_S
    return worst


def trial(ready: Ready, rung: Rung, seed: int) -> Outcome:
    """Ten minutes with one rogue, from the same state each time."""
    rng = np.random.default_rng((6, seed, list(Rung).index(rung)))
    on_s = ready.now_s + float(rng.uniform(0, SWEEP_S))
    return with_rogue(ready, catcher(ready.town, rung, on_s, rng), rung, on_s, rng)


def with_rogue(
    ready: Ready, rogue: Catcher, rung: Rung, on_s: float, rng: np.random.Generator, *, last_s: float = TRIAL_S
) -> Outcome:
    chain, receiver = ready.chain.copy(), ready.receiver.copy(rng)
    over_db = rogue.transmitter.level_dbm - (rogue.model.level_dbm if rogue.model else 0.0)
    outcome = Outcome(rung, audible=False, level_dbm=rogue.transmitter.level_dbm, over_model_db=over_db)
    on_air, start_s, sweeps = [*ready.town.transmitters, rogue.transmitter], ready.now_s, []
    while start_s < on_s + last_s:
        sweeps.append([])
        for time_s, cells in receiver.sweep(on_air, start_s):
            rogue.settle(time_s)
            sweeps[-1] += cells
            cases = chain.look(cells, time_s, receiver.clock) if cells else ()
            if time_s <= on_s + last_s:
                _note(outcome, chain, rogue, cases, time_s - on_s)
        outcome.audible |= start_s > on_s and any((c.arfcn, c.bsic) == rogue.transmitter.channel for c in sweeps[-1])
        chain.tick(start_s + SWEEP_S)
        start_s += SWEEP_S
    outcome.peers = _accusing_peers(ready, sweeps[1:], rogue)
    return outcome


def _accusing_peers(ready: Ready, sweeps: list[list[GsmCell]], rogue: Catcher) -> frozenset[str]:
    """Who else would accuse the rogue on the same sweeps. One accused before it came does not count."""
    names = set()
    for peer in peers(PLAN):
        before = {key for cells in ready.lately for key in peer.sweep(cells)}
        after = {key for cells in sweeps for key in peer.sweep(cells)}
        if rogue.transmitter.channel in after - before:
            names.add(peer.name)
    return frozenset(names)


def _note(outcome: Outcome, chain: Chain, rogue: Catcher, cases: tuple[Case, ...], after_s: float) -> None:
    for case in cases:
        emitter = chain.world.emitters[case.emitter_id]
        if (emitter.arfcn, emitter.bsic) != rogue.transmitter.channel:
            outcome.innocent = max(outcome.innocent or case.level, case.level)
        elif after_s > 0:
            outcome.reached_s.setdefault(case.level, after_s)
            outcome.names = tuple(f"{s.finding.name} {s.finding.weight_db:+.0f}" for s in case.findings)


def table(outcomes: list[Outcome]) -> list[str]:
    rows = [
        "| rung | n | high within 10 min | watch within 10 min | median s to watch / high | innocents watch / high |",
        "|---|---|---|---|---|---|",
    ]
    for rung in Rung:
        of = [o for o in outcomes if o.rung is rung]
        high, watch = [o.after(Level.HIGH) for o in of], [o.after(Level.WATCH) for o in of]
        wrong = [sum((o.innocent or 0) >= level for o in of) for level in (Level.WATCH, Level.HIGH)]
        rows.append(
            f"| {rung.name} {rung.value} | {len(of)} | {_share(high)} | {_share(watch)} "
            f"| {_median(watch)} / {_median(high)} | {wrong[0]} / {wrong[1]} |"
        )
    return rows


def _share(times: list[float]) -> str:
    return f"{100 * np.mean([t <= TRIAL_S for t in times]):.0f} %"


def _median(times: list[float]) -> str:
    middle = sorted(times)[len(times) // 2]
    return "–" if math.isinf(middle) else f"{middle:.0f}"


def run(*, towns: int, trials: int, gnss: bool) -> list[Outcome]:
    """`trials` of each rung, dealt out to the towns."""
    outcomes = []
    for seed in range(towns):
        ready = learn(seed, gnss=gnss)
        for rung in Rung:
            outcomes += [trial(ready, rung, seed * 1000 + k) for k in range(seed, trials, towns)]
    return outcomes
