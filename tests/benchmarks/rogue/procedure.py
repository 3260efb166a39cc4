"""The procedure of the Freiburg trials of 2012: sixteen sweeps over eight days, a catcher on the air in eight of them.

A sweep here is three minutes of one dongle. Peers swept 22 to 68 cells in 4 to 6 minutes and found the swap of a cell
after 5:59 to 6:35 minutes, 8 of 8, with 0 of 8 false.
"""

from dataclasses import dataclass

import numpy as np

from fusion.values import Level
from tests.benchmarks.rogue.catchers import Catcher, Rung, of_2012
from tests.benchmarks.rogue.dongle import SWEEP_S
from tests.benchmarks.rogue.ladder import Outcome, Ready, learn, sweeps, with_rogue

SESSIONS, SESSION_S, HALF_DAY_S = 16, 180.0, 43_200.0
VARIANTS = ("clone", "new identity")


@dataclass(frozen=True)
class Procedure:
    """Of one town: those with the catcher on, and how many of the others accused somebody of being at watch."""

    on: tuple[Outcome, ...]
    false: int


def procedure(seed: int, variant: str) -> Procedure:
    rng = np.random.default_rng((8, seed, VARIANTS.index(variant)))
    ready = learn(100 + seed, gnss=True)
    on: list[Outcome] = []
    false = 0
    with_catcher = set(rng.permutation(SESSIONS)[: SESSIONS // 2].tolist())
    for session in range(SESSIONS):
        start_s = ready.now_s + HALF_DAY_S
        if session in with_catcher:
            sweeps(ready, start_s - 2 * SWEEP_S, 2)
            on.append(_session(ready, variant, rng))
        else:
            false += sweeps(ready, start_s, round(SESSION_S / SWEEP_S)) >= Level.WATCH
    return Procedure(tuple(on), false)


def _session(ready: Ready, variant: str, rng: np.random.Generator) -> Outcome:
    on_s = ready.now_s
    rogue: Catcher = of_2012(ready.town, new_identity=variant == "new identity", on_s=on_s, rng=rng)
    return with_rogue(ready, rogue, Rung.L1, on_s, rng, last_s=SESSION_S)


def table(towns: int) -> list[str]:
    rows = [
        "| variant | at watch, of 8 a town | at high | slowest to watch s | median s | false, of 8 a town |",
        "|---|---|---|---|---|---|",
    ]
    for variant in VARIANTS:
        done = [procedure(seed, variant) for seed in range(towns)]
        times = [o.after(Level.WATCH) for p in done for o in p.on]
        high = [sum(o.after(Level.HIGH) <= SESSION_S for o in p.on) for p in done]
        watch = [sum(o.after(Level.WATCH) <= SESSION_S for o in p.on) for p in done]
        rows.append(
            f"| {variant} | {_list(watch)} | {_list(high)} | {max(times):.0f} | {np.median(times):.0f} "
            f"| {_list([p.false for p in done])} |"
        )
    return rows


def _list(counts: list[int]) -> str:
    return ", ".join(str(n) for n in counts)
