"""FM judging in simulated bands: licensed-only station-days, and pirates and hijackers from careless to careful.

WAVEWARDEN_FM_DAYS: licensed-only station-days, 102 unless given; the trials of the ladder shrink with them.
WAVEWARDEN_FM_TOWNS: the towns of those days by number, such as 17,18,19; thresholds were chosen on towns 0 to 16.
"""

import os
import time
from collections.abc import Iterable

from fusion.values import Level
from tests.benchmarks.fm_days import above, captured, innocent, ladder, openings, pirates
from tests.benchmarks.fm_days.innocent import Tally
from tests.benchmarks.fm_days.life import ducting, sporadic_e

DAYS, DAYS_A_TOWN, TRIALS, BANDS = 102, 3, 30, 3
FIRST_TOWN, TOWNS = 17, 10**6
OPENINGS, PIRATES, PLACED_TOWNS = range(100, 120), range(20), range(100)


def main() -> None:
    days = int(os.environ.get("WAVEWARDEN_FM_DAYS") or DAYS)
    _print("Two stations on a channel, by the receiver", captured.table())
    trials = max(BANDS, round(TRIALS * min(1.0, days / DAYS)))
    ways = ((1, True, "one sensor stays"), (1, False, "one sweeps"), (3, False, "three sweep"))
    for sensors, followed, how in ways:
        some = ladder.run(bands=BANDS, trials=trials, sensors=sensors, followed=followed)
        _print(f"Pirates and hijackers, {how}", ladder.table(some))
    told = {act.__name__: openings.run(act, OPENINGS, sensors=1) for act in (ducting, sporadic_e)}
    _print("Openings alone, one sensor", openings.table(told))
    _print("Pirates by level, one sensor", pirates.table(pirates.run(PIRATES)))
    _print("Levels against licences", above.table(above.run(PLACED_TOWNS)))
    everything = Tally()
    for seed in _towns():
        if everything.days >= days:
            break
        everything.add(innocent.live(seed, DAYS_A_TOWN, sensors=1 if seed % 2 else 3))
    _print("Licensed-only days", innocent.table(everything))
    _print("Who was accused of more than a note, and why", innocent.explained(everything, Level.WATCH))


def _towns() -> Iterable[int]:
    named = os.environ.get("WAVEWARDEN_FM_TOWNS")
    return map(int, named.split(",")) if named else range(FIRST_TOWN, TOWNS)


def _print(title: str, lines: list[str]) -> None:
    print(f"\n### {title} ({time.process_time():.0f} CPU s so far)\n", flush=True)
    for line in lines:
        print(line, flush=True)


if __name__ == "__main__":
    main()
