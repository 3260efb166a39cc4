"""The setting `roads`: streets for suspects that drive, and a file that has none."""

import json

import pytest

from server.program import rules_of
from server.settings import ServerSettings
from shell.streets import BadRoads

STREET = {"type": "LineString", "coordinates": [[104.0, 30.0], [104.01, 30.0]]}


def test_streets_become_roads_in_metres(tmp_path):
    file = tmp_path / "roads.geojson"
    file.write_text(json.dumps({"features": [{"geometry": STREET}, {"geometry": None}]}), encoding="utf-8")
    roads = rules_of(ServerSettings(roads=str(file))).roads
    assert roads is not None
    east_m, north_m = roads.plane.to_metres(30.0, 104.003)
    away_m, _ = roads.tree.query([float(east_m), float(north_m)])
    assert away_m < 15.0
    assert abs(roads.direction_rad - 1.5708).max() < 0.01  # from north, as headings are


def test_without_the_setting_there_are_none():
    assert rules_of(ServerSettings()).roads is None


@pytest.mark.parametrize("text", ["", "{}", '{"features": []}', '{"features": [{"geometry": {"type": "Point"}}]}'])
def test_a_file_without_streets_is_refused_with_its_name(tmp_path, text):
    file = tmp_path / "roads.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadRoads, match=r"roads\.geojson"):
        rules_of(ServerSettings(roads=str(file)))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadRoads, match="No such file"):
        rules_of(ServerSettings(roads=str(tmp_path / "none.geojson")))
