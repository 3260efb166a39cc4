"""Other systems' rules on the same data, in both directions: rogues they accuse, innocents they accuse."""

from collections.abc import Sequence

import numpy as np

from fusion.values import Level
from tests.benchmarks.rogue.baselines import peers
from tests.benchmarks.rogue.catchers import Rung
from tests.benchmarks.rogue.chain import PLAN
from tests.benchmarks.rogue.ladder import TRIAL_S, Outcome
from tests.benchmarks.rogue.tally import Tally


def table(outcomes: Sequence[Outcome], all_towns: Tally, with_peers: Tally) -> list[str]:
    """`with_peers`: the towns in which they were asked; ours are counted in all."""
    rungs = " | ".join(rung.name for rung in Rung)
    rows = [f"| rules | {rungs} | innocents accused a sensor-month |", "|---|" + "---|" * (len(Rung) + 1)]
    for level in (Level.HIGH, Level.WATCH):
        shares = [_share([o.after(level) <= TRIAL_S for o in outcomes if o.rung is rung]) for rung in Rung]
        rows.append(_row(f"ours, {level.name.lower()}", shares, all_towns.a_month(level)))
    for peer in peers(PLAN):
        shares = [_share([peer.name in o.peers for o in outcomes if o.rung is rung]) for rung in Rung]
        rows.append(_row(peer.name, shares, with_peers.peer_a_month(peer.name)))
    return rows


def _row(name: str, shares: list[str], a_month: float) -> str:
    return f"| {name} | {' | '.join(shares)} | {a_month:.2f} |"


def _share(hits: list[bool]) -> str:
    return f"{100 * np.mean(hits):.0f} %"
