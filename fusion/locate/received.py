"""Received levels as one term of the joint likelihood."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from fusion.locate.calibrate import Learnt
from fusion.locate.fix import Place, corrected, levels_of, merge_places, silences_of
from fusion.locate.geo import Floats, Plane
from fusion.locate.power import Levels, Likelihood, Propagation, Silences, power_likelihood
from fusion.values import Sighting


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
        return cls((*heard, *missed), levels_of(heard, plane), silences_of(missed, plane), told(prior, learnt))

    def log_density(self, east_m: Floats, north_m: Floats, cell_m: float = 0.0) -> Floats:
        """Of places (p,). Levels change slowly from place to place: the cell's size hardly matters."""
        return self.likelihood(east_m, north_m).log_likelihood

    def narrowed(self, east_m: Floats, north_m: Floats, logs: Floats, cell_m: float) -> "Received":
        return self

    def likelihood(self, east_m: Floats, north_m: Floats) -> Likelihood:
        return power_likelihood(east_m, north_m, self.heard, self.missed, self.prior)

    @property
    def sensors(self) -> frozenset[str]:
        return frozenset(p.sensor for p in self.places if p.level_dbm is not None)


def told(prior: Propagation, learnt: Learnt) -> Propagation:
    """The prior with what known emitters taught of exponents and shadowing."""
    return replace(
        prior,
        exponent_shares=learnt.exponent_shares or prior.exponent_shares,
        shadowing_shares=learnt.shadowing_shares or prior.shadowing_shares,
    )
