"""The evasion ladder: how surely and how soon is each rung accused by one dongle that sweeps GSM 900?

A town is learnt for days by look-ins, then swept for ten minutes; each trial goes on from there with a rogue of its
own. Innocent cells accused meanwhile are counted beside.
"""

import copy
import math
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from dsp.gsm.values import GsmCell
from fusion.values import Level
from tests.benchmarks.rogue.baselines import Key, Peer, peers
from tests.benchmarks.rogue.catchers import Catcher, Rung, catcher
from tests.benchmarks.rogue.chain import PLAN, Accused, Chain
from tests.benchmarks.rogue.dongle import SWEEP_S, Clock, new_lo
from tests.benchmarks.rogue.receiver import Receiver
from tests.benchmarks.rogue.town import Town, make_town

DAY = 86_400.0
LEARN_DAYS, LEARN_LOOKS, LEARN_SWEEPS = 8, 24, 1
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
    others: list[tuple[Peer, set[Key]]] = field(default_factory=list)  # after these, and whom they accuse


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


def learn(seed: int, *, gnss: bool, days: int = LEARN_DAYS) -> Ready:
    """Days of look-ins at all hours, then ten minutes without a pause."""
    rng = np.random.default_rng((5, seed))
    town = make_town(rng)
    clock = Clock(gnss, drift_ppm=float(rng.normal(0, 10)))
    ready = Ready(town, Receiver(rng, new_lo(rng), clock, calibrated=seed % 2 == 0), Chain(), 0.0)
    for day in range(days):
        for hour in sorted(rng.uniform(0, 24, LEARN_LOOKS)):
            sweeps(ready, max(day * DAY + 3600.0 * float(hour), ready.now_s), LEARN_SWEEPS)
    start_s = max(ready.now_s, days * DAY) + 3600.0 * float(rng.uniform(9, 20))
    sweeps(ready, start_s, RUN_IN_SWEEPS)
    ready.others = [(peer, {key for cells in ready.lately for key in peer.sweep(cells)}) for peer in peers(PLAN)]
    return ready


def sweeps(ready: Ready, start_s: float, count: int) -> int:
    """The worst level said of anybody meanwhile; 0: none."""
    worst = 0
    for turn in range(count):
        ready.lately = [*ready.lately[1 - RUN_IN_SWEEPS :], []]
        for look in ready.receiver.sweep(ready.town.transmitters, start_s + turn * SWEEP_S):
            ready.lately[-1] += look.cells
            worst = max([worst, *(a.level for a in ready.chain.look(look, ready.receiver.clock))])
        ready.chain.tick(start_s + (turn + 1) * SWEEP_S)
    ready.now_s = start_s + count * SWEEP_S
    return worst


def trial(ready: Ready, rung: Rung, seed: int) -> Outcome:
    """Ten minutes with one rogue, from the same state each time; our judging ends when it is at high."""
    rng = np.random.default_rng((6, seed, list(Rung).index(rung)))
    on_s = ready.now_s + float(rng.uniform(0, SWEEP_S))
    return with_rogue(ready, catcher(ready.town, rung, on_s, rng), rung, on_s, rng)


def with_rogue(
    ready: Ready, rogue: Catcher, rung: Rung, on_s: float, rng: np.random.Generator, *, last_s: float = TRIAL_S
) -> Outcome:
    chain, receiver = ready.chain.copy(), ready.receiver.copy(rng)
    over_db = rogue.transmitter.level_dbm - (rogue.model.level_dbm if rogue.model else 0.0)
    outcome = Outcome(rung, audible=False, level_dbm=rogue.transmitter.level_dbm, over_model_db=over_db)
    on_air, start_s = [*ready.town.transmitters, rogue.transmitter], ready.now_s
    sweeps: list[list[GsmCell]] = []
    while start_s < on_s + last_s:
        sweeps.append([])
        for look in receiver.sweep(on_air, start_s):
            rogue.settle(look.time_s)
            sweeps[-1] += look.cells
            if look.time_s <= on_s + last_s and Level.HIGH not in outcome.reached_s:
                _note(outcome, rogue, chain.look(look, receiver.clock), look.time_s - on_s)
        outcome.audible |= start_s > on_s and any((c.arfcn, c.bsic) == rogue.transmitter.channel for c in sweeps[-1])
        chain.tick(start_s + SWEEP_S)
        start_s += SWEEP_S
    outcome.peers = _accusing_peers(ready, sweeps[1:], rogue)
    return outcome


def _accusing_peers(ready: Ready, sweeps: list[list[GsmCell]], rogue: Catcher) -> frozenset[str]:
    """Who else would accuse the rogue on the same sweeps. One accused before it came does not count."""
    names = set()
    for peer, before in ready.others:
        asked, channel = copy.deepcopy(peer), rogue.transmitter.channel
        if channel not in before and any(channel in asked.sweep(cells) for cells in sweeps):
            names.add(peer.name)
    return frozenset(names)


def _note(outcome: Outcome, rogue: Catcher, accused: tuple[Accused, ...], after_s: float) -> None:
    for each in accused:
        if (each.arfcn, each.bsic) != rogue.transmitter.channel:
            outcome.innocent = max(outcome.innocent or each.level, each.level)
        elif after_s > 0:
            outcome.reached_s.setdefault(each.level, after_s)
            outcome.names = each.findings


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


def missed(outcomes: list[Outcome]) -> list[str]:
    """By which evidence those stood that never came to high, the commonest first."""
    short = [o for o in outcomes if o.after(Level.HIGH) > TRIAL_S]
    why = Counter((o.rung.name, _why(o)) for o in short)
    return [f"- {count} × {rung}: {reason}" for (rung, reason), count in why.most_common(12)]


def _why(outcome: Outcome) -> str:
    if not outcome.audible:
        return "never read: another cell of its channel is as loud here"
    return ", ".join(sorted(name.removeprefix("gsm_") for name in outcome.names)) or "nothing against it"
