"""Received levels as one term of the joint likelihood."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RectBivariateSpline
from scipy.special import logsumexp

from fusion.locate.calibrate import Learnt
from fusion.locate.fix import Place, corrected, levels_of, merge_places, silences_of
from fusion.locate.geo import Floats, Plane
from fusion.locate.levels import NO_SILENCES, REFERENCE_M, Levels, Silences
from fusion.locate.power import Likelihood, Propagation, power_likelihood
from fusion.values import Sighting

ANYTHING_DB = 20.0  # one sigma of a power of which nothing is known
NEAR_M = 100.0
FAR_SIGMAS, LEAST_EXPONENT, FARTHEST_M = 1.5, 2.0, 60_000.0
PEAK_M, MOST_POINTS = 75.0, 4  # how wide the peak beside a sensor is, at least; points along the side of a cell
PITCH = 0.2  # of the distance to the nearest receiver: levels change so slowly that a cubic errs by 0.001 dB
LEAST_NODES, MOST_NODES = 5, 14  # along a side


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """A cubic of the log-likelihood over a rectangle."""

    west_m: float
    south_m: float
    east_m: float
    north_m: float
    cubic: RectBivariateSpline

    def holds(self, east_m: Floats, north_m: Floats) -> bool:
        """All of these places."""
        return bool(
            self.west_m <= east_m.min()
            and east_m.max() <= self.east_m
            and self.south_m <= north_m.min()
            and north_m.max() <= self.north_m
        )


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What was received, and who listened in vain; `places` holds both, those that heard first.

    nearby : for places in there, instead of asking every level again
    """

    places: tuple[Place, ...]
    heard: Levels
    missed: Silences
    prior: Propagation
    nearby: Nearby | None = None

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
        if self.nearby is not None and east_m.size and self.nearby.holds(east_m, north_m):
            return np.asarray(self.nearby.cubic.ev(east_m, north_m))
        cell = np.broadcast_to(cell_m, east_m.shape)
        beside = self._beside(east_m, north_m, cell)
        if not beside.any():
            return self._log_density(east_m, north_m)
        side = min(math.ceil(float(cell[beside].max()) / PEAK_M), MOST_POINTS)
        steps = (np.arange(side) + 0.5) / side - 0.5
        across, along = (cell[beside, None] * a.ravel() for a in np.meshgrid(steps, steps))
        inside = (east_m[beside, None] + across).ravel(), (north_m[beside, None] + along).ravel()
        away = east_m[~beside], north_m[~beside]
        asked = self._log_density(*(np.concatenate(pair) for pair in zip(away, inside, strict=True)))
        logs = np.empty(east_m.shape)
        logs[~beside] = asked[: away[0].size]
        logs[beside] = logsumexp(asked[away[0].size :].reshape(-1, side**2), axis=1) - 2 * np.log(side)
        return logs

    def narrowed(self, east_m: Floats, north_m: Floats, cell_m: Floats | float) -> "Received":
        """For use in these cells: where they lie together and away from all receivers, as a smooth surface."""
        if self.nearby is not None or not east_m.size:
            return self
        half = np.asarray(cell_m) / 2
        west, east = float((east_m - half).min()), float((east_m + half).max())
        south, north = float((north_m - half).min()), float((north_m + half).max())
        away_e = np.maximum(np.maximum(west - self._receivers_m[0], self._receivers_m[0] - east), 0.0)
        away_n = np.maximum(np.maximum(south - self._receivers_m[1], self._receivers_m[1] - north), 0.0)
        pitch = PITCH * float(np.hypot(away_e, away_n).min())
        extent = max(east - west, north - south)
        if extent <= 0.0 or extent > (MOST_NODES - 1) * pitch:
            return self
        nodes = max(LEAST_NODES, math.ceil(extent / pitch) + 1)
        along, up = np.linspace(west, east, nodes), np.linspace(south, north, nodes)
        at_e, at_n = (a.ravel() for a in np.meshgrid(along, up, indexing="ij"))
        surface = RectBivariateSpline(along, up, self._log_density(at_e, at_n).reshape(nodes, nodes))
        return replace(self, nearby=Nearby(west, south, east, north, surface))

    @property
    def _receivers_m(self) -> tuple[Floats, Floats]:
        """Of all that heard or listened: (east, north)."""
        return (
            np.concatenate([self.heard.east_m, self.missed.east_m]),
            np.concatenate([self.heard.north_m, self.missed.north_m]),
        )

    def _beside(self, east_m: Floats, north_m: Floats, cell_m: Floats) -> NDArray[np.bool_]:
        """Which cells, wider than a peak, a sensor stands in or next to that heard it."""
        across = np.abs(east_m[:, None] - self.heard.east_m)
        along = np.abs(north_m[:, None] - self.heard.north_m)
        beside = (np.maximum(across, along) < 0.75 * cell_m[:, None]).any(axis=1)
        return np.asarray(beside & (cell_m > PEAK_M))

    def _log_density(self, east_m: Floats, north_m: Floats) -> Floats:
        return self.likelihood(east_m, north_m).log_likelihood + self._nearness(east_m, north_m)

    def _nearness(self, east_m: Floats, north_m: Floats) -> Floats:
        """The less is known of its power, the less a prior that is uniform over the land can be meant.

        Of a power that may be anything the distance is unknown by its order of magnitude: log-uniform, 1/(1 + d²/s²),
        about where it is loudest. Of a power that is known the levels tell the distance, and nothing is added.
        """
        loudest = int(np.argmax(self.heard.level_dbm))
        squared = (east_m - self.heard.east_m[loudest]) ** 2 + (north_m - self.heard.north_m[loudest]) ** 2
        return np.asarray(-self.nearness_share * np.log1p(squared / NEAR_M**2))

    @property
    def nearness_share(self) -> float:
        """1: of its power nothing is known."""
        return min(1.0, self.prior.eirp_sigma_db / ANYTHING_DB)

    def likelihood(self, east_m: Floats, north_m: Floats) -> Likelihood:
        return power_likelihood(east_m, north_m, self.heard, self.missed, self.prior)

    @property
    def farthest_m(self) -> float:
        """From who heard it loudest: twice as strong a power as is likely, where loss grows slowly."""
        loudest = int(np.argmax(self.heard.level_dbm))
        most_dbm = self.prior.eirp_dbm + FAR_SIGMAS * self.prior.eirp_sigma_db - self.prior.reference_loss_db
        exponent = self.prior.exponent - FAR_SIGMAS * self.prior.exponent_sigma
        decades = (most_dbm - float(self.heard.level_dbm[loudest])) / (10.0 * max(exponent, LEAST_EXPONENT))
        return float(min(REFERENCE_M * 10.0**decades, FARTHEST_M))

    @property
    def sensors(self) -> frozenset[str]:
        return frozenset(p.sensor for p in self.places if p.level_dbm is not None)


def told(prior: Propagation, learnt: Learnt) -> Propagation:
    """The prior with what known emitters taught of this town's exponent."""
    if learnt.exponent is None:
        return prior
    return replace(prior, exponent=learnt.exponent, exponent_sigma=learnt.exponent_sigma)
