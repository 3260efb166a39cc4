"""Degrees and metres against PROJ, on both hemispheres and beside the date line."""

import numpy as np
import pyproj
import pytest

from fusion.locate.geo import Plane, distance_m

GEOD = pyproj.Geod(ellps="WGS84")
ORIGINS = ((30.6, 104.1), (47.3, 123.9), (-33.9, 151.2), (0.5, 179.9), (64.0, -21.9))


@pytest.mark.parametrize("origin", ORIGINS)
def test_metres_are_those_of_an_azimuthal_equidistant_map(origin):
    flat = pyproj.Proj(proj="aeqd", lat_0=origin[0], lon_0=origin[1], ellps="WGS84")
    east, north = np.array([-9_000.0, 50.0, 12_000.0]), np.array([4_000.0, -80.0, 11_000.0])
    lon, lat = flat(east, north, inverse=True)
    ours_e, ours_n = Plane(*origin).to_metres(lat, lon)
    assert ours_e == pytest.approx(east, abs=0.03)  # a chord and its arc differ by 7 mm at 16 km
    assert ours_n == pytest.approx(north, abs=0.03)


@pytest.mark.parametrize("origin", ORIGINS)
def test_degrees_and_back(origin):
    plane = Plane(*origin)
    east, north = np.array([-30_000.0, 0.0, 25_000.0]), np.array([20_000.0, 0.0, -25_000.0])
    again_e, again_n = plane.to_metres(*plane.to_degrees(east, north))
    assert again_e == pytest.approx(east, abs=0.5)
    assert again_n == pytest.approx(north, abs=0.5)


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_distance_is_the_geodesic(origin):
    lon, lat, _ = GEOD.fwd(origin[1], origin[0], 63.0, 7_500.0)
    assert distance_m(origin, (lat, lon)) == pytest.approx(7_500.0, abs=0.02)
