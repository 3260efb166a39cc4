import numpy as np
import pytest

from fusion.roads import Roads, way_to


def street(*points: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    east, north = np.array(points, float).T
    return east, north


def test_the_way_goes_round_a_block_and_not_through_it():
    roads = Roads.of(
        [
            street((0, 0), (600, 0)),
            street((600, 0), (600, 600)),
            street((600, 600), (600, 0)),
            street((2000, 2000), (2100, 2000)),
        ]
    )
    start = roads.nearest(0, 0)
    metres, before = roads.ways(start, 5_000.0)
    end = roads.nearest(600, 600)
    assert metres[end] == pytest.approx(1200.0)
    way = way_to(end, before)
    assert way[-1] == end
    assert start not in way
    assert all(roads.north_m[p] == 0 or roads.east_m[p] == 600 for p in way)
    assert not np.isfinite(metres[roads.nearest(2050, 2000)])  # no street leads there


def test_reach_ends_the_search():
    roads = Roads.of([street((0, 0), (3000, 0))])
    metres, _ = roads.ways(roads.nearest(0, 0), 1000.0)
    assert np.nanmax(metres[np.isfinite(metres)]) <= 1000.0


def test_no_streets_are_no_roads():
    assert Roads.of([]).east_m.size == 0
    assert Roads.of([street((1, 1))]).east_m.size == 0
