import msgspec
import pytest

from dsp.signatures.licences import Licences
from recordings.scenario import Scenario
from recordings.scenario_check import check
from recordings.scenario_read import open_scenario, parse_scenario, scenario_names
from recordings.scenario_refusals import (
    BadBroadcast,
    BadRoute,
    BadSensorName,
    ImpossibleRate,
    NoLooks,
    NoPlaceGiven,
    NoSensors,
    NumberOutOfRange,
    OverlappingLooks,
    SameName,
    ScenarioError,
    UnknownScenario,
)
from shell.settings import SettingsError, UnknownKey, UnreadableSettings
from shell.words import explain

GOOD = """
name = "good"
start_utc = 2026-03-02T08:00:00Z
duration_s = 10.0
seed = 1
[place]
lat_deg = 30.6
lon_deg = 104.1
[[look]]
service = "fm"
centre_hz = 98.0e6
rate_hz = 2.4e6
seconds = 1.0
every_s = 4.0
[[sensor]]
name = "one"
site = { east_m = 0.0, north_m = 0.0 }
fm = { gain_db = 10.0 }
[[fm_station]]
name = "station"
kind = "licensed"
freq_hz = 98.3e6
eirp_dbm = 60.0
site = { east_m = 1000.0, north_m = 0.0 }
broadcast = {}
"""


def read(text: str) -> Scenario:
    scenario = parse_scenario(text, file="city.toml")
    check(scenario, file="city.toml")
    return scenario


def test_looks_repeat_until_the_end():
    assert [look.begin_s for look in read(GOOD).looks()] == [0.0, 4.0, 8.0]


def test_a_look_that_would_not_end_in_time_is_not_begun():
    assert [look.begin_s for look in read(GOOD.replace("duration_s = 10.0", "duration_s = 8.5")).looks()] == [0.0, 4.0]


@pytest.mark.parametrize(
    ("was", "now", "refusal", "named"),
    [
        ("every_s = 4.0", "every_s = 0.5", OverlappingLooks, "0.5 s"),
        ("rate_hz = 2.4e6", "rate_hz = 0.0", ImpossibleRate, "0 Hz"),
        ("rate_hz = 2.4e6", "rate_hz = 10e6", ImpossibleRate, "1e+07 Hz"),
        ("rate_hz = 2.4e6", "rate_hz = 500e3", ImpossibleRate, "500000 Hz"),
        ("seconds = 1.0", "seconds = 11.0", NoLooks, "10 s"),
        ("seconds = 1.0", "seconds = nan", NumberOutOfRange, "look.seconds is nan"),
        ("duration_s = 10.0", "duration_s = -1.0", NumberOutOfRange, "duration_s is -1"),
        ("lat_deg = 30.6", "lat_deg = 306.0", NumberOutOfRange, "lat_deg is 306"),
        ("gain_db = 10.0", "gain_db = 400.0", NumberOutOfRange, "one: gain_db is 400"),
        ("eirp_dbm = 60.0", "eirp_dbm = 60000.0", NumberOutOfRange, "station: eirp_dbm"),
        ("freq_hz = 98.3e6", "freq_hz = 98.3", NumberOutOfRange, "station: freq_hz is 98.3"),
        ("seed = 1", "seed = -1", NumberOutOfRange, "seed is -1"),
        ('name = "one"', 'name = "../one"', BadSensorName, "'../one'"),
        ("fm = { gain_db = 10.0 }", "", NoSensors, "nobody listens"),
        ("site = { east_m = 1000.0, north_m = 0.0 }", "", NoPlaceGiven, "station"),
        (
            "site = { east_m = 1000.0, north_m = 0.0 }",
            "route = { points_m = [[0.0, 0.0]], speed_m_s = 5.0 }",
            BadRoute,
            "1 points",
        ),
        (
            "site = { east_m = 1000.0, north_m = 0.0 }",
            "route = { points_m = [[0.0, 0.0], [0.0, 0.0]], speed_m_s = 5.0 }",
            BadRoute,
            "2 points",
        ),
        (
            "site = { east_m = 1000.0, north_m = 0.0 }",
            "route = { points_m = [[0.0, 0.0], [100.0, 0.0]], speed_m_s = 5.0, lap_s = 3.0 }",
            BadRoute,
            "either speed_m_s or lap_s",
        ),
        (
            "site = { east_m = 1000.0, north_m = 0.0 }",
            "route = { points_m = [[0.0, 0.0], [100.0, 0.0]], lap_s = 0.1 }",
            NumberOutOfRange,
            "speed in m/s is 2000",
        ),
        ("broadcast = {}", "broadcast = { peak_deviation_hz = -5.0 }", BadBroadcast, "station cannot broadcast"),
    ],
)
def test_what_cannot_be_is_refused_with_its_number(was, now, refusal, named):
    assert was in GOOD
    with pytest.raises(refusal) as caught:
        read(GOOD.replace(was, now))
    assert str(caught.value).startswith("city.toml: ")
    assert named in str(caught.value)
    assert "city.toml" in explain(caught.value, "zh")
    assert explain(caught.value, "zh") != explain(caught.value, "en")


