"""How a transmitter in a vehicle moves: it stands, or it drives along, now and then turning at a crossing.

Three modes that follow each other at random (interacting models): parked, to work where it is; halted, at a light;
driving, with a heading that holds, quarter turns, and a speed that wanders about what is usual in a city.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fusion.track.chance import normals, uniforms

Floats = NDArray[np.float64]
DRAWS = 6


@dataclass(frozen=True, slots=True)
class Driving:
    """Rates are of exponential times."""

    usual_m_s: float = 10.0
    fast_m_s: float = 15.0  # from here on it is on a road without lights, and keeps its speed
    usual_fast_m_s: float = 22.0
    pull_s: float = 40.0  # in which the speed comes back to what is usual
    speed_noise: float = 1.7  # m/s per root second
    heading_noise: float = 0.08  # rad per root second
    stands_after_s: float = 60.0
    drives_after_s: float = 35.0
    parks_share: float = 0.1  # of halts
    leaves_after_s: float = 1800.0  # from where it is parked
    turns_after_s: float = 25.0  # at a walking pace; nobody takes a corner at full speed
    back_share: float = 0.08  # of turns, those that go back
    turn_sigma_rad: float = 0.15
    slowest_m_s: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Moving:
    """All (p,). heading_rad : clockwise from north; speed_m_s : 0 stands. parked : for long."""

    east_m: Floats
    north_m: Floats
    heading_rad: Floats
    speed_m_s: Floats
    parked: NDArray[np.bool_]


def carried(before: Moving, seconds: float, key: int, model: Driving) -> Moving:
    """Each particle `seconds` later, by its own chance."""
    size = len(before.east_m)
    draw = uniforms(key, DRAWS, size)
    speed = _speeds(before, seconds, draw[0], normals(draw[1]), model)
    turned = _turned(before, seconds, draw[2:5], model)
    share = np.where(turned == before.heading_rad, 1.0, draw[5])  # of the time, before the turn
    mean = 0.5 * (before.speed_m_s + speed) * seconds
    old, new = mean * share, mean * (1 - share)
    return Moving(
        before.east_m + old * np.sin(before.heading_rad) + new * np.sin(turned),
        before.north_m + old * np.cos(before.heading_rad) + new * np.cos(turned),
        turned,
        speed,
        (speed == 0.0) & np.where(before.speed_m_s > 0.0, draw[2] < model.parks_share, before.parked),
    )


def _speeds(moving: Moving, seconds: float, chance: Floats, noise: Floats, model: Driving) -> Floats:
    before = moving.speed_m_s
    usual = np.where(before < model.fast_m_s, model.usual_m_s, model.usual_fast_m_s)
    pulled = before + (usual - before) * (1 - np.exp(-seconds / model.pull_s))
    going = np.maximum(np.abs(pulled + model.speed_noise * np.sqrt(seconds) * noise), model.slowest_m_s)
    starting = np.maximum(np.abs(0.6 * model.usual_m_s + 0.3 * model.usual_m_s * noise), model.slowest_m_s)
    stood = before == 0.0
    standing = np.where(moving.parked, model.leaves_after_s, model.drives_after_s)
    changes = chance < 1 - np.exp(-seconds / np.where(stood, standing, model.stands_after_s))
    halts = changes & (before < model.fast_m_s)
    return np.where(stood, np.where(changes, starting, 0.0), np.where(halts, 0.0, going))


def _turned(before: Moving, seconds: float, draw: Floats, model: Driving) -> Floats:
    """Headings after: the same where it stands, wandering on the way, a quarter or half turn at a crossing."""
    chance, side, noise = draw[0], draw[1], normals(draw[2])
    slow = np.clip(1.5 - before.speed_m_s / model.fast_m_s, 0.0, 1.0)
    turns = (chance < 1 - np.exp(-seconds * slow / model.turns_after_s)) & (before.speed_m_s > 0)
    quarter = np.where(side < 0.5, -np.pi / 2, np.pi / 2)
    half = np.abs(side - 0.5) < model.back_share / 2
    turn = np.where(half, np.pi, quarter) + model.turn_sigma_rad * noise
    wander = np.where(before.speed_m_s > 0, model.heading_noise * np.sqrt(seconds) * noise, 0.0)
    return before.heading_rad + np.where(turns, turn, wander)
