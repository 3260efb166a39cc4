"""A level no licence explains: accused by calibrated sensors only, never for what terrain or gain explain."""

from typing import Any

import msgspec
import numpy as np
import pytest

from dsp.signatures.expected import Here, expected
from dsp.signatures.licences import FmLicence, Licences
from fusion.fm_level import NEAREST_M, HeardLevel, given
from fusion.judge import judge
from fusion.scene import FusionScene
from fusion.signatures import fm_above_licence
from fusion.signatures.registry import judge_together
from fusion.values import Emitter, Latest, Level, Rules, Sighting, StandingFinding
from shell import words
from tests.dsp.signatures.made import plain, station

NOW_NS = 1_790_000_000 * 10**9
LAT, LON = 30.6, 114.3
KM = 1.0 / 111.2  # degrees of latitude
STATIONS = tuple(
    FmLicence(
        freq_hz=mhz * 1e6, name=f"S{mhz}", pi=0x8000 + n, lat_deg=LAT + km * KM, lon_deg=LON, erp_w=1e3, height_m=150.0
    )
    for n, (mhz, km) in enumerate(((89.3, 30.0), (91.5, 12.0), (93.1, 20.0), (97.4, 8.0), (101.8, 40.0)))
)
TARGET = STATIONS[0]
FAR = msgspec.structs.replace(TARGET, lat_deg=LAT + 350 * KM, erp_w=100.0)  # −134 dBm, sigma 12
PIRATE_DBM = -8.0  # 100 W at 250 m in free space


def usual_dbm(licence: FmLicence) -> float:
    level = expected(licence, Here(lat_deg=LAT, lon_deg=LON)).level_dbm
    assert level is not None
    return level


def sighting(sensor: str, level_dbm: float | None, sigma_db: float | None = 2.0, seq: int = 1) -> Sighting:
    return Sighting(
        sensor=sensor,
        boot="0",
        seq=seq,
        time_utc_ns=NOW_NS - seq * 10**9,
        lat_deg=LAT,
        lon_deg=LON,
        position_sigma_m=5.0,
        level_dbm=level_dbm,
        cnr_db=40.0,
        level_sigma_db=sigma_db,
    )


def heard(licence: FmLicence, level_dbm: float | None, *, looks: int = 3, named: bool = True, **fields: Any) -> Emitter:
    mhz = licence.freq_hz / 1e6
    said = station(mhz, pi=licence.pi) if named else plain(mhz)
    values = {
        "id": licence.name,
        "service": "fm",
        "freq_hz": licence.freq_hz,
        "pi": said.pi,
        "licensed": True,
        "first_seen_utc_ns": NOW_NS,
        "last_seen_utc_ns": NOW_NS,
        "latest": (Latest(sensor="a", time_utc_ns=NOW_NS, heard=said, looks=looks),),
        "sightings": tuple(sighting("a", level_dbm, seq=n) for n in range(looks, 0, -1)),
    }
    return Emitter(**(values | fields))


def town(gain_db: float = 0.0) -> list[Emitter]:
    return [heard(each, usual_dbm(each) + gain_db) for each in STATIONS[1:]]


def scene(emitters: list[Emitter], licences: tuple[FmLicence, ...] = STATIONS, **rules: Any) -> FusionScene:
    return FusionScene({e.id: e for e in emitters}, Rules(licences=Licences(fm=licences), **rules), NOW_NS)


def said(suspect: Emitter, others: list[Emitter], licences: tuple[FmLicence, ...] = STATIONS, **rules: Any):
    return fm_above_licence.judge(suspect, scene([suspect, *others], licences, **rules))


def test_what_is_far_over_free_space_is_louder_than_the_licence_can_be():
    finding = said(heard(TARGET, PIRATE_DBM), town())
    assert (finding.variant, finding.weight_db, finding.baseline_n) == ("louder", 15.0, 4)
    assert finding.evidence["over_db"] == pytest.approx(PIRATE_DBM - usual_dbm(TARGET), abs=0.2)
    assert finding.evidence["free_space_dbm"] == pytest.approx(30 + 32.15 - 101.0, abs=0.3)  # P.525 at 30 km
    for language in words.LANGUAGES:
        assert "-8 dBm" in words.finding(finding.name, "what", finding.evidence, language)


