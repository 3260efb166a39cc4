"""Bare measurements of each kind, as other programs' records are brought in: levels, time differences, bearings."""

import json
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import Point, shape

from fusion.locate.geo import Plane
from shell.exits import Exit
from tests.wavewarden.running import invoke

PLANE = Plane(30.6, 114.3)
EMITTER = (700.0, -400.0)
SENSORS = {"a": (-3000.0, 0.0), "b": (3000.0, 500.0), "c": (0.0, 3000.0), "d": (200.0, -3200.0), "e": (2500.0, 2600.0)}
LIGHT_M_S = 299_792_458.0


def degrees(place: tuple[float, float]) -> dict[str, float]:
    lat, lon = PLANE.to_degrees(*place)
    return {"lat_deg": float(lat), "lon_deg": float(lon)}


def metres(name: str) -> float:
    return float(np.hypot(SENSORS[name][0] - EMITTER[0], SENSORS[name][1] - EMITTER[1]))


def levels(label: str | None = "x") -> list[dict]:
    rng = np.random.default_rng(4)
    at_100_m = 45.0 - 72.0
    said = [
        {"sensor": n, **degrees(p), "level_dbm": at_100_m - 32 * np.log10(metres(n) / 100) + rng.normal(0, 4)}
        for n, p in SENSORS.items()
    ]
    return [{"emitter": label, "freq_hz": 940e6, "level": each} for each in said]


def differences(label: str | None = "x") -> list[dict]:
    rng = np.random.default_rng(5)
    first = "a"
    found = []
    for name in "bcde":
        ends = {f"{k[:3]}_{s}_deg": v for s, n in (("a", first), ("b", name)) for k, v in degrees(SENSORS[n]).items()}
        late_s = (metres(name) - metres(first) + rng.normal(0, 10)) / LIGHT_M_S
        said = {"sensor_a": first, "sensor_b": name, **ends, "difference_s": late_s, "sigma_s": 4e-8}
        found.append({"emitter": label, "freq_hz": 940e6, "difference": said})
    return found


def bearings(label: str | None = "x") -> list[dict]:
    rng = np.random.default_rng(6)
    found = []
    for name, place in SENSORS.items():
        azimuth = np.degrees(np.arctan2(EMITTER[0] - place[0], EMITTER[1] - place[1])) + rng.normal(0, 3)
        said = {"sensor": name, **degrees(place), "azimuth_deg": float(azimuth % 360), "sigma_deg": 3.0}
        found.append({"emitter": label, "freq_hz": 940e6, "bearing": said})
    return found


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, lines: list[dict], *more: object) -> dict:
    file = folder / "r.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = invoke(monkeypatch, "locate", file, *more)
    assert done.exit_code == Exit.DONE, done.output
    return json.loads(done.stdout)


def only(collection: dict) -> dict:
    (whole,) = [f for f in collection["features"] if "fix" in f["properties"]]
    return whole


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (levels(), ("power", {"power"}, 140.0)),
        (differences(), ("tdoa", {"arrival"}, 0.05)),
        (bearings(), ("bearing", {"bearing"}, 0.6)),
        (levels() + differences() + bearings(), ("joint", {"power", "arrival", "bearing"}, 0.05)),
    ],
)
def test_each_kind_and_all_together_hold_the_truth(monkeypatch, tmp_path, lines, told):
    method, kinds, largest_km2 = told
    whole = only(run(monkeypatch, tmp_path, lines, "--area", "30.55,114.24,30.65,114.36"))
    at = degrees(EMITTER)
    assert shape(whole["geometry"]).contains(Point(at["lon_deg"], at["lat_deg"]))
    said = whole["properties"]
    assert (said["emitter"], said["fix"]["method"]) == ("x", method)
    assert said["fix"]["area_km2"] < largest_km2
    assert {residual["kind"] for residual in said["residuals"]} == kinds


def test_a_bearing_that_points_elsewhere_is_set_aside_with_its_reason(monkeypatch, tmp_path):
    lines = bearings() + differences()
    lines[2]["bearing"]["azimuth_deg"] = (lines[2]["bearing"]["azimuth_deg"] + 80) % 360
    said = only(run(monkeypatch, tmp_path, lines))["properties"]["residuals"]
    assert {(r["sensor"], r["why"]) for r in said if r["kind"] == "bearing" and r["set_aside"]} == {("c", "reflected")}


def test_an_emitter_that_drives_past_has_its_track_with_a_region_at_every_time(monkeypatch, tmp_path):
    """East at 12 m/s for four minutes; five direction finders of 3° look every five seconds."""
    rng, lines = np.random.default_rng(9), []
    for second in range(0, 240, 5):
        for name, place in SENSORS.items():
            azimuth = np.degrees(np.arctan2(-1500.0 + 12.0 * second - place[0], -400.0 - place[1])) + rng.normal(0, 3)
            said = {"sensor": name, **degrees(place), "azimuth_deg": azimuth % 360, "sigma_deg": 3.0}
            lines.append({"emitter": "x", "freq_hz": 940e6, "bearing": said | {"time_utc_ns": second * 10**9}})
    found = run(monkeypatch, tmp_path, lines)
    (track,) = [f for f in found["features"] if f["properties"]["part"] == "track"]
    fixes = track["properties"]["fixes"]
    held = [
        shape(fix["region"]).contains(Point(at["lon_deg"], at["lat_deg"]))
        for fix in fixes
        for at in [degrees((-1500.0 + 12.0 * fix["time_utc_ns"] / 1e9, -400.0))]
    ]
    assert len(held) > 40 and np.mean(held) > 0.8  # asked 0.9; errors of one drive hang together
    whole = only(found)["properties"]
    assert (whole["moving"], whole["fix"]["method"]) == (True, "track")
    assert len(whole["track_time_utc_ns"]) == len(track["geometry"]["coordinates"])


