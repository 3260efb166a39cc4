import numpy as np
import pytest

from recordings.world_place import Origin, Route, Site

SQUARE = ((0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))


def test_a_closed_route_comes_back():
    route = Route(points_m=SQUARE, speed_m_s=10.0, height_m=2.0)
    assert route.length_m == 400.0
    assert route.positions_m([0.0, 5.0, 15.0, 40.0, 45.0]) == pytest.approx(
        np.array([[0, 0, 2], [50, 0, 2], [100, 50, 2], [0, 0, 2], [50, 0, 2.0]]), abs=1e-9
    )


def test_an_open_route_stays_at_its_end():
    route = Route(points_m=SQUARE, speed_m_s=10.0, closed=False)
    assert route.length_m == 300.0
    assert route.positions_m(1000.0)[0] == pytest.approx([0.0, 100.0, 1.8])


def test_a_lap_time_gives_the_speed():
    assert Route(points_m=SQUARE, lap_s=20.0).metres_per_second() == 20.0
    assert Route(points_m=SQUARE, lap_s=20.0, start_m=100.0).positions_m(0.0)[0, :2] == pytest.approx([100.0, 0.0])


def test_a_site_is_where_it_is_at_any_time():
    site = Site(east_m=1.0, north_m=2.0, height_m=3.0)
    assert site.positions_m([0.0, 9.0]).tolist() == [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]


def test_metres_become_degrees():
    lat_deg, lon_deg = Origin(lat_deg=30.6, lon_deg=104.1).geodetic(np.array([0.0, 1000.0, 0.0]))
    # a degree of latitude is 110.87 km at 30.6° on WGS-84
    assert lat_deg == pytest.approx(30.6 + 1.0 / 110.87, abs=2e-6)
    assert lon_deg == pytest.approx(104.1)
