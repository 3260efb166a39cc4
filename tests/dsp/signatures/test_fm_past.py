"""A captured station against its past: carrier, pilot, injection, level; the sensor's drift taken out."""

from typing import Any

import msgspec
import numpy as np
import pytest

from dsp.fm.values import FmStation
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.registry import judge_fm
from tests.dsp.signatures.made import LICENCES, SECOND, station

DAY = 86_400 * SECOND
EVERY_S = 40
ON = {each.freq_hz: i for i, each in enumerate(LICENCES.fm)}


def look(rng: np.random.Generator, *, lo_ppm: float, first: dict[str, Any] | None = None) -> tuple[FmStation, ...]:
    """All licensed stations as a sensor reads them whose oscillator is off; `first` is said of the first of them."""
    heard = []
    for i, each in enumerate(LICENCES.fm):
        own = {"carrier_hz": 200.0 * i - 300.0, "pilot_mhz": 15.0 * i - 30.0, "rise_db": 0.0}
        own |= {key: value for key, value in (first or {}).items() if i == 0 and key in own}
        fields = {k: v for k, v in (first or {}).items() if i == 0 and k not in own}
        pilot_hz = (19e3 + 1e-3 * own["pilot_mhz"]) * (1 - 1e-6 * lo_ppm) + 1e-4 * rng.standard_normal()
        freq_hz = (each.freq_hz + own["carrier_hz"]) * (1 - 1e-6 * lo_ppm) + 15.0 * rng.standard_normal()
        usual = {
            "pi": each.pi,
            "pilot_hz": pilot_hz,
            "freq_hz": freq_hz,
            "freq_sigma_hz": 12.0,
            "rds_deviation_hz": 2000.0,
            "level_dbfs": -30.0 - i + own["rise_db"] + 0.5 * rng.standard_normal(),
            "cnr_db": 40.0 + own["rise_db"],
        }
        heard.append(station(each.freq_hz / 1e6, **(usual | fields)))
    return tuple(heard)


def learnt(rng: np.random.Generator, *, looks: int = 40, drift_ppm: float = 2.0, licences: Licences = LICENCES):
    """(history, time, oscillator): a sensor that warmed up while it listened for half an hour."""
    history, now_ns, lo_ppm = SiteHistory(), DAY, 0.0
    for n in range(looks):
        lo_ppm = 5.0 + drift_ppm * (1.0 - np.exp(-n / 10.0))
        now_ns = DAY + n * EVERY_S * SECOND
        history, _ = step(history, look(rng, lo_ppm=lo_ppm), now_ns, licences)
    return history, now_ns, lo_ppm


def step(history: SiteHistory, heard: tuple[FmStation, ...], now_ns: int, licences: Licences = LICENCES):
    found = judge_fm(heard, history, licences, now_ns=now_ns)
    return history.with_look(heard, now_ns=now_ns, findings=found), found


def names(found, about: int = 0) -> dict[str, float]:
    return {f.name: f.weight_db for f in found if f.about == about}


def after(first: dict[str, Any], *, seed: int = 1, gap_s: float = EVERY_S, **options: Any) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    history, now_ns, lo_ppm = learnt(rng, **options)
    licences = options.get("licences", LICENCES)
    _, found = step(history, look(rng, lo_ppm=lo_ppm, first=first), now_ns + round(gap_s * SECOND), licences)
    return names(found)


@pytest.mark.parametrize("seed", range(5))
def test_an_ordinary_look_shows_the_station_as_ever_while_the_sensor_warms_up(seed: int):
    rng = np.random.default_rng(seed)
    history, now_ns, lo_ppm = learnt(rng, looks=15)
    for n in range(60):
        lo_ppm += 0.02
        heard = look(rng, lo_ppm=lo_ppm)
        history, found = step(history, heard, now_ns + (n + 1) * EVERY_S * SECOND)
        assert found == (), found


def test_another_carrier_at_once_by_how_far_it_is_off():
    assert after({"carrier_hz": -300.0 + 150.0})["fm_another_carrier"] == 16.0
    assert after({"carrier_hz": -300.0 + 600.0})["fm_another_carrier"] == 20.0
    assert after({"carrier_hz": -300.0 - 600.0, "pilot_mhz": -10.0})["fm_another_carrier"] == 25.0
    assert "fm_another_carrier" not in after({"carrier_hz": -300.0 + 40.0})


def test_a_copied_name_and_carrier_are_betrayed_by_the_pilots_oscillator():
    assert after({"pilot_mhz": -30.0 + 15.0}) == {"fm_another_carrier": 16.0}
    assert after({"pilot_mhz": -30.0 + 3.0}) == {}


def test_a_pilot_that_stops_is_no_other_pilot():
    assert "fm_another_carrier" not in after({"pilot_hz": None, "pilot_deviation_hz": None})


def test_a_mono_transmitter_without_rds_on_top_is_loud_bare_and_off():
    bare = {"pilot_hz": None, "pilot_deviation_hz": None, "rds_groups": 0, "pi": None, "pi_groups": 0, "ps": None}
    found = after({"carrier_hz": 500.0, "rise_db": 9.0} | bare)
    assert found == {"fm_another_carrier": 20.0, "fm_louder": 14.0, "fm_signal_missing": 10.0}


