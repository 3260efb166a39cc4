"""Drives through made streets: where a vehicle is, second by second. Nothing here knows the tracker's own model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Drive:
    """Place each second: (seconds, 2), east and north in metres."""

    places: Floats

    def at(self, time_s: float) -> Floats:
        low = int(np.clip(np.floor(time_s), 0, len(self.places) - 2))
        share = min(max(time_s - low, 0.0), 1.0)
        return np.asarray((1 - share) * self.places[low] + share * self.places[low + 1])


def streets(rng: np.random.Generator, seconds: int, *, block_m: float = 180.0, half_m: float = 2_000.0) -> Drive:
    """On a street grid: speeds up and brakes, waits at some lights, turns at some crossings, stays inside."""
    heading = int(rng.integers(4))
    place = np.round(rng.uniform(-half_m / 2, half_m / 2, 2) / block_m) * block_m
    ways = np.array([(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (-1.0, 0.0)])
    found, speed, wait = [place.copy()], 0.0, 0.0
    to_go, limit = block_m, rng.uniform(8.0, 15.0)
    red = rng.uniform() < 0.35
    while len(found) <= seconds:
        if wait > 0:
            wait -= 1.0
            found.append(place.copy())
            continue
        target = limit
        if red:
            target = min(target, np.sqrt(2 * 2.0 * max(to_go - 3.0, 0.0)))
        speed += np.clip(target - speed, -3.0, 1.8)
        step = min(max(speed, 0.5), to_go)
        place = place + step * ways[heading]
        to_go -= step
        if to_go < 3.0:
            place, to_go = np.round(place / block_m) * block_m, block_m
            wait, speed = (rng.uniform(10, 45), 0.0) if red else (0.0, speed)
            turn = rng.choice([0, 1, 3], p=[0.6, 0.2, 0.2])
            outside = np.abs(place + block_m * ways[(heading + turn) % 4]).max() > half_m
            heading = (heading + (2 if outside else turn)) % 4
            speed = min(speed, 5.0) if turn or outside else speed
            red, limit = rng.uniform() < 0.35, rng.uniform(8.0, 15.0)
        found.append(place.copy())
    return Drive(np.array(found))


def highway(rng: np.random.Generator, seconds: int, *, half_m: float = 4_000.0) -> Drive:
    """A wide bend at 17 to 27 m/s, back and forth."""
    speed, heading = rng.uniform(17, 27), rng.uniform(0, 2 * np.pi)
    bend = rng.uniform(-0.01, 0.01)
    place, found = -0.4 * half_m * np.array([np.sin(heading), np.cos(heading)]), []
    for _ in range(seconds + 1):
        found.append(place.copy())
        outward = float(place @ [np.sin(heading), np.cos(heading)]) > 0 and np.hypot(*place) > half_m
        heading += 0.12 if outward else bend + rng.normal(0, 0.004)
        place = place + speed * np.array([np.sin(heading), np.cos(heading)])
    return Drive(np.array(found))


def stop_and_go(rng: np.random.Generator, seconds: int) -> Drive:
    """Works for minutes in one place, drives on, works again."""
    drive, found, at = streets(rng, 4 * seconds), [], 0
    while len(found) <= seconds:
        found += [drive.places[at]] * int(rng.integers(90, 240))
        going = int(rng.integers(40, 120))
        found += list(drive.places[at : at + going])
        at += going
    return Drive(np.array(found[: seconds + 1]))


def parked(rng: np.random.Generator, seconds: int) -> Drive:
    return Drive(np.tile(rng.uniform(-1_500, 1_500, 2), (seconds + 1, 1)))


def street_lines(*, block_m: float = 180.0, half_m: float = 2_160.0) -> list[list[tuple[float, float]]]:
    """The grid that `streets` drives on, in metres."""
    at = np.arange(-half_m, half_m + 1, block_m)
    return [[(x, -half_m), (x, half_m)] for x in at] + [[(-half_m, y), (half_m, y)] for y in at]
