"""FM judging in simulated bands: licensed-only station-days, and pirates and hijackers from careless to careful.

WAVEWARDEN_FM_DAYS: licensed-only station-days, 102 unless given; the trials of the ladder shrink with them.
"""

import os
import time

from fusion.values import Level
from tests.benchmarks.fm_days import captured, innocent, ladder
from tests.benchmarks.fm_days.innocent import Tally

DAYS, DAYS_A_TOWN, TRIALS, BANDS = 102, 3, 30, 3


def main() -> None:
    days = int(os.environ.get("WAVEWARDEN_FM_DAYS") or DAYS)
    _print("Two stations on a channel, by the receiver", captured.table())
    trials = max(BANDS, round(TRIALS * min(1.0, days / DAYS)))
    ways = ((1, True, "one sensor stays"), (1, False, "one sweeps"), (3, False, "three sweep"))
    for sensors, followed, how in ways:
        some = ladder.run(bands=BANDS, trials=trials, sensors=sensors, followed=followed)
        _print(f"Pirates and hijackers, {how}", ladder.table(some))
    everything = Tally()
    for seed in range(10**6):
        if everything.days >= days:
            break
        everything.add(innocent.live(seed, DAYS_A_TOWN, sensors=1 if seed % 2 else 3))
    _print("Licensed-only days", innocent.table(everything))
    _print("Who was accused of more than a note, and why", innocent.explained(everything, Level.WATCH))


def _print(title: str, lines: list[str]) -> None:
    print(f"\n### {title} ({time.process_time():.0f} CPU s so far)\n", flush=True)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
