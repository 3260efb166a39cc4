"""Rogue base stations: the evasion ladder, the procedure of 2012, years of innocent life, real cells, others' rules.

WAVEWARDEN_ROGUE_DAYS: innocent sensor-days, 10000 unless given; the trials of the ladder shrink with them.
"""

import os
import time

from fusion.values import Level
from tests.benchmarks.rogue import compare, cost, innocent, ladder, made_iq, procedure, real, tally
from tests.benchmarks.rogue.ladder import Outcome
from tests.benchmarks.rogue.tally import Tally

DAYS_A_TOWN, DAYS = 250, 10_000
TOWNS, TRIALS = 8, 104


def main() -> None:
    days = int(os.environ.get("WAVEWARDEN_ROGUE_DAYS") or DAYS)
    part = min(1.0, days / DAYS)
    _print("Real cells", _real())
    _print("Made IQ", made_iq.table(made_iq.scenes()))
    _print("Cost", cost.table())
    _print("The procedure of 2012", procedure.table(max(1, round(3 * part))))
    outcomes = _ladder(max(2, round(TOWNS * part)), max(2, round(TRIALS * part)))
    lives, with_peers = _innocent(max(1, days // DAYS_A_TOWN), min(days, DAYS_A_TOWN))
    _print("Others' rules on the same data", compare.table(outcomes, lives, with_peers))


def _real() -> list[str]:
    folder = real.recordings()
    return ["the recordings are not here"] if folder is None else real.table(folder)


def _ladder(towns: int, trials: int) -> list[Outcome]:
    outcomes = []
    for gnss in (True, False):
        some = ladder.run(towns=towns, trials=trials, gnss=gnss)
        _print(f"Evasion ladder, {'with' if gnss else 'without'} GNSS", ladder.table(some))
        outcomes += some
    for line in ladder.missed(outcomes):
        print(line)
    return outcomes


def _innocent(towns: int, days: int) -> tuple[Tally, Tally]:
    everything, with_peers = Tally(), Tally()
    for seed in range(towns):
        one = innocent.live(seed, days)
        everything.add(one)
        if one.peers:
            with_peers.add(one)
    _print("Innocent life", tally.table(everything))
    _print("Who was accused, and why", tally.explained(everything, Level.WATCH))
    return everything, with_peers


def _print(title: str, lines: list[str]) -> None:
    print(f"\n### {title} ({time.process_time():.0f} CPU s so far)\n", flush=True)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
