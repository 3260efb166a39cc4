"""What happens to innocent networks and to the sensor, how often and when: each acts on the town at an instant.

Rates are per sensor and day. They are higher than in a quiet town, so that everything is seen often.
"""

from collections.abc import Callable

import numpy as np

from tests.benchmarks.rogue.life import HOUR, Life
from tests.benchmarks.rogue.life_air import (
    antenna_moved,
    clock_set,
    core_silence,
    holdover,
    inversion,
    lorry,
    repeater,
    sensor_restart,
)
from tests.benchmarks.rogue.life_changes import barring, plan_change, re_parent, refarm, reset, restart, retune, tuning
from tests.benchmarks.rogue.life_new import event_cell, indoor_cell, new_site

ALL_DAY, BY_NIGHT, BY_DAY = (0.0, 24.0), (0.5, 5.0), (8.0, 21.0)
Act = Callable[[Life, float], None]
# what, how often a sensor and day, at which hours
EVENTS: tuple[tuple[str, float, tuple[float, float], Act], ...] = (
    ("restart", 0.06, ALL_DAY, restart),
    ("reset", 0.03, ALL_DAY, reset),
    ("re-parenting", 0.015, BY_NIGHT, re_parent),
    ("refarming", 0.008, BY_NIGHT, refarm),
    ("retune", 0.015, BY_NIGHT, retune),
    ("plan change", 0.015, BY_NIGHT, plan_change),
    ("one cell tuned", 0.02, BY_DAY, tuning),
    ("barring", 0.006, BY_DAY, barring),
    ("new site", 0.008, BY_DAY, new_site),
    ("event cell", 0.02, BY_DAY, event_cell),
    ("indoor cell", 0.01, BY_DAY, indoor_cell),
    ("repeater", 0.01, BY_DAY, repeater),
    ("lorry", 0.03, BY_DAY, lorry),
    ("inversion", 0.02, BY_NIGHT, inversion),
    ("holdover", 0.003, ALL_DAY, holdover),
    ("core silence", 0.005, ALL_DAY, core_silence),
    ("sensor restart", 0.04, ALL_DAY, sensor_restart),
    ("antenna moved", 0.008, BY_DAY, antenna_moved),
    ("clock set", 0.05, ALL_DAY, clock_set),
)


def events_of_day(rng: np.random.Generator, day: int) -> list[tuple[float, str, Act]]:
    drawn = [
        (day * 86_400.0 + HOUR * float(rng.uniform(*hours)), name, act)
        for name, rate, hours, act in EVENTS
        for _ in range(int(rng.poisson(rate)))
    ]
    return sorted(drawn, key=lambda each: each[0])
