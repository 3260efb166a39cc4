"""What happens between the masts and the sensor, behind the masts, and to the sensor itself."""

import numpy as np

from tests.benchmarks.rogue.life import HOUR, Life


def repeater(life: Life, time_s: float) -> None:
    """A repeater nearby lifts the cells of one network; clock and words stay."""
    gain_db = float(life.rng.uniform(8, 25))
    for cell in life.network()[:4]:
        cell.level_steps.append((time_s, gain_db))
        cell.level_steps.append((time_s + 10 * 24 * HOUR, -gain_db))


def lorry(life: Life, time_s: float) -> None:
    """Something large stands before the antenna, or goes away."""
    for cell in life.site():
        db = float(life.rng.uniform(-14, -5))
        cell.level_steps += [(time_s, db), (time_s + 3 * HOUR, -db)]


def inversion(life: Life, time_s: float) -> None:
    """Air layers carry far cells for some hours."""
    for cell in life.macro():
        if cell.level_dbm < -90:
            db = float(life.rng.uniform(3, 15))
            cell.level_steps += [(time_s, db), (time_s + 4 * HOUR, -db)]


def holdover(life: Life, time_s: float) -> None:
    """A site loses its reference and its oscillator runs free for a day: up to 0.2 ppm."""
    for cell in life.site():
        cell.clock.warm = (time_s, float(life.rng.uniform(-0.2, 0.2)), 86_400.0)


def core_silence(life: Life, time_s: float) -> None:
    """A fault in the core: a network pages nobody for half an hour."""
    for cell in life.network():
        usual, cell.load.paging_per_s = cell.load.paging_per_s, 0.0
        life.later.append((time_s + 1800.0, lambda c=cell, u=usual: setattr(c.load, "paging_per_s", u)))  # type: ignore[misc]


def sensor_restart(life: Life, time_s: float) -> None:
    life.receiver.restart(time_s)
    life.on_restart()


def antenna_moved(life: Life, time_s: float) -> None:
    life.receiver.gain_db = float(np.clip(life.receiver.gain_db + life.rng.normal(0, 6), -8, 8))
    for cell in life.town.transmitters:
        cell.level_dbm += float(life.rng.normal(0, 3))


def clock_set(life: Life, time_s: float) -> None:
    """A sensor without GNSS is told the time."""
    clock = life.receiver.clock
    clock.steps.append((time_s, float(life.rng.choice((-1, 1)) * 10 ** life.rng.uniform(-2.5, 0.5))))
