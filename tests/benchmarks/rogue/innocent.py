"""Years of innocent life: how often is somebody accused who did nothing?

Each sensor-day has one look-in of two sweeps at a random hour, and sweeps without a pause from just before each event
until four and a half minutes after it. What is provoked by events is therefore seen whole; what chance provokes in
quiet time is seen in the share of time that was swept, and an upper bound is scaled by it.
"""

from dataclasses import dataclass, field

import numpy as np

from dsp.gsm.values import GsmCell
from tests.benchmarks.rogue.baselines import Peer, peers
from tests.benchmarks.rogue.chain import PLAN, Accused, Chain, ShortChain
from tests.benchmarks.rogue.dongle import SWEEP_S, Clock, new_lo
from tests.benchmarks.rogue.life import HOUR, Life
from tests.benchmarks.rogue.life_events import events_of_day
from tests.benchmarks.rogue.receiver import Receiver
from tests.benchmarks.rogue.tally import DAY, Accusation, Tally
from tests.benchmarks.rogue.town import make_town

QUIET_SWEEPS, BEFORE_SWEEPS, AFTER_SWEEPS = 2, 1, 6
WARM_UP_DAYS = 8  # not counted: the sensor is new
SAME_ACCUSATION_S = DAY


def live(seed: int, days: int) -> Tally:
    """One town and its sensor for so many days after the first week; half of the sensors have no GNSS."""
    rng = np.random.default_rng((4, seed))
    gnss = seed % 2 == 0
    clock = Clock(gnss, drift_ppm=float(rng.normal(0, 10)))
    receiver = Receiver(rng, new_lo(rng), clock, calibrated=seed % 4 < 2)
    others = peers(PLAN, learn_sweeps=2 * WARM_UP_DAYS) if seed % 8 == 0 else []
    chain = Chain() if seed % 8 == 1 else ShortChain()
    run = _Run(seed, Life(make_town(rng), receiver, rng), chain, Tally(), peers=others)
    run.life.on_restart = chain.restart
    for day in range(WARM_UP_DAYS + days):
        if day == WARM_UP_DAYS:
            run.tally = Tally(days=float(days))
        run.day(day)
    return run.tally


@dataclass
class _Run:
    town: int
    life: Life
    chain: Chain | ShortChain
    tally: Tally
    now_s: float = 0.0
    last_event: tuple[float, str] = (-1e9, "quiet")
    peers: list[Peer] = field(default_factory=list)
    accused: dict[tuple[str, int, int], float] = field(default_factory=dict)  # by a peer, when last

    def day(self, day: int) -> None:
        drawn = events_of_day(self.life.rng, day)
        quiet_s = day * DAY + HOUR * float(self.life.rng.uniform(0, 23.5))
        plan = sorted([(quiet_s, "quiet", None), *drawn], key=lambda each: each[0])
        for time_s, name, act in plan:
            if act is None:
                self._sweeps(max(time_s, self.now_s), QUIET_SWEEPS)
                continue
            self._sweeps(max(time_s - BEFORE_SWEEPS * SWEEP_S, self.now_s), BEFORE_SWEEPS)
            self.tally.events[name] += 1
            self.last_event = (self.now_s, name)
            act(self.life, self.now_s + float(self.life.rng.uniform(0, SWEEP_S)))
            self._sweeps(self.now_s, AFTER_SWEEPS)

    def _sweeps(self, start_s: float, count: int) -> None:
        for turn in range(count):
            began_s = start_s + turn * SWEEP_S
            quiet = began_s - self.last_event[0] > HOUR
            self.tally.quiet_sweeps += quiet
            self.tally.event_sweeps += not quiet
            self.life.settle(began_s)
            heard: list[GsmCell] = []
            for look in self.life.receiver.sweep(self.life.town.transmitters, began_s):
                self.tally.cells += len(look.cells)
                heard += look.cells
                for accused in self.chain.look(look, self.life.receiver.clock):
                    self._note(accused, look.time_s)
            self.chain.tick(began_s + SWEEP_S)
            self._ask_peers(heard, began_s, quiet=quiet)
        self.now_s = start_s + count * SWEEP_S

    def _ask_peers(self, heard: list[GsmCell], time_s: float, *, quiet: bool) -> None:
        for peer in self.peers:
            for arfcn, bsic in peer.sweep(heard):
                key = peer.name, arfcn, bsic
                if time_s - self.accused.get(key, -1e9) > SAME_ACCUSATION_S:
                    self.tally.peers[(peer.name, quiet)] += 1
                    self.accused[key] = time_s

    def _note(self, accused: Accused, time_s: float) -> None:
        key = accused.arfcn, accused.bsic
        new = Accusation(
            town=self.town,
            time_s=time_s,
            level=accused.level,
            arfcn=accused.arfcn,
            bsic=accused.bsic,
            kind=next((t.kind for t in self.life.town.transmitters if t.channel == key), "none: read wrongly"),
            case=accused.kind,
            event=self.last_event[1] if time_s - self.last_event[0] <= HOUR else "quiet",
            findings=accused.findings,
            gnss=self.life.receiver.clock.gnss,
        )
        self._merge(new)

    def _merge(self, new: Accusation) -> None:
        for k, old in enumerate(self.tally.accusations):
            same = (old.arfcn, old.bsic) == (new.arfcn, new.bsic) and new.time_s - old.time_s < SAME_ACCUSATION_S
            if same:
                if new.level > old.level:
                    new.event = old.event if old.event != "quiet" else new.event
                    self.tally.accusations[k] = new
                return
        self.tally.accusations.append(new)
