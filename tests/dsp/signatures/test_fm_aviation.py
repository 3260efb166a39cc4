"""Unlicensed carriers and aviation: products, skirts and emissions inside 108 to 137 MHz; and what only looks alike."""

from typing import Any

import msgspec
import pytest

from dsp.fm.aeronautical import AeronauticalFrequency, Service
from dsp.fm.values import FmStation
from dsp.signatures.finding import Finding
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.registry import judge_fm
from shell.words import finding as words
from tests.dsp.signatures.made import SECOND, plain, station

LOCALIZER = AeronauticalFrequency(freq_hz=108.3e6, name="RWY 18", kind=Service.ILS)
TOWER = AeronauticalFrequency(freq_hz=118.1e6, name="Tower", kind=Service.COM)
LICENSED = (FmLicence(freq_hz=101.5e6, name="City FM"), FmLicence(freq_hz=103.2e6, name="Music"))
LICENCES = Licences(fm=LICENSED, aviation=(LOCALIZER, TOWER))


def found(heard: tuple[FmStation, ...], name: str, licences: Licences = LICENCES, **options: Any) -> Finding | None:
    """About the first of the look."""
    history = options.get("history", SiteHistory())
    findings = judge_fm(heard, history, licences, now_ns=options.get("now_ns", 0))
    return next((f for f in findings if f.about == 0 and f.name == name), None)


def test_an_unlicensed_carrier_in_a_product_on_a_localizer_is_said_with_all_its_numbers():
    said = found((plain(104.9), station(101.5)), "fm_aviation")
    assert said is not None
    assert (said.weight_db, said.variant) == (0.0, "B1")
    assert said.evidence["product"] == "2 × 104.90 − 101.50"
    assert (said.evidence["victim"], said.evidence["offset_khz"], said.evidence["victims"]) == ("RWY 18", 0, 1)
    for language in ("zh", "en"):
        told = words("fm_aviation", "what", said.evidence, language)
        assert "RWY 18" in told
        assert "108.300" in told
        assert "+0 kHz" in told


def test_three_stations_must_be_strong_to_be_blamed():
    strong = (plain(98.0), station(103.2), station(92.9, cnr_db=40.0))
    assert found(strong, "fm_aviation") is not None  # 98.0 + 103.2 − 92.9 = 108.3
    weak = (plain(98.0), station(103.2), station(92.9, cnr_db=25.0))
    assert found(weak, "fm_aviation") is None


def test_the_other_station_may_have_been_heard_in_another_window_some_minutes_ago():
    history = SiteHistory().with_look((station(101.5),), now_ns=SECOND)
    assert found((plain(104.9),), "fm_aviation", history=history, now_ns=100 * SECOND) is not None
    assert found((plain(104.9),), "fm_aviation", history=history, now_ns=2000 * SECOND) is None


def test_licensed_stations_a_missing_list_a_missing_table_and_a_product_elsewhere_are_innocent():
    both = (plain(104.9), station(101.5))
    licensed = msgspec.structs.replace(LICENCES, fm=(*LICENSED, FmLicence(freq_hz=104.9e6, name="Third")))
    assert found(both, "fm_aviation", licensed) is None
    assert found(both, "fm_aviation", msgspec.structs.replace(LICENCES, fm=())) is None
    assert found(both, "fm_aviation", msgspec.structs.replace(LICENCES, aviation=())) is None
    assert found((plain(104.7), station(101.5)), "fm_aviation") is None  # 107.9
    assert found((plain(104.9, cnr_db=8.0), station(101.5)), "fm_aviation") is None


def test_what_the_receiver_may_have_made_endangers_nobody():
    made = (plain(104.9, cnr_db=15.0), station(103.2, cnr_db=55.0), station(101.5, cnr_db=55.0))
    assert found(made, "fm_ghost") is not None  # 2 × 103.2 − 101.5
    assert found(made, "fm_aviation") is None


def test_a_carrier_beside_108_reaches_the_localizer_by_its_skirt():
    said = found((plain(108.0),), "fm_aviation")
    assert said is not None
    assert (said.variant, said.evidence["offset_khz"]) == ("A2", -300)


@pytest.mark.parametrize("mhz", [108.3, 113.0, 118.1, 136.9])
def test_broadcasting_inside_the_aeronautical_band_is_found_with_or_without_a_list(mhz: float):
    for licences in (LICENCES, Licences()):
        said = found((plain(mhz, occupied_hz=150e3),), "fm_in_aviation_band", licences)
        assert said is not None
        assert (said.weight_db, said.variant) == (30.0, "seen")
    reached = found((plain(mhz, occupied_hz=150e3),), "fm_in_aviation_band")
    assert reached is not None
    assert (reached.evidence["victim"] != "–") == (mhz in (108.3, 118.1))


def test_voices_lines_weak_ones_and_the_last_broadcast_channel_are_innocent():
    for heard in (
        plain(118.1, occupied_hz=9e3),
        plain(113.0, occupied_hz=22e3),
        plain(113.0, occupied_hz=150e3, cnr_db=9.0),
        plain(108.02, occupied_hz=150e3),
    ):
        assert found((heard,), "fm_in_aviation_band") is None


def test_a_product_of_strong_stations_in_this_receiver_weighs_little():
    history = SiteHistory().with_look((station(101.5, cnr_db=55.0), station(104.9, cnr_db=55.0)), now_ns=SECOND)
    heard = (plain(108.3, occupied_hz=180e3, cnr_db=20.0),)
    said = found(heard, "fm_in_aviation_band", history=history, now_ns=10 * SECOND)
    assert said is not None
    assert (said.weight_db, said.variant) == (10.0, "may_be_own")
    louder = (plain(108.3, occupied_hz=180e3, cnr_db=35.0),)
    said = found(louder, "fm_in_aviation_band", history=history, now_ns=10 * SECOND)
    assert said is not None
    assert said.weight_db == 30.0
