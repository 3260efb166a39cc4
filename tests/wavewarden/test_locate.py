"""`wavewarden locate`: JSON lines in, GeoJSON out, and every line that is no report told and survived."""

import gzip
import json
from pathlib import Path

import msgspec
import pytest
from shapely.geometry import Point, shape

from shell.exits import Exit
from tests.dsp.signatures.made import rogue
from tests.fusion.city import AREA, PLANE, City, Transmitter, five_sensors
from tests.fusion.test_world import legitimate_cells
from tests.wavewarden.running import invoke
from wire.report_json import ReportLine, decode_line, encode_line

EAST_M, NORTH_M = 900.0, -1200.0


@pytest.fixture(scope="module")
def lines() -> list[str]:
    offender = Transmitter(rogue(), EAST_M, NORTH_M, eirp_dbm=40.0, phase_ns=5e12)
    city = City(five_sensors(), [*legitimate_cells(), offender], exponent=3.0)
    return [
        encode_line(ReportLine(sensor=f.sensor, report=f.report, received_utc_ns=f.received_utc_ns)).decode()
        for f in city.reports(60)
    ]


def located(monkeypatch: pytest.MonkeyPatch, file: Path, *more: object) -> dict:
    done = invoke(monkeypatch, "locate", file, *more)
    assert done.exit_code == Exit.DONE, done.output
    return json.loads(done.stdout)


def whole(collection: dict, ci: int) -> dict:
    return next(f for f in collection["features"] if f["properties"].get("ci") == ci)


@pytest.mark.parametrize("name", ["reports.jsonl", "reports.jsonl.gz"])
def test_the_region_holds_the_emitter_and_everything_is_told(monkeypatch, tmp_path, lines, name):
    file, text = tmp_path / name, "\n".join(lines).encode()
    file.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    area = ",".join(str(edge) for edge in AREA)
    feature = whole(located(monkeypatch, file, "--area", area), ci=10)
    lat, lon = PLANE.to_degrees(EAST_M, NORTH_M)
    assert shape(feature["geometry"]).contains(Point(float(lon), float(lat)))
    said = feature["properties"]
    assert said["fix"]["covariance_m2"] is None or len(said["fix"]["covariance_m2"]) == 3
    assert {residual["sensor"] for residual in said["residuals"]} == {f"s{n}" for n in range(5)}
    assert all(abs(residual["residual"]) < 40 for residual in said["residuals"])
    assert len(said["reports"]) == 30


def test_lines_that_are_no_reports_are_told_by_number_and_the_rest_is_used(monkeypatch, tmp_path, lines):
    file = tmp_path / "mixed.jsonl"
    file.write_text("\n".join(["not json", *lines, '{"sensor": "x", "report": {"boot": 7}}', ""]), encoding="utf-8")
    done = invoke(monkeypatch, "locate", file)
    assert done.exit_code == Exit.DONE
    assert "line 1 was left out" in done.stderr
    assert f"line {len(lines) + 2} was left out" in done.stderr
    assert json.loads(done.stdout)["wavewarden"] == {"reports": len(lines), "measured": 0, "refused": 2}


def test_sensors_without_a_place_of_their_own_take_it_from_the_file(monkeypatch, tmp_path, lines):
    bare = []
    places: dict[str, tuple[float, float]] = {}
    for text in lines:
        line = decode_line(text)
        assert line.report.position is not None
        places[line.sensor] = (line.report.position.lat_deg, line.report.position.lon_deg)
        report = msgspec.structs.replace(line.report, position=None)
        bare.append(encode_line(msgspec.structs.replace(line, report=report)).decode())
    file, sensors = tmp_path / "bare.jsonl", tmp_path / "sensors.toml"
    file.write_text("\n".join(bare), encoding="utf-8")
    toml = "".join(f"[sensors.{n}]\nlat_deg = {lat}\nlon_deg = {lon}\n" for n, (lat, lon) in places.items())
    sensors.write_text(toml, encoding="utf-8")
    assert whole(located(monkeypatch, file), ci=10)["geometry"] is None  # no position is better than a false one
    assert whole(located(monkeypatch, file, "--sensors", sensors), ci=10)["geometry"] is not None


def test_a_sensor_5_km_from_its_survey_is_set_aside_and_told(monkeypatch, tmp_path, lines):
    moved, surveyed = [], {}
    for line in map(json.loads, lines):
        if line["sensor"] == "s0":
            surveyed = dict(line["report"]["position"])
            line["report"]["position"]["lat_deg"] += 0.045
        moved.append(json.dumps(line))
    file, places = tmp_path / "moved.jsonl", tmp_path / "sensors.toml"
    file.write_text("\n".join(moved), encoding="utf-8")
    places.write_text(
        f"[sensors.s0]\nlat_deg = {surveyed['lat_deg']}\nlon_deg = {surveyed['lon_deg']}\nsigma_m = 5.0\n"
    )
    area = ",".join(str(edge) for edge in AREA)
    said = whole(located(monkeypatch, file, "--sensors", places, "--area", area), ci=10)["properties"]
    assert {r["sensor"] for r in said["residuals"] if r["why"] == "off_its_survey"} == {"s0"}


@pytest.mark.parametrize("area", ["1,2,3", "a,b,c,d", "31,114,30,115", "30,114,31,200"])
def test_an_area_that_is_none_is_refused(monkeypatch, tmp_path, area):
    (tmp_path / "r.jsonl").write_text("", encoding="utf-8")
    done = invoke(monkeypatch, "locate", tmp_path / "r.jsonl", "--area", area)
    assert (done.exit_code, "south,west,north,east" in done.stderr) == (Exit.BAD_INPUT, True)


def test_an_empty_file_is_nothing_heard(monkeypatch, tmp_path):
    (tmp_path / "r.jsonl").write_text("", encoding="utf-8")
    done = invoke(monkeypatch, "locate", tmp_path / "r.jsonl", lang="zh")
    assert (done.exit_code, "没有听到" in done.stderr) == (Exit.NOTHING_HEARD, True)
