"""Received levels as one term of the joint likelihood."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from fusion.locate.calibrate import Learnt
from fusion.locate.fix import Place, corrected, levels_of, merge_places, silences_of
from fusion.locate.geo import Floats, Plane
from fusion.locate.levels import NO_SILENCES, Levels, Silences
from fusion.locate.power import Likelihood, Propagation, power_likelihood
from fusion.values import Sighting

ANYTHING_DB = 20.0  # one sigma of a power of which nothing is known
NEAR_M = 100.0
PEAK_M, MOST_POINTS = 75.0, 6  # how wide the peak beside a sensor is, at least; points along the side of a cell


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What was received, and who listened in vain; `places` holds both, those that heard first."""

    places: tuple[Place, ...]
    heard: Levels
    missed: Silences
    prior: Propagation

    @classmethod
    def of(cls, sightings: Iterable[Sighting], plane: Plane, prior: Propagation, learnt: Learnt) -> "Received | None":
        """None when nobody heard it."""
        places = [corrected(place, learnt) for place in merge_places(sightings)]
        heard = [p for p in places if p.level_dbm is not None]
        missed = [p for p in places if p.level_dbm is None]
        if not heard:
            return None
        silences = silences_of(missed, plane) if missed else NO_SILENCES
        return cls((*heard, *missed), levels_of(heard, plane), silences, told(prior, learnt))

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: Floats | float = 0.0) -> Floats:
        """Of places (p,). Levels change slowly from place to place, but not beside a sensor that heard it: a cell there
        is looked at in several points and averaged, so that no peak falls between the cells."""
        logs, cell = self._log_density(east_m, north_m), np.broadcast_to(cell_m, east_m.shape)
        near = self._beside(east_m, north_m, cell)
        if near.size:
            side = min(math.ceil(float(cell[near].max()) / PEAK_M), MOST_POINTS)
            steps = (np.arange(side) + 0.5) / side - 0.5
            across, along = (cell[near, None] * a.ravel() for a in np.meshgrid(steps, steps))
            east, north = east_m[near, None] + across, north_m[near, None] + along
            inside = self._log_density(east.ravel(), north.ravel()).reshape(east.shape)
            logs[near] = logsumexp(inside, axis=1) - 2 * np.log(side)
        return logs

    def _beside(self, east_m: Floats, north_m: Floats, cell_m: Floats) -> NDArray[np.int64]:
        """Numbers of the cells, wider than a peak, in or next to which a sensor heard it."""
        across = np.abs(east_m[:, None] - self.heard.east_m)
        along = np.abs(north_m[:, None] - self.heard.north_m)
        beside = (np.maximum(across, along) < 0.75 * cell_m[:, None]).any(axis=1)
        return np.flatnonzero(beside & (cell_m > PEAK_M))

    def _log_density(self, east_m: Floats, north_m: Floats) -> Floats:
        return self.likelihood(east_m, north_m).log_likelihood + self._nearness(east_m, north_m)

    def _nearness(self, east_m: Floats, north_m: Floats) -> Floats:
        """The less is known of its power, the less a prior that is uniform over the land can be meant.

        Of a power that may be anything the distance is unknown by its order of magnitude: log-uniform, 1/(1 + d²/s²),
        about where it is loudest. Of a power that is known the levels tell the distance, and nothing is added.
        """
        share = min(1.0, self.prior.eirp_sigma_db / ANYTHING_DB)
        loudest = int(np.argmax(self.heard.level_dbm))
        squared = (east_m - self.heard.east_m[loudest]) ** 2 + (north_m - self.heard.north_m[loudest]) ** 2
        return np.asarray(-share * np.log1p(squared / NEAR_M**2))

    def likelihood(self, east_m: Floats, north_m: Floats) -> Likelihood:
        return power_likelihood(east_m, north_m, self.heard, self.missed, self.prior)

    @property
    def sensors(self) -> frozenset[str]:
        return frozenset(p.sensor for p in self.places if p.level_dbm is not None)


def told(prior: Propagation, learnt: Learnt) -> Propagation:
    """The prior with what known emitters taught of this town's exponent."""
    if learnt.exponent is None:
        return prior
    return replace(prior, exponent=learnt.exponent, exponent_sigma=learnt.exponent_sigma)