def test_a_second_carrier_about_as_strong_disturbs_the_channel():
    found = after({"rise_db": 3.5, "sinr_db": 3.8, "rds_groups": 0, "pi": None, "pi_groups": 0})
    assert found["fm_disturbed"] == 12.0
    assert "fm_disturbed" not in after({"rise_db": 0.0, "sinr_db": 3.8})  # a reflection: no louder
    assert "fm_disturbed" not in after({"rise_db": 3.5, "sinr_db": 30.0})


def test_some_decibels_more_and_nobody_beneath_are_a_new_transmitter_of_the_stations_own():
    renewed = {"carrier_hz": 300.0, "rise_db": 4.5}
    assert "fm_another_carrier" in after(renewed | {"sinr_db": 35.0})
    assert "fm_louder" not in after(renewed | {"sinr_db": 35.0})
    assert after(renewed | {"sinr_db": 3.0})["fm_louder"] == 10.0
    assert after({"carrier_hz": 300.0, "rise_db": 9.0, "sinr_db": 35.0})["fm_louder"] == 14.0


def test_loudness_counts_only_where_the_others_did_not_rise_too():
    assert after({"rise_db": 5.0, "sinr_db": 3.5})["fm_louder"] == 10.0
    assert "fm_louder" not in after({"rise_db": 2.0, "sinr_db": 3.5})
    rng = np.random.default_rng(3)
    history, now_ns, lo_ppm = learnt(rng)
    louder = [msgspec.structs.replace(s, level_dbfs=s.level_dbfs + 10.0) for s in look(rng, lo_ppm=lo_ppm)]
    _, found = step(history, tuple(louder), now_ns + EVERY_S * SECOND)
    assert found == ()  # the receiver's gain was changed


def test_another_injection_is_another_coder():
    assert after({"rds_deviation_hz": 3500.0}) == {"fm_other_modulation": 7.0}
    assert after({"rds_deviation_hz": 2500.0}) == {}


def test_a_coder_that_restarts_with_its_factory_pi_is_the_same_transmitter():
    found = after({"pi": 0x1000})
    assert found["fm_pi_mismatch"] == 15.0
    assert found["fm_same_transmitter"] == -25.0
    assert sum(found.values()) < 15.0


def test_who_says_another_pi_by_another_oscillator_or_louder_is_not_the_same_transmitter():
    assert "fm_same_transmitter" not in after({"pi": 0x4999, "pilot_mhz": 10.0})
    assert "fm_same_transmitter" not in after({"pi": 0x4999, "rise_db": 6.0})
    assert "fm_same_transmitter" not in after({"pi": 0x4999, "carrier_hz": 600.0})


def test_a_second_pi_within_the_look_is_a_mismatch_before_it_has_most_of_the_groups():
    assert after({"pi_others": (0x4999,)})["fm_pi_mismatch"] == 10.0
    assert "fm_pi_mismatch" not in after({"pi_others": (0x8211, 0)})  # a regional variant and a coder's zeros


def test_without_other_stations_the_sensors_own_error_accuses_nobody():
    rng = np.random.default_rng(4)
    history, now_ns = SiteHistory(), DAY
    for _ in range(20):
        now_ns += EVERY_S * SECOND
        history, _ = step(history, look(rng, lo_ppm=0.0)[:1], now_ns)
    _, found = step(history, look(rng, lo_ppm=8.0)[:1], now_ns + EVERY_S * SECOND)
    assert names(found) == {}


def test_a_channel_of_two_licensed_transmitters_weighs_little():
    second = FmLicence(freq_hz=LICENCES.fm[0].freq_hz, name="next town", pi=0x8111)
    both = msgspec.structs.replace(LICENCES, fm=(*LICENCES.fm, second))
    assert after({"carrier_hz": 700.0}, licences=both)["fm_another_carrier"] == 6.0


def test_a_reserve_transmitter_is_known_after_days_and_its_return_is_no_news():
    rng = np.random.default_rng(5)
    history, now_ns, lo_ppm = learnt(rng)
    reserve, seen = {"carrier_hz": 100.0, "pilot_mhz": -15.0, "rise_db": -3.0}, []
    for _ in range(120):
        now_ns += 3600 * SECOND
        history, found = step(history, look(rng, lo_ppm=lo_ppm, first=reserve), now_ns)
        seen.append(bool(names(found)))
    assert seen[0]
    assert not seen[-1]
    history, found = step(history, look(rng, lo_ppm=lo_ppm), now_ns + 60 * SECOND)
    assert names(found) == {}


def test_what_is_doubted_is_never_learnt():
    rng = np.random.default_rng(6)
    history, now_ns, lo_ppm = learnt(rng)
    pirate = {"carrier_hz": 900.0, "rise_db": 9.0, "rds_groups": 0, "pi": None, "pi_groups": 0}
    for _ in range(150):
        now_ns += 3600 * SECOND
        history, found = step(history, look(rng, lo_ppm=lo_ppm, first=pirate), now_ns)
    assert names(found)["fm_another_carrier"] == 20.0
