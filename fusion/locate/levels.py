"""What was received and where, and how each sensor's levels follow from power and distance."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
REFERENCE_M = 100.0
NEAREST_M = 30.0  # closer than this heights count, not the distance
TAILS_DOF = 6.0  # of Student's tails of shadowing


def decay_db(east_m: Floats, north_m: Floats, at_east_m: Floats, at_north_m: Floats) -> Floats:
    """x = −10·log10(distance / 100 m) of every place to every receiver: (p, k). An exponent times this is dB.

    In memory the places of one receiver stand together, here and in all that is computed of it: sums over a few
    receivers are then several times faster.
    """
    squared = (east_m - at_east_m[:, None]) ** 2 + (north_m - at_north_m[:, None]) ** 2
    return np.asarray(-5.0 * np.log10((squared.T + NEAREST_M**2) / REFERENCE_M**2))


@dataclass(frozen=True, slots=True, eq=False)
class Traits:
    """Of sensors, one entry a level, all (k,). For exponent n the part that goes with distance is

        slope·x + n·(bent_db + lean·x) ± √(gain_db2 + 2·x·cross_db + slope_2·x²)

    A sensor of which nothing was learnt: slope 0, bent 0, lean 1. One that is known has a slope of its own and lean 0.
    shadowing_db : its usual size at this sensor; 0: not learnt
    """

    slope: Floats
    bent_db: Floats
    lean: Floats
    gain_db2: Floats
    cross_db: Floats
    slope_2: Floats
    shadowing_db: Floats

    @classmethod
    def unknown(cls, gain_sigma_db: Floats, slope_sigma: float = 0.0) -> "Traits":
        zero, one = np.zeros_like(gain_sigma_db), np.ones_like(gain_sigma_db)
        return cls(zero, zero, one, gain_sigma_db**2, zero, slope_sigma**2 * one, zero)

    def lever(self, decay: Floats) -> Floats:
        """What one more of the exponent adds, in dB."""
        return self.bent_db + self.lean * decay

    def variance(self, decay: Floats) -> Floats:
        """Of gain and slope, dB²."""
        return np.maximum(self.gain_db2 + 2 * decay * self.cross_db + decay**2 * self.slope_2, 0.0)

    def shadowing(self, usual_db: float) -> Floats:
        return np.where(self.shadowing_db > 0.0, self.shadowing_db, usual_db)

    def of(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> "Traits":
        return Traits(*(getattr(self, f.name)[which] for f in fields(self)))

    def and_more(self, more: "Traits") -> "Traits":
        return Traits(*(np.concatenate([getattr(self, f.name), getattr(more, f.name)]) for f in fields(self)))


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """What was received, and where. All (k,).

    level_dbm    : corrected by what was learnt of the sensor's gain
    sensor       : number of the sensor; what one sensor's gain is wrong by, it is wrong by everywhere
    own_sigma_db : of this level alone: fading, noise
    """

    east_m: Floats
    north_m: Floats
    level_dbm: Floats
    sensor: NDArray[np.int64]
    own_sigma_db: Floats
    traits: Traits

    @property
    def count(self) -> int:
        return int(self.level_dbm.size)

    @property
    def moved(self) -> NDArray[np.bool_]:
        """Which are of sensors that heard it in more than one place."""
        return np.asarray(np.bincount(self.sensor)[self.sensor] > 1) if self.count else np.zeros(0, bool)

    def parted(self) -> tuple["Levels", "Levels"]:
        """Of sensors that stood still, and of those that moved."""
        moved = self.moved
        return self.of(~moved), self.of(moved)

    def of(self, which: NDArray[np.bool_]) -> "Levels":
        return Levels(
            self.east_m[which],
            self.north_m[which],
            self.level_dbm[which],
            self.sensor[which],
            self.own_sigma_db[which],
            self.traits.of(which),
        )

    def and_more(self, more: "Levels") -> "Levels":
        return Levels(
            np.concatenate([self.east_m, more.east_m]),
            np.concatenate([self.north_m, more.north_m]),
            np.concatenate([self.level_dbm, more.level_dbm]),
            np.concatenate([self.sensor, more.sensor]),
            np.concatenate([self.own_sigma_db, more.own_sigma_db]),
            self.traits.and_more(more.traits),
        )

    def reweighted(self, weights: Floats, usual_db: float) -> "Levels":
        """Less weight is more variance of its own."""
        total = self.traits.shadowing(usual_db) ** 2 + self.traits.gain_db2 + self.own_sigma_db**2
        return replace(self, own_sigma_db=np.sqrt(self.own_sigma_db**2 + total * (1.0 / weights - 1.0)))


def towards(east_m: Floats, north_m: Floats, levels: Levels) -> tuple[Floats, Floats]:
    """Direction from each place to each receiver, as a unit vector: two of (p, k)."""
    east, north = levels.east_m - east_m[:, None], levels.north_m - north_m[:, None]
    metres = np.sqrt(east**2 + north**2 + NEAREST_M**2)
    return east / metres, north / metres


@dataclass(frozen=True, slots=True, eq=False)
class Silences:
    """Who listened and heard nothing above `floor_dbm`. All (m,).

    own_sigma_db : of fading.  counts : below one where places so near each other say the same twice
    """

    east_m: Floats
    north_m: Floats
    floor_dbm: Floats
    own_sigma_db: Floats
    counts: Floats
    traits: Traits

    @property
    def count(self) -> int:
        return int(self.floor_dbm.size)


_NONE = np.zeros(0)
NO_SILENCES = Silences(_NONE, _NONE, _NONE, _NONE, _NONE, Traits.unknown(_NONE))