def test_by_itself_it_is_a_fault_and_a_note_and_beside_another_pi_it_supports_a_hijack():
    suspect = heard(TARGET, PIRATE_DBM)
    (found,) = [f for f in judge_together(suspect, scene([suspect, *town()])) if f.name == "fm_above_licence"]
    alone = StandingFinding(finding=found, sensor=None, first_utc_ns=0, last_utc_ns=300 * 10**9, times=9)
    verdict = judge(msgspec.structs.replace(suspect, findings=(alone,)))
    assert (verdict.kind, verdict.level) == ("fault_fm", Level.NOTE)
    other = msgspec.structs.replace(alone, sensor="a", finding=msgspec.structs.replace(found, name="fm_louder"))
    piled = msgspec.structs.replace(suspect, findings=(alone, other))
    assert judge(piled).level == Level.NOTE
    taken = heard(TARGET, PIRATE_DBM, licensed=False, pi=0x7777)
    finding = said(taken, town())
    assert (finding.variant, finding.weight_db) == ("louder", 15.0)
    standing = msgspec.structs.replace(alone, finding=finding)
    assert judge(msgspec.structs.replace(taken, findings=(standing,))).kind == "hijack_fm"


def test_a_station_that_cannot_be_heard_here_is_told_unless_its_pi_names_it():
    listed = (FAR, *STATIONS[1:])
    finding = said(heard(FAR, -85.0, named=False), town(), listed)
    assert (finding.variant, finding.weight_db) == ("afar", 3.0)
    assert said(heard(FAR, -85.0), town(), listed) is None  # an opening brings the station itself


def test_a_line_of_sight_in_the_mountains_accuses_nobody():
    free_space_dbm = 30 + 32.15 - 101.0
    assert said(heard(TARGET, free_space_dbm + 6.0), town()) is None
    assert said(heard(TARGET, free_space_dbm + 6.0, named=False), town()) is None


def test_an_uncalibrated_sensor_accuses_nobody_however_loud():
    assert said(heard(TARGET, None), town()) is None
    deaf = heard(TARGET, PIRATE_DBM, sightings=tuple(sighting("a", PIRATE_DBM, 12.0, seq=n) for n in (2, 1)))
    assert said(deaf, town()) is None  # its own sigma covers it


def test_a_sensor_whose_gain_is_wrong_accuses_nobody_but_hears_a_pirate_still():
    assert said(heard(TARGET, usual_dbm(TARGET) + 45.0), town(gain_db=45.0)) is None
    assert said(heard(TARGET, PIRATE_DBM + 10.0), town(gain_db=10.0)).variant == "louder"
    assert said(heard(TARGET, PIRATE_DBM), town(gain_db=-25.0)).variant == "louder"


def test_nothing_is_said_with_too_little_to_go_by():
    suspect = heard(TARGET, PIRATE_DBM)
    placeless = (msgspec.structs.replace(TARGET, erp_w=None), *STATIONS[1:])
    second = msgspec.structs.replace(TARGET, name="elsewhere", lat_deg=None)
    assert said(suspect, town()[:2]) is None  # two stations teach no gain
    assert said(heard(TARGET, PIRATE_DBM, looks=1), town()) is None
    assert said(suspect, town(), placeless) is None
    assert said(suspect, town(), (msgspec.structs.replace(TARGET, erp_w=-3.0), *STATIONS[1:])) is None
    assert said(suspect, town(), (second, *STATIONS)) is None
    assert said(suspect, town(), left_out={"a": "moved"}) is None
    assert said(msgspec.structs.replace(suspect, licensed=None), town()) is None


def test_beside_the_mast_a_wrong_place_in_the_list_would_be_all_that_is_measured():
    beside = HeardLevel("a", LAT, LON, -5.0, 2.0)
    near = msgspec.structs.replace(TARGET, lat_deg=LAT + 0.9 * NEAREST_M / 1e3 * KM)
    assert given([near], beside) is None
    assert said(heard(near, 0.0), town(), (near, *STATIONS[1:])) is None


def test_synchronised_transmitters_are_judged_by_the_nearest_of_them():
    near = msgspec.structs.replace(TARGET, name="S near", lat_deg=LAT - 3 * KM)
    assert said(heard(TARGET, -12.0), town()) is not None
    assert said(heard(TARGET, -12.0), town(), (near, *STATIONS)) is None


def test_of_lawful_levels_scattered_as_the_model_says_less_than_three_in_a_thousand_are_accused():
    chance, others = np.random.default_rng(5), town()
    draws = chance.normal(usual_dbm(TARGET), 13.0, 1000)  # sigma of mountains
    accused = [level for level in draws if said(heard(TARGET, float(level)), others) is not None]
    assert len(accused) <= 3
