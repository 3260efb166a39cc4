from typing import Any

import msgspec

from dsp.fm.values import FmStation
from dsp.signatures.history import SiteHistory
from dsp.signatures.licences import FmLicence, Licences
from dsp.signatures.registry import judge_fm
from tests.dsp.signatures.made import LICENCES, SECOND, fm_names, plain, station


def alone(heard: FmStation, **options: Any) -> dict[str, float]:
    return fm_names((heard,), 0, **options)


def after(looks: list[tuple[FmStation, ...]], licences: Licences = LICENCES) -> dict[str, float]:
    """Findings about the first station of the last look."""
    history, found = SiteHistory(), ()
    for number, stations in enumerate(looks):
        found = judge_fm(stations, history, licences, now_ns=number * 10 * SECOND)
        history = history.with_look(stations, now_ns=number * 10 * SECOND, findings=found)
    return {f.name: f.weight_db for f in found if f.about == 0}


def test_a_carrier_between_licensed_channels_is_unlicensed():
    assert alone(plain(98.3))["fm_unlicensed"] == 30.0
    assert alone(plain(98.3, cnr_db=8.0))["fm_unlicensed"] == 10.0


def test_a_licensed_station_read_49_khz_off_a_weak_one_and_a_missing_list_are_innocent():
    assert "fm_unlicensed" not in alone(station(93.1 + 0.049))
    assert "fm_unlicensed" not in alone(plain(98.3, cnr_db=4.0))
    assert "fm_unlicensed" not in alone(plain(98.3), licences=Licences())


def test_the_skirt_of_a_strong_station_weighs_little():
    assert fm_names((plain(93.3, cnr_db=14.0), station(93.1, cnr_db=55.0)), 0)["fm_unlicensed"] == 10.0


def test_another_identification_on_a_licensed_channel_is_a_mismatch():
    assert alone(station(93.1, pi=0x8999))["fm_pi_mismatch"] == 15.0


def test_regional_variants_single_groups_and_nought_are_innocent():
    assert "fm_pi_mismatch" not in alone(station(93.1, pi=0x8531))
    assert "fm_pi_mismatch" not in alone(station(93.1, pi=0x8999, pi_groups=2))
    assert "fm_pi_mismatch" not in alone(station(93.1, pi=0x0000))
    assert "fm_pi_mismatch" not in alone(station(93.1, pi=0x8231))


def test_a_second_station_of_the_channel_whose_pi_nobody_listed_may_be_the_one_heard():
    both = Licences(fm=(*LICENCES.fm, FmLicence(freq_hz=93.1e6, name="next town")))
    assert "fm_pi_mismatch" not in alone(station(93.1, pi=0x8999), licences=both)


def test_an_encoders_default_is_named_unless_it_is_licensed():
    assert alone(station(98.3, pi=0x1234))["fm_default_pi"] == 6.0
    licensed = Licences(fm=(FmLicence(freq_hz=98.3e6, name="odd", pi=0x1234),))
    assert "fm_default_pi" not in alone(station(98.3, pi=0x1234), licences=licensed)


def test_a_telephone_number_in_the_radio_text_of_an_unlicensed_carrier_is_found():
    assert alone(station(98.3, rt="CALL 400-820-8820 NOW"))["fm_contact_number"] == 10.0
    assert alone(station(98.3, ps="13812345", pi=None))["fm_contact_number"] == 10.0


def test_frequencies_years_and_times_are_no_telephone_numbers():
    for text in ("FM 93.1 since 1998", "news at 18:30", "6020 kHz", "88.5 101.2 MHz"):
        assert "fm_contact_number" not in alone(station(98.3, rt=text)), text
    assert alone(station(93.1, rt="call 400-820-8820"))["fm_contact_number"] == 3.0  # a licensed phone-in


def test_two_identifications_in_turns_at_one_sensor_are_two_transmitters():
    assert after([(station(93.1),), (station(93.1, pi=0x4999),)])["fm_pi_alternates"] == 14.0


def test_a_moving_sensor_between_two_licensed_stations_and_regional_variants_are_innocent():
    both = Licences(fm=(*LICENCES.fm, FmLicence(freq_hz=93.1e6, name="next town", pi=0x4999)))
    assert "fm_pi_alternates" not in after([(station(93.1),), (station(93.1, pi=0x4999),)], both)
    assert "fm_pi_alternates" not in after([(station(93.1),), (station(93.1, pi=0x8531),)])
    assert "fm_pi_alternates" not in after([(station(93.1),)] * 4)


def test_a_clear_channel_without_its_pilot_and_rds_is_missing_them():
    assert alone(plain(93.1))["fm_signal_missing"] == 10.0


def test_a_weak_signal_a_mono_licence_and_a_short_look_are_innocent():
    assert "fm_signal_missing" not in alone(plain(93.1, cnr_db=15.0))
    assert "fm_signal_missing" not in alone(plain(93.1, seconds=0.2))
    mono = Licences(fm=(FmLicence(freq_hz=93.1e6, name="mono", stereo=False, rds=False),))
    assert "fm_signal_missing" not in alone(plain(93.1), licences=mono)


def test_where_the_licence_is_silent_the_past_decides():
    silent = Licences(fm=(FmLicence(freq_hz=93.1e6, name="silent"),))
    assert "fm_signal_missing" not in after([(plain(93.1),)] * 5, silent)
    assert "fm_signal_missing" in after([(station(93.1),)] * 4 + [(plain(93.1),)], silent)


def on_channel(error_hz: float, ppm: float = 20.0) -> tuple[FmStation, ...]:
    """All licensed stations by a sensor whose oscillator is off; the first is off besides."""
    true = [station(each.freq_hz / 1e6, pi=each.pi) for each in LICENCES.fm]
    moved = [msgspec.structs.replace(s, freq_hz=s.freq_hz * (1 + ppm * 1e-6)) for s in true]
    return (msgspec.structs.replace(moved[0], freq_hz=moved[0].freq_hz + error_hz), *moved[1:])


def test_a_carrier_5_khz_off_is_a_fault_whatever_the_sensors_own_error():
    assert fm_names(on_channel(5000.0), 0)["fm_frequency_error"] == 15.0
    assert "fm_frequency_error" not in fm_names(on_channel(1500.0), 0)
    assert "fm_frequency_error" not in fm_names(on_channel(0.0, ppm=80.0), 0)


def test_one_station_alone_cannot_be_told_from_the_sensors_error():
    assert "fm_frequency_error" not in fm_names(on_channel(5000.0)[:2], 0)


def test_three_looks_of_over_deviation_are_a_fault_and_one_is_none():
    loud = (station(93.1, deviation_hz=110e3),)
    assert "fm_over_deviation" not in after([loud])
    assert after([loud] * 3)["fm_over_deviation"] == 15.0
    assert "fm_over_deviation" not in after([(station(93.1),)] * 5 + [loud] * 3)
    assert "fm_over_deviation" not in after([(station(93.1, deviation_hz=110e3, cnr_db=18.0),)] * 4)


def test_a_carrier_where_two_strong_stations_intermodulate_may_be_a_ghost():
    strong = (station(99.0, cnr_db=60.0), station(98.6, cnr_db=60.0))
    assert fm_names((plain(98.2, cnr_db=20.0), *strong), 0)["fm_ghost"] == -15.0
    assert "fm_ghost" not in fm_names((plain(98.3, cnr_db=20.0), *strong), 0)
    assert "fm_ghost" not in fm_names((plain(98.2, cnr_db=45.0), *strong), 0)
