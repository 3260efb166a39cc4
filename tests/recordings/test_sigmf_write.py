import json

import pytest

from recordings.make_work import looks_of
from recordings.scenario_read import open_scenario
from recordings.sigmf_write import sigmf_metadata


@pytest.fixture(scope="module")
def city():
    return open_scenario("demo_city")


@pytest.fixture(scope="module")
def tree(city):
    sensor = city.sensor[0]
    return json.loads(sigmf_metadata(city, sensor, looks_of(city, sensor), sha512="ab" * 64, maker="maker"))


def test_the_global_part_says_what_sigmf_asks_for(tree):
    about = tree["global"]
    assert about["core:datatype"] == "cu8"
    assert about["core:version"] == "1.2.0"
    assert about["core:sample_rate"] == 2.4e6
    assert about["core:sha512"] == "ab" * 64
    assert {"name": "wavewarden", "version": "1.0.0", "optional": True} in about["core:extensions"]


def test_every_key_has_a_namespace(tree):
    for part in (tree["global"], *tree["captures"], *tree["annotations"]):
        assert all(key.startswith(("core:", "wavewarden:")) for key in part)


def test_captures_follow_each_other_without_gap(tree):
    starts = [capture["core:sample_start"] for capture in tree["captures"]]
    assert starts == [k * 2_400_000 for k in range(24)]
    assert tree["annotations"][0]["core:sample_count"] == 24 * 2_400_000


def test_captures_say_when_and_where(tree, city):
    gsm, fm = tree["captures"][:2]
    assert [gsm["core:frequency"], fm["core:frequency"]] == [look.plan.centre_hz for look in city.looks()[:2]]
    assert gsm["core:datetime"] == "2026-03-02T08:00:00.000000000Z"
    assert fm["core:datetime"] == "2026-03-02T08:00:03.000000000Z"
    lon_deg, lat_deg = gsm["core:geolocation"]["coordinates"]  # GeoJSON: longitude first
    assert lat_deg == pytest.approx(30.629, abs=1e-3)
    assert lon_deg == pytest.approx(104.103, abs=1e-3)


def test_the_metadata_tells_nothing_of_the_emitters(tree):
    text = json.dumps(tree)
    assert "rogue" not in text
    assert "emitter" not in text
