"""`wavewarden coverage`: a plan said, drawn and written, in both languages."""

import json

import pytest

from server.settings import ServerSettings
from server.store import open_store
from shell.exits import Exit
from tests.server import made
from tests.wavewarden.running import invoke

AREA = "30.55,114.24,30.65,114.36"
TOML = """
[sensors.roof]
lat_deg = 30.57
lon_deg = 114.27
[sensors.hill]
lat_deg = 30.63
lon_deg = 114.26
[sensors.east]
lat_deg = 30.60
lon_deg = 114.345
bearing_deg = 6
"""


@pytest.fixture
def sensors(tmp_path):
    (tmp_path / "s.toml").write_text(TOML, encoding="utf-8")
    return tmp_path / "s.toml"


def test_a_plan_is_written_as_geojson_cell_by_cell(monkeypatch, tmp_path, sensors):
    out = tmp_path / "plan.geojson"
    done = invoke(monkeypatch, "coverage", "--sensors", sensors, "--area", AREA, "--out", out)
    assert done.exit_code == Exit.DONE, done.output
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    cells = [f["properties"] for f in features if f["geometry"]["type"] == "Polygon"]
    assert len(cells) == 900
    assert {f["properties"]["sensor"] for f in features if f["geometry"]["type"] == "Point"} == {"roof", "hill", "east"}
    assert any(c["tdoa_radius_m"] is not None for c in cells)
    assert "3 sensors" in done.stdout


@pytest.mark.parametrize(("language", "word"), [("zh", "+1 放在"), ("en", "+1 at")])
def test_a_picture_is_drawn_and_one_more_kit_placed(monkeypatch, tmp_path, sensors, language, word):
    out = tmp_path / "plan.png"
    asked = ("coverage", "--sensors", sensors, "--area", AREA, "--add", 1, "--eirp", 30, "--out", out)
    done = invoke(monkeypatch, *asked, lang=language)
    assert done.exit_code == Exit.DONE, done.output
    assert out.read_bytes().startswith(b"\x89PNG")
    assert word in done.stdout


def test_the_sensors_of_a_server_are_planned_with(monkeypatch, tmp_path):
    config = tmp_path / "server.toml"
    config.write_text(f'data = "{tmp_path / "data"}"\n', encoding="utf-8")
    engine = open_store(ServerSettings(data=str(tmp_path / "data")))
    made.put_sensor(engine, 1, "roof", made.report(30.58, 114.3))
    engine.dispose()
    out = tmp_path / "p.geojson"
    done = invoke(monkeypatch, "coverage", "--config", config, "--area", AREA, "--out", out)
    assert done.exit_code == Exit.DONE, done.output
    assert "roof" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[sensors.a]\n", "[sensors.a]\nlat_deg = 0.0\nlon_deg = 0.0\n"])
def test_without_a_sensor_in_a_place_there_is_nothing_to_plan(monkeypatch, tmp_path, text):
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    done = invoke(monkeypatch, "coverage", "--sensors", tmp_path / "s.toml", "--area", AREA)
    assert (done.exit_code, "[sensors.NAME]" in done.stderr) == (Exit.BAD_INPUT, True)
    done = invoke(monkeypatch, "coverage", "--sensors", tmp_path / "s.toml", "--area", "1,2,3")
    assert (done.exit_code, "south,west,north,east" in done.stderr) == (Exit.BAD_INPUT, True)
