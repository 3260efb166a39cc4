"""What each measured level says against a fix: how far it is from what would be expected there, and what it counted."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fusion.locate.calibrate import NOTHING_LEARNT, Learnt
from fusion.locate.fix import corrected, levels_of, merge_places
from fusion.locate.geo import Plane
from fusion.locate.power import Propagation, fitted_residuals
from fusion.values import Sighting

SET_ASIDE_WEIGHT = 0.5  # less than this of its weight was left to it


@dataclass(frozen=True, slots=True)
class Residual:
    """All that one sensor measured in one place, in dB against the best fitting power and exponent at the fix.

    set_aside : so far off that it was given less than half its weight
    """

    sensor: str
    lat_deg: float
    lon_deg: float
    looks: int
    level_dbm: float
    residual_db: float
    sigma_db: float
    weight: float

    @property
    def set_aside(self) -> bool:
        return self.weight < SET_ASIDE_WEIGHT


def residuals(
    sightings: Iterable[Sighting],
    at: tuple[float, float],
    *,
    prior: Propagation,
    learnt: Learnt = NOTHING_LEARNT,
) -> tuple[Residual, ...]:
    """at : (lat, lon) of the fix, or of the middle of its region."""
    places = [corrected(place, learnt) for place in merge_places(sightings)]
    heard = [(place, place.level_dbm) for place in places if place.level_dbm is not None]
    if not heard:
        return ()
    levels = levels_of([place for place, _ in heard], Plane(*at))
    residual, sigma, weight = fitted_residuals(np.zeros(1), np.zeros(1), levels, prior, 0)
    return tuple(
        Residual(
            sensor=place.sensor,
            lat_deg=place.lat_deg,
            lon_deg=place.lon_deg,
            looks=place.looks,
            level_dbm=level,
            residual_db=float(residual[k]),
            sigma_db=float(sigma[k]),
            weight=float(weight[k]),
        )
        for k, (place, level) in enumerate(heard)
    )
