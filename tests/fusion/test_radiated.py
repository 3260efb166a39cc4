"""Radiated power and reach against the thresholds of the law: textbook values, true bounds, and words."""

import msgspec
import numpy as np
import pytest

from fusion.radiated import erp_w, field_dbuv_m, reach_m
from fusion.scene import FusionScene
from fusion.signatures import fm_radiated_power
from fusion.values import Emitter, Fix, Rules
from shell.words import finding as words

FIX = Fix(
    time_utc_ns=0,
    method="power",
    lat_deg=30.0,
    lon_deg=114.0,
    covariance_m2=(1e4, 0.0, 1e4),
    region=(),
    area_km2=1.0,
    sensors=4,
    sightings=8,
    estimated_eirp_dbm=62.15,
    estimated_eirp_sigma_db=3.0,
)
PIRATE = Emitter(id="p", service="fm", freq_hz=98e6, first_seen_utc_ns=0, last_seen_utc_ns=0, licensed=False, fix=FIX)
SCENE = FusionScene({}, Rules(), 0)


def test_sixty_dbm_over_a_dipole_is_a_kilowatt():
    power = erp_w(62.15, 3.0, thresholds_w=(500.0, 1000.0, 3000.0))
    assert power.median == pytest.approx(1000.0)
    assert (power.low, power.high) == (pytest.approx(258, abs=1), pytest.approx(3873, abs=5))  # ±5.88 dB
    assert power.exceeds == (pytest.approx(0.842, abs=0.001), 0.5, pytest.approx(0.056, abs=0.001))


def test_the_chance_is_that_of_a_thousand_draws():
    drawn_dbm = np.random.default_rng(1).normal(55.0, 5.0, 20_000) - 2.15
    share = float(np.mean(10 ** ((drawn_dbm - 30) / 10) >= 500.0))
    assert erp_w(55.0, 5.0, thresholds_w=(500.0,)).exceeds[0] == pytest.approx(share, abs=0.01)


def test_the_field_of_a_kilowatt_is_the_textbooks():
    near = field_dbuv_m(60.0, 100.0, 98e6)
    assert near == pytest.approx(127.0, abs=0.1)  # free space: 222 mV/m at 1 km, ten times that at 100 m
    # 88 · √1000 · 60 · 10 ÷ (3.06 · 10 000²) V/m
    assert field_dbuv_m(60.0, 10e3, 98e6) == pytest.approx(74.7, abs=0.1)
    assert field_dbuv_m(60.0, 20e3, 98e6) == pytest.approx(74.7 - 12.0, abs=0.1)


def test_it_reaches_to_where_the_field_is_the_least_one_and_half_of_the_time_beyond():
    reach = reach_m(50.0, 3.0, 98e6, thresholds_m=())
    assert field_dbuv_m(50.0 - 2.15, reach.median, 98e6) == pytest.approx(54.0, abs=0.01)
    assert reach.low < reach.median < reach.high
    assert reach_m(50.0, 3.0, 98e6, thresholds_m=(reach.median,)).exceeds[0] == pytest.approx(0.5)


def test_without_error_there_is_no_chance_in_it():
    assert erp_w(62.15, 0.0, thresholds_w=(999.0, 1001.0)).exceeds == (1.0, 0.0)


def test_a_located_pirates_case_says_power_and_reach_in_both_languages():
    said = fm_radiated_power.judge(PIRATE, SCENE)
    assert said is not None
    assert said.weight_db == 0.0
    told = words(said.name, "what", said.evidence, "en")
    assert "1000 W ERP (95 %: 260 to 3900 W); 84% likely at least 500 W, 6% at least 3,000 W" in told
    assert "500 W 的概率 84%" in words(said.name, "what", said.evidence, "zh")


def test_a_licensed_station_an_unlocated_one_and_one_of_unknown_power_are_not_spoken_of():
    silent = (
        msgspec.structs.replace(PIRATE, licensed=True),
        msgspec.structs.replace(PIRATE, licensed=None),
        msgspec.structs.replace(PIRATE, fix=None),
        msgspec.structs.replace(PIRATE, fix=msgspec.structs.replace(FIX, estimated_eirp_dbm=None)),
        msgspec.structs.replace(PIRATE, service="gsm"),
    )
    assert [fm_radiated_power.judge(each, SCENE) for each in silent] == [None] * 5