def test_two_labels_are_two_emitters_and_no_label_is_one_a_channel(monkeypatch, tmp_path):
    both = run(monkeypatch, tmp_path, differences("x") + differences("y"))
    assert {f["properties"]["emitter"] for f in both["features"]} == {"x", "y"}
    none = run(monkeypatch, tmp_path, differences(None) + bearings(None))
    assert only(none)["properties"]["emitter"] == "940.000 MHz"
    assert only(none)["properties"]["fix"]["method"] == "joint"


@pytest.mark.parametrize(
    "bad",
    [
        {"freq_hz": 940e6, "level": {"sensor": "a"}},
        {"freq_hz": 940e6, "level": {**levels()[0]["level"], "levle_dbm": 3}},
        {"freq_hz": 940e6, "bearing": {**bearings()[0]["bearing"], "azimuth_deg": "north"}},
        {"bearing": bearings()[0]["bearing"]},
        {**bearings()[0], **differences()[0]},
    ],
)
def test_a_line_that_is_wrong_is_told_and_the_rest_is_used(monkeypatch, tmp_path, bad):
    file = tmp_path / "r.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in [bad, *differences()]), encoding="utf-8")
    done = invoke(monkeypatch, "locate", file)
    assert "line 1 was left out" in done.stderr
    assert json.loads(done.stdout)["wavewarden"] == {"reports": 0, "measured": 4, "refused": 1}


def test_what_cannot_be_true_is_told_among_the_residuals(monkeypatch, tmp_path):
    lines = differences()
    lines.append({"emitter": "x", "freq_hz": 940e6, "level": {"sensor": "z", "lat_deg": 0, "lon_deg": 0, "cnr_db": 9}})
    said = only(run(monkeypatch, tmp_path, lines))["properties"]["residuals"]
    assert [(r["sensor"], r["why"]) for r in said if r["why"]] == [("z", "no_such_place")]


def test_bearings_typed_in_on_the_command_line_are_located(monkeypatch, tmp_path):
    """`wavewarden bearing add` and `wavewarden locate` understand each other."""
    text = ""
    for line in bearings():
        said = line["bearing"]
        at = f"{said['lat_deg']},{said['lon_deg']}"
        done = invoke(monkeypatch, "bearing", "add", 940, said["azimuth_deg"], "--at", at, "--by", said["sensor"])
        text += done.stdout
    file = tmp_path / "typed.jsonl"
    file.write_text(text, encoding="utf-8")
    done = invoke(monkeypatch, "locate", file)
    whole = only(json.loads(done.stdout))
    at = degrees(EMITTER)
    assert shape(whole["geometry"]).contains(Point(at["lon_deg"], at["lat_deg"]))
    assert whole["properties"]["fix"]["method"] == "bearing"
    assert len(whole["properties"]["reports"]) == 5


def test_the_plan_says_where_to_drive_next_and_keeps_to_the_streets(monkeypatch, tmp_path):
    at = degrees((-2500.0, -2500.0))
    where = f"{at['lat_deg']},{at['lon_deg']}"
    free = run(monkeypatch, tmp_path, levels(), "--plan", where)
    (plan,) = [f for f in free["features"] if f["properties"]["part"] == "plan"]
    said = plan["properties"]
    assert said["what"] == "go"
    assert 0 < said["metres"] <= 10_001
    assert said["expected_area_km2"] < said["area_km2"]
    ends = [degrees((-2500.0, north)) for north in (-2500.0, 2500.0)]
    street = {"type": "LineString", "coordinates": [[e["lon_deg"], e["lat_deg"]] for e in ends]}
    streets = tmp_path / "streets.geojson"
    streets.write_text(json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": street}]}))
    bound = run(monkeypatch, tmp_path, levels(), "--plan", where, "--plan-bearings", "8", "--roads", streets)
    (plan,) = [f for f in bound["features"] if f["properties"]["part"] == "plan"]
    lon, lat = plan["geometry"]["coordinates"]
    assert abs(float(PLANE.to_metres(lat, lon)[0]) + 2500.0) < 20.0


@pytest.mark.parametrize(("plan", "word"), [("0,0", "--plan"), ("here", "--plan"), ("99,1", "--plan")])
def test_a_vehicle_that_is_nowhere_is_refused(monkeypatch, tmp_path, plan, word):
    (tmp_path / "r.jsonl").write_text("", encoding="utf-8")
    done = invoke(monkeypatch, "locate", tmp_path / "r.jsonl", "--plan", plan)
    assert (done.exit_code, word in done.stderr) == (Exit.BAD_INPUT, True)
    (tmp_path / "roads").write_text("{}", encoding="utf-8")
    done = invoke(monkeypatch, "locate", tmp_path / "r.jsonl", "--plan", "30,114", "--roads", tmp_path / "roads")
    assert (done.exit_code, "LineString" in done.stderr) == (Exit.BAD_INPUT, True)