def test_a_second_sensor_of_the_same_name_is_refused():
    again = '[[sensor]]\nname = "one"\nsite = { east_m = 9.0, north_m = 0.0 }\nfm = { gain_db = 10.0 }\n'
    with pytest.raises(SameName, match="'one'"):
        read(GOOD + again)


@pytest.mark.parametrize(
    ("was", "now", "nearest"),
    [
        ("eirp_dbm", "eirp_dmb", "eirp_dbm"),
        ("broadcast = {}", "broadcast = { programe = 'speech' }", "programme"),
        ("[place]", "[plaice]", "place"),
        ("east_m = 1000.0", "est_m = 1000.0", "east_m"),
    ],
)
def test_a_typo_is_refused_with_the_nearest_name(was, now, nearest):
    with pytest.raises(UnknownKey) as caught:
        read(GOOD.replace(was, now))
    assert caught.value.nearest == nearest
    assert nearest in str(caught.value)


def test_an_emitter_in_no_window_is_allowed_and_told():
    scenario = read(GOOD.replace("freq_hz = 98.3e6", "freq_hz = 101.3e6"))
    assert scenario.unheard() == ("station",)
    assert read(GOOD).unheard() == ()


def test_a_scenario_is_found_by_name_and_a_wrong_name_is_refused_with_the_nearest():
    assert open_scenario("demo_city").name == "demo_city"
    with pytest.raises(UnknownScenario) as caught:
        open_scenario("demo_citty")
    assert caught.value.nearest == "demo_city"


def test_a_missing_file_is_refused_by_its_name(tmp_path):
    with pytest.raises(UnreadableSettings, match=r"nowhere\.toml: there is no such file"):
        open_scenario(tmp_path / "nowhere.toml")


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(SettingsError, match="is not TOML"):
        open_scenario(tmp_path / "bad.toml")


def test_every_scenario_that_comes_along_is_good():
    assert {"demo_city", "innocents", "one_cell", "one_station", "pirate_only", "quiet"} <= set(scenario_names())
    for name in scenario_names():
        scenario = open_scenario(name)
        assert scenario.name == name
        assert scenario.unheard() == ()


def test_a_derived_scenario_keeps_only_what_it_says(tmp_path):
    (tmp_path / "base.toml").write_text(GOOD)
    (tmp_path / "less.toml").write_text('base = "base.toml"\nname = "less"\nkeep = ["pirate"]\nseed = 9\n')
    less = open_scenario(tmp_path / "less.toml")
    assert less.fm_station == ()
    assert (less.name, less.seed, less.duration_s) == ("less", 9, 10.0)


def test_a_typo_in_a_derived_scenario_is_refused(tmp_path):
    (tmp_path / "less.toml").write_text('base = "quiet"\nname = "less"\nkepp = ["pirate"]\n')
    with pytest.raises(UnknownKey, match="'keep'"):
        open_scenario(tmp_path / "less.toml")


def test_innocents_is_the_demo_city_without_offenders():
    city, innocents = open_scenario("demo_city"), open_scenario("innocents")
    assert {e.kind for e in innocents.emitters} == {"licensed"}
    assert innocents.emitters == tuple(e for e in city.emitters if e.licensed)
    assert {e.kind for e in city.emitters} == {"licensed", "rogue", "pirate", "hijack"}


def test_the_demo_city_holds_what_it_promises():
    city = open_scenario("demo_city")
    assert len(city.sensor) >= 5
    assert sum(sensor.where.moves for sensor in city.sensor) == 1
    licensed = city.licences()
    assert len(licensed.fm) == 6
    assert len(licensed.cells) == 6
    assert {cell.mnc for cell in licensed.cells} == {"00", "01"}
    assert sum(e.where.moves for e in city.emitters) == 1
    for moving in (*city.sensor, *city.emitters):  # all is where it was when the recording begins anew
        begin, end = moving.where.positions_m([0.0, city.duration_s])
        assert begin == pytest.approx(end, abs=0.1)


def test_licences_tell_the_licensed_and_nothing_of_the_others():
    scenario = read(GOOD)
    (licence,) = scenario.licences().fm
    assert licence.name == "station"
    assert licence.freq_hz == 98.3e6
    assert licence.erp_w == pytest.approx(10 ** ((60.0 - 2.15 - 30) / 10))
    assert licence.rds is False
    assert licence.lat_deg == pytest.approx(30.6, abs=1e-6)
    assert licence.lon_deg == pytest.approx(104.1 + 1000.0 / (111_320 * 0.8607), rel=1e-5)  # cos 30.6°
    pirate = read(GOOD.replace('kind = "licensed"', 'kind = "pirate"'))
    assert pirate.licences() == Licences()


def test_a_scenario_survives_the_way_to_another_process():
    city = open_scenario("demo_city")
    assert msgspec.json.decode(msgspec.json.encode(city), type=Scenario) == city


def test_a_refusal_is_a_settings_error_too():
    assert issubclass(ScenarioError, SettingsError)


def test_defaults_of_a_service_hold_when_only_some_values_are_given():
    scenario = read(GOOD + "[propagation.fm]\nshadowing_sigma_db = 0.0\n")
    assert scenario.propagation.fm.loss_db == 100.0
    assert scenario.propagation.gsm.loss_db == 125.0
