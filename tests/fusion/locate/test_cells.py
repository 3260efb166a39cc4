"""Cells split where it matters, and the outline drawn about them."""

import numpy as np
import pytest
import shapely

from fusion.locate.faults import simplest
from fusion.locate.posterior import Box, Posterior, posterior
from fusion.locate.region import region


class _Normal:
    """Density of a normal; counts the places it was asked of."""

    def __init__(self, sigma_m: float) -> None:
        self.sigma_m, self.asked = sigma_m, 0

    def log_density(self, east_m, north_m, cell_m):
        self.asked += east_m.size
        return -0.5 * (east_m**2 + north_m**2) / (self.sigma_m**2 + cell_m**2 / 12)

    def narrowed(self, east_m, north_m, logs, cell_m):
        return self, logs


def _posterior(sigma_m: float) -> tuple[Posterior, _Normal]:
    density = _Normal(sigma_m)
    return posterior(density, Box(-8_000.0, -8_000.0, 8_000.0, 8_000.0))[0], density


def test_the_outline_encloses_what_its_cells_cover_whatever_their_sizes():
    """Cells of a normal's tail are larger than those of its middle; every one is part of the outline."""
    found, _ = _posterior(150.0)
    kept = found.densest(0.99995)
    assert np.unique(found.width_m[kept]).size > 1
    drawn = region(found, 0.99995)
    inside = shapely.contains_xy(shapely.union_all(list(drawn.geoms)), found.east_m[kept], found.north_m[kept])
    assert inside.all()
    assert drawn.area == pytest.approx(float((found.width_m * found.height_m)[kept].sum()), rel=0.05)


def test_the_region_of_a_normal_is_its_95_per_cent_circle():
    """Radius sigma·√5.99; half a cell is lost or won at the rim."""
    found, _ = _posterior(150.0)
    drawn = region(found)
    assert np.sqrt(drawn.area / np.pi) == pytest.approx(150.0 * np.sqrt(5.99), rel=0.05)


def test_a_density_that_is_smooth_on_the_first_grid_is_asked_no_more():
    """A grid of 730 m says all there is of a sigma of 20 km; one of 150 m has to be looked for."""
    _, wide = _posterior(20_000.0)
    _, narrow = _posterior(150.0)
    assert wide.asked <= 500 < narrow.asked


def test_hypotheses_are_known_by_what_they_say():
    """Also among more sensors than a number could hold as digits."""
    some = simplest(70)
    assert some.without(some[:0]).scale.size == some.scale.size
    assert some.without(some).scale.size == 0
    twice = some[3:5].and_more(some[3:5])
    assert np.array_equal(twice.without(some[4:5]).fault, some[3:4].fault)
